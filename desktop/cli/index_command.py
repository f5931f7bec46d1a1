"""`carrel index`: read files and folders into a collection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from desktop.assistant.events import JobId
from desktop.assistant.waiting import result_of
from desktop.cli.contract import index_document
from desktop.cli.options import AsJson, CollectionName, DataDir
from desktop.cli.session import STOPPED, Session, one_line, session
from desktop.domain.documents import DocumentIndexed, DocumentStatus, IndexProgress, IndexReport

WELL = {DocumentStatus.READY, DocumentStatus.UNCHANGED}


def index(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    collection: CollectionName,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Read files and folders into a collection; what is unchanged is not read again."""
    with session(context, data_dir, as_json) as opened:
        absolute = [path.absolute() for path in paths]
        report = run_index(opened, opened.assistant.library.index(absolute, collection))
        if opened.json:
            opened.print_json(index_document(report))
        else:
            _print_report(opened, report)
        if report.stopped:
            opened.note("carrel: stopped; finished files are kept. The same command goes on.")
            raise typer.Exit(STOPPED)
        if report.files and all(file.status is DocumentStatus.FAILED for file in report.files):
            opened.note(f"carrel: no file could be read. {report.files[0].error}")
            raise typer.Exit(1)


def run_index(opened: Session, job: JobId) -> IndexReport:
    """Show an indexing job's progress on standard error and return its report."""
    closing: object = None
    with _progress_bar(opened) as bar:
        task = bar.add_task("Reading", total=None, detail="")
        for body in opened.bodies(job):
            closing = body
            if isinstance(body, IndexProgress):
                detail = f"{body.chunks_done:,} passages, {body.pages_per_second:.1f} pages/s"
                bar.update(task, total=body.files_total, completed=body.files_done, detail=detail)
            elif isinstance(body, DocumentIndexed) and body.outcome.status not in WELL:
                opened.note(f"{body.outcome.path}: {body.outcome.error}")
    report = result_of(closing)
    assert isinstance(report, IndexReport)
    return report


def _progress_bar(opened: Session) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeRemainingColumn(),
        console=opened.progress,
        disable=not opened.progress.is_terminal,
    )


def _print_report(opened: Session, report: IndexReport) -> None:
    for file in report.files:
        place = f"{file.pages} pages, {file.chunks} passages" if file.chunks else file.error
        opened.print_line(one_line(f"{file.status:15} {file.path}  {place}"))
    counts = ", ".join(f"{number} {status}" for status, number in report.counts.items())
    opened.print_line(
        f"{report.collection}: {counts or 'no files found'}; "
        f"{report.seconds:.1f} s, {report.pages_per_second:.1f} pages a second"
    )
