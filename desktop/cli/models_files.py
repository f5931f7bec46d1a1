"""`carrel models import`, `verify`, `remove`, `rename`, `approve`, `withdraw`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desktop.assistant.sentences import sentence_for
from desktop.cli.contract import model_document
from desktop.cli.job_progress import followed
from desktop.cli.model_ids import ModelId, all_entries, known
from desktop.cli.models_words import summary
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Session, one_line, session
from desktop.domain.licences import LicenceKind
from desktop.domain.model_errors import ModelError
from desktop.domain.models import ModelEntry


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE_OR_FOLDER")],
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Use the file where it lies; copy nothing.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Check a model file or an embedding folder, copy it in, try it in a throwaway process."""
    with session(context, data_dir, as_json) as opened:
        models = opened.assistant.models
        before = {entry.id for entry in all_entries(models)}
        entry = _entry(followed(opened, models.files.import_file(file.absolute(), in_place)))
        show_entry(opened, entry)
        if entry.id in before:
            opened.note("These bytes were in the register already; nothing was added.")
        terms = models.register.licence(entry.id)
        if terms.kind in (LicenceKind.LIMITS, LicenceKind.UNKNOWN):
            for line in (terms.use, *terms.limits):
                opened.note(f"Licence ({terms.name}): {line}")


def verify(
    context: typer.Context,
    model_id: Annotated[str | None, typer.Argument(metavar="ID")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every model in the register.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Hash a model's file again and compare; what is found is kept in its history."""
    if (model_id is None) != every:
        raise typer.BadParameter("Give the ID of a model, or --all.")
    with session(context, data_dir, as_json) as opened:
        files = opened.assistant.models.files
        if model_id is not None:
            show_entry(opened, _entry(followed(opened, files.verify(model_id))))
        else:
            _verify_all(opened)


def remove(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Take an imported model out of the register and delete its copy; its history stays."""
    with session(context, data_dir, as_json) as opened:
        show_entry(opened, _entry(opened.result(opened.assistant.models.files.remove(model_id))))


def rename(
    context: typer.Context,
    model_id: ModelId,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show a model under another name; its ID stays."""
    with session(context, data_dir, as_json) as opened:
        show_entry(opened, opened.assistant.models.register.rename(model_id, name))


def approve(
    context: typer.Context,
    model_id: ModelId,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why, for what.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Note that you allow a model, with your name and the time."""
    with session(context, data_dir, as_json) as opened:
        show_entry(opened, opened.assistant.models.register.approve(model_id, note))


def withdraw(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Take the approval of a model back."""
    with session(context, data_dir, as_json) as opened:
        show_entry(opened, opened.assistant.models.register.withdraw_approval(model_id))


def show_entry(opened: Session, entry: ModelEntry) -> None:
    """Print a model's entry, in one line or as JSON."""
    if opened.json:
        opened.print_json(model_document(entry))
    else:
        opened.print_line(one_line(summary(entry)))


def _verify_all(opened: Session) -> None:
    """One model that is damaged keeps no other from being looked at."""
    models = opened.assistant.models
    failed = 0
    rows: list[dict[str, object]] = []
    for entry in (entry for entry in all_entries(models) if entry.path):
        try:
            found = _entry(followed(opened, models.files.verify(entry.id)))
        except ModelError as error:
            failed += 1
            opened.note(f"carrel: {sentence_for(error).line}")
            found = known(models, entry.id)
        rows.append(model_document(found))
        if not opened.json:
            opened.print_line(one_line(summary(found)))
    if opened.json:
        opened.print_json(rows)
    if failed:
        raise typer.Exit(1)


def _entry(result: object) -> ModelEntry:
    assert isinstance(result, ModelEntry)
    return result
