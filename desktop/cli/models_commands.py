"""`carrel models`: the model register."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from desktop.assistant.events import JobId
from desktop.assistant.waiting import result_of
from desktop.cli.contract import model_document
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Session, session
from desktop.domain.models import ImportProgress, ModelEntry

ModelId = Annotated[str, typer.Argument(metavar="ID")]


def models() -> typer.Typer:
    """Build the group."""
    group = typer.Typer(help="List, import, verify and remove models.", no_args_is_help=True)
    group.command("list")(list_all)
    group.command("import")(import_file)
    group.command("verify")(verify)
    group.command("remove")(remove)
    return group


def list_all(context: typer.Context, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List the models in the register."""
    with session(context, data_dir, as_json) as opened:
        entries = opened.assistant.models.entries()
        if opened.json:
            opened.print_json([model_document(entry) for entry in entries])
            return
        for entry in entries:
            opened.print_line(_summary(entry))


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Check a GGUF file, copy it in and try it in a throwaway process."""
    with session(context, data_dir, as_json) as opened:
        _show(opened, _followed(opened, opened.assistant.models.import_file(file.absolute())))


def verify(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Hash a model's file again and compare."""
    with session(context, data_dir, as_json) as opened:
        _show(opened, _followed(opened, opened.assistant.models.verify(model_id)))


def remove(
    context: typer.Context, model_id: ModelId, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Take an imported model out of the register and delete its copy."""
    with session(context, data_dir, as_json) as opened:
        _show(opened, opened.result(opened.assistant.models.remove(model_id)))


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


def _summary(entry: ModelEntry) -> str:
    return (
        f"{entry.id}: {entry.name}, {entry.quantization}, {entry.size_bytes / 1e6:.0f} MB, "
        f"context {entry.context_tokens:,}, {entry.licence or 'licence not stated'}, "
        f"{entry.status}, SHA-256 {entry.sha256[:12]}…"
    )
