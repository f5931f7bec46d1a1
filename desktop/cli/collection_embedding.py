"""`carrel collections reembed`: another embedding model for what was read already."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import Progress

from desktop.assistant.events import JobId
from desktop.assistant.waiting import result_of
from desktop.cli.contract import collection_document
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Session, session
from desktop.domain.models import EmbeddingProgress

Name = Annotated[str, typer.Argument(metavar="NAME")]


def reembed(
    context: typer.Context, name: Name, data_dir: DataDir = None, as_json: AsJson = False
) -> None:
    """Embed a collection with the embedding model in use; it can be searched meanwhile."""
    with session(context, data_dir, as_json) as opened:
        collection = opened.assistant.library.collection(name)
        _follow_embedding(opened, opened.assistant.library.reembed(collection.name))
        if opened.json:
            opened.print_json({"embedded": collection_document(collection)})
        else:
            used = opened.assistant.models.searching.embedder()
            opened.print_line(f"{collection.name} is searched with {used.name}, {used.precision}.")


def _follow_embedding(opened: Session, job: JobId) -> None:
    closing: object = None
    quiet = not opened.progress.is_terminal
    with Progress(console=opened.progress, disable=quiet) as bar:
        task = bar.add_task("Embedding", total=None)
        for body in opened.bodies(job):
            closing = body
            if isinstance(body, EmbeddingProgress):
                bar.update(task, total=body.chunks_total, completed=body.chunks_done)
    result_of(closing)
