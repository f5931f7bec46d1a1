"""`carrel models`: the model register."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from desktop.assistant.events import JobId
from desktop.assistant.waiting import result_of
from desktop.cli.contract import model_document
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Session, session
from desktop.domain.models import EmbedderFacts, ImportProgress, ModelEntry, ModelKind

_INCLUDED = "included"
ModelId = Annotated[str, typer.Argument(metavar="ID")]


def models() -> typer.Typer:
    """Build the group."""
    group = typer.Typer(
        help="List, import, choose, verify and remove models.", no_args_is_help=True
    )
    group.command("list")(list_all)
    group.command("import")(import_file)
    group.command("use")(use)
    group.command("verify")(verify)
    group.command("remove")(remove)
    return group


def list_all(context: typer.Context, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the models in the register."""
    with session(context, data_dir, as_json) as opened:
        models = opened.assistant.models
        entries = [*models.register.entries(), *models.register.embedders()]
        if opened.json:
            opened.print_json([model_document(entry) for entry in entries])
            return
        for entry in entries:
            opened.print_line(_summary(entry))
        opened.print_line(_embedder_line(models.searching.embedder()))


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE_OR_FOLDER")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Check a GGUF file or an embedding folder, copy it in, try it in a throwaway process."""
    with session(context, data_dir, as_json) as opened:
        _show(opened, _followed(opened, opened.assistant.models.files.import_file(file.absolute())))


def use(
    context: typer.Context,
    model_id: Annotated[str, typer.Argument(metavar="ID", help="“included” is Carrel's own.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Embed with another embedding model from now on; `collections reembed` turns what is there."""
    with session(context, data_dir, as_json) as opened:
        facts = opened.assistant.models.searching.use_embedder(
            "" if model_id == _INCLUDED else model_id
        )
        if opened.json:
            opened.print_json(asdict(facts))
        else:
            opened.print_line(_embedder_line(facts))


def verify(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Hash a model's file again and compare."""
    with session(context, data_dir, as_json) as opened:
        _show(opened, _followed(opened, opened.assistant.models.files.verify(model_id)))


def remove(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Take an imported model out of the register and delete its copy."""
    with session(context, data_dir, as_json) as opened:
        _show(opened, opened.result(opened.assistant.models.files.remove(model_id)))


def _followed(opened: Session, job: JobId) -> ModelEntry:
    closing: object = None
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    quiet = not opened.progress.is_terminal
    with Progress(*columns, TimeRemainingColumn(), console=opened.progress, disable=quiet) as bar:
        task = bar.add_task("checking", total=None)
        for body in opened.bodies(job):
            closing = body
            if isinstance(body, ImportProgress):
                bar.update(
                    task,
                    description=body.step,
                    total=body.bytes_total,
                    completed=body.bytes_done,
                )
    entry = result_of(closing)
    assert isinstance(entry, ModelEntry)
    return entry


def _show(opened: Session, entry: ModelEntry) -> None:
    if opened.json:
        opened.print_json(model_document(entry))
    else:
        opened.print_line(_summary(entry))


def _embedder_line(facts: EmbedderFacts) -> str:
    return f"Embedding with {facts.name}: {facts.dimensions} dimensions, {facts.precision}"


def _summary(entry: ModelEntry) -> str:
    if entry.kind is ModelKind.EMBEDDER:
        return (
            f"{entry.id}: {entry.name}, embedding model, {entry.dimensions} dimensions, "
            f"{entry.size_bytes / 1e6:.0f} MB, {entry.status}, SHA-256 {entry.sha256[:12]}…"
        )
    return (
        f"{entry.id}: {entry.name}, {entry.quantization}, {entry.size_bytes / 1e6:.0f} MB, "
        f"context {entry.context_tokens:,}, {entry.licence or 'licence not stated'}, "
        f"{entry.status}, SHA-256 {entry.sha256[:12]}…"
    )
