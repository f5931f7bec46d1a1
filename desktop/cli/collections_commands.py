"""`carrel collections`: what is there, and taking it away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.collection_checks import repair, verify
from desktop.cli.collection_embedding import reembed
from desktop.cli.contract import collection_document, document_row
from desktop.cli.counted import counted
from desktop.cli.index_command import run_index, show_report
from desktop.cli.options import AsJson, DataDir, PasswordStdin
from desktop.cli.session import one_line, passwords_given, session
from desktop.domain.documents import Collection

Name = Annotated[str, typer.Argument(metavar="NAME")]


def collections() -> typer.Typer:
    """Build the group."""
    group = typer.Typer(help="List, show, rescan and remove collections.", no_args_is_help=True)
    group.command("list")(list_all)
    group.command("show")(show)
    group.command("reembed")(reembed)
    group.command("remove")(remove)
    group.command("verify")(verify)
    group.command("repair")(repair)
    group.command("rescan")(rescan)
    return group


def list_all(context: typer.Context, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the collections."""
    with session(context, data_dir, as_json) as opened:
        found = opened.assistant.library.collections()
        if opened.json:
            opened.print_json([collection_document(collection) for collection in found])
            return
        for collection in found:
            opened.print_line(_summary(collection))
        if not found:
            opened.print_line(
                "No collections yet; “carrel index PATH --collection NAME” makes one."
            )


def show(
    context: typer.Context, name: Name, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Show a collection's documents and their status."""
    with session(context, data_dir, as_json) as opened:
        collection = opened.assistant.library.collection(name)
        documents = opened.assistant.library.documents(collection.id)
        if opened.json:
            rows = [document_row(document) for document in documents]
            opened.print_json({**collection_document(collection), "files": rows})
            return
        opened.print_line(_summary(collection))
        for document in documents:
            said = document.error_detail or counted(document.chunks, "passage")
            name = Path(document.path).name
            opened.print_line(one_line(f"  {document.status:15} {name}  {said}"))


def remove(
    context: typer.Context, name: Name, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Remove a collection and all that was read into it; the files themselves stay."""
    with session(context, data_dir, as_json) as opened:
        collection = opened.assistant.library.collection(name)
        opened.result(opened.assistant.library.remove(collection.id))
        if opened.json:
            opened.print_json({"removed": collection_document(collection)})
        else:
            opened.print_line(f"Removed {collection.name}. The files themselves were not touched.")


def rescan(
    context: typer.Context,
    name: Name,
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Look through the folders that a collection follows; only what changed is read."""
    with session(context, data_dir, as_json) as opened:
        library = opened.assistant.library
        collection = library.collection(name)
        job = library.rescan(collection.id, passwords=passwords_given(password_stdin))
        show_report(opened, run_index(opened, job))


def _summary(collection: Collection) -> str:
    return (
        f"{collection.name}: {counted(collection.documents, 'file')} ({collection.ready} ready, "
        f"{collection.attention} need attention), {counted(collection.pages, 'page')}, "
        f"{counted(collection.chunks, 'passage')}"
    )
