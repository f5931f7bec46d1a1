"""`carrel models folder`: the folder in which new model files are looked for."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from desktop.cli.contract import model_document
from desktop.cli.job_progress import followed
from desktop.cli.models_words import file_size, summary
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Session, one_line, session
from desktop.domain.models import ModelEntry, NewModelFile
from desktop.domain.settings import ModelSettings


def folder(
    context: typer.Context,
    path: Annotated[Path | None, typer.Argument(metavar="DIR")] = None,
    import_new: Annotated[
        bool | None,
        typer.Option("--import/--ask", help="Import what is new there, or only say that it is."),
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Watch no folder any more.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Look for new models in the watched folder; DIR makes it the one that is watched.

    A file that was changed within the last minute may still be on its way and is left for later.
    """
    if forget and (path is not None or import_new is not None):
        raise typer.BadParameter("Give a folder and how to use it, or --forget.")
    if path is not None and not path.is_dir():
        raise typer.BadParameter(f"{path} is no folder.")
    with session(context, data_dir, as_json) as opened:
        preferences = opened.assistant.preferences
        before = preferences.settings()
        watched = _watched(before.models, path, import_new, forget)
        if watched != before.models:
            preferences.change(replace(before, models=watched))
        arrived = followed(opened, opened.assistant.models.files.look_for_new())
        assert isinstance(arrived, tuple)
        if opened.json:
            document = {**asdict(watched), "found": [_document(one) for one in arrived]}
            opened.print_json(document)
        else:
            _print(opened, watched, arrived)


def _watched(
    before: ModelSettings, path: Path | None, import_new: bool | None, forget: bool
) -> ModelSettings:
    if forget:
        return ModelSettings()
    folder = before.folder if path is None else str(path.absolute())
    return ModelSettings(folder, before.import_new if import_new is None else import_new)


def _print(
    opened: Session, watched: ModelSettings, arrived: tuple[ModelEntry | NewModelFile, ...]
) -> None:
    if not watched.folder:
        opened.print_line("No folder is watched.")
        return
    use = "what is new is imported" if watched.import_new else "what is new is only listed"
    opened.print_line(one_line(f"Watched: {watched.folder} ({use})"))
    for one in arrived:
        if isinstance(one, ModelEntry):
            opened.print_line(one_line(f"Imported {summary(one)}"))
        else:
            opened.print_line(
                one_line(f"New: {one.path} ({one.name}, {one.kind}, {file_size(one.size_bytes)})")
            )
    if not arrived:
        opened.print_line("Nothing new.")


def _document(one: ModelEntry | NewModelFile) -> dict[str, object]:
    if isinstance(one, ModelEntry):
        return {"imported": True, **model_document(one)}
    return {"imported": False, **asdict(one)}
