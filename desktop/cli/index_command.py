"""`carrel index`: read files and folders into a collection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeGuard

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from desktop.assistant.events import JobId
from desktop.assistant.waiting import result_of
from desktop.cli.contract import index_document
from desktop.cli.counted import counted
from desktop.cli.options import AsJson, CollectionName, DataDir, PasswordStdin
from desktop.cli.session import STOPPED, Session, one_line, passwords_given, session
from desktop.domain.documents import (
    DocumentIndexed,
    DocumentStatus,
    FileOutcome,
    IndexProgress,
    IndexReport,
    IndexStage,
)

WELL = {DocumentStatus.READY, DocumentStatus.UNCHANGED}
_STAGES = {
    IndexStage.SCANNING: "Looking",
    IndexStage.READING: "Reading",
    IndexStage.RECOGNISING: "Recognising",
    IndexStage.SETTLING: "Checking",
}


Patterns = list[str] | None


def index(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    collection: CollectionName,
    include: Annotated[
        Patterns,
        typer.Option(metavar="PATTERN", help="Only such files: *.pdf, or letters/* below PATH."),
    ] = None,
    exclude: Annotated[
        Patterns, typer.Option(metavar="PATTERN", help="Leave out such files and folders.")
    ] = None,
    max_file_mb: Annotated[
        int, typer.Option(metavar="MB", min=0, help="Leave out larger files; 0 as in the settings.")
    ] = 0,
    password_stdin: PasswordStdin = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Read files and folders into a collection; what is unchanged is not read again."""
    with session(context, data_dir, as_json) as opened:
        job = opened.assistant.library.index(
            [path.absolute() for path in paths],
            collection,
            include=include or (),
            exclude=exclude or (),
            max_file_mb=max_file_mb,
            passwords=passwords_given(password_stdin),
        )
        show_report(opened, run_index(opened, job))


def show_report(opened: Session, report: IndexReport) -> None:
    """Print a report; exit code 1 where the run was stopped or no file could be read."""
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
                bar.update(
                    task,
                    total=body.files_total,
                    completed=body.files_done,
                    description=_STAGES[body.stage],
                    detail=_detail(body),
                )
            elif _needs_a_word(body):
                opened.note(f"{body.outcome.path}: {body.outcome.error}")
    report = result_of(closing)
    assert isinstance(report, IndexReport)
    return report


def _needs_a_word(body: object) -> TypeGuard[DocumentIndexed]:
    # A document without a reason will be dealt with later in this very run.
    if not isinstance(body, DocumentIndexed):
        return False
    return body.outcome.status not in WELL and bool(body.outcome.error)


def _detail(body: IndexProgress) -> str:
    if body.pages_total:
        return f"page {body.page} of {body.pages_total}"
    return f"{counted(body.chunks_done, 'passage')}, {body.pages_per_second:.1f} pages/s"


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
        place = _size(file) if file.chunks else file.error
        opened.print_line(one_line(f"{file.status:15} {file.path}  {place}"))
    for path in report.removed:
        opened.print_line(one_line(f"{'removed':15} {path}  the file is there no more"))
    counts = ", ".join(f"{number} {status}" for status, number in report.counts.items())
    opened.print_line(
        f"{report.collection}: {counts or 'no files found'}; "
        f"{report.seconds:.1f} s, {report.pages_per_second:.1f} pages a second"
    )


def _size(file: FileOutcome) -> str:
    return f"{counted(file.pages, 'page')}, {counted(file.chunks, 'passage')}"
