"""A model job's progress on standard error: how far, how fast, how long still."""

from __future__ import annotations

from collections.abc import Iterator

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from desktop.assistant.events import (
    ComparedEvent,
    EngineFellBack,
    JobId,
    ModelLoading,
    ModelLoadProgress,
    ModelReturned,
)
from desktop.assistant.waiting import result_of
from desktop.cli.session import Session
from desktop.domain.answers import AnswerPiece, PromptRead
from desktop.domain.models import ImportProgress, SpeedProgress

_STEPS = {
    "checking": "Checking",
    "hashing": "Computing the checksum",
    "copying": "Copying",
    "trying": "Trying it in a process of its own",
}


def followed(opened: Session, job: JobId) -> object:
    """Show a job's progress where a person looks on, and return its value; raises its error."""
    closing: object = None
    with _bar(opened) as bar:
        task = bar.add_task("Waiting", total=None, detail="")
        for body in opened.bodies(job):
            closing = body
            for line in _notes(body):
                opened.note(line)
            _show(bar, task, body.body if isinstance(body, ComparedEvent) else body)
    return result_of(closing)


def _bar(opened: Session) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[detail]}"),
        TimeRemainingColumn(),
        console=opened.progress,
        disable=not opened.progress.is_terminal,
    )


def _show(bar: Progress, task: TaskID, body: object) -> None:
    if isinstance(body, ImportProgress):
        _show_bytes(bar, task, body)
    elif isinstance(body, ModelLoading):
        bar.update(task, description="Loading", total=1.0, completed=0.0, detail="")
    elif isinstance(body, ModelLoadProgress):
        bar.update(task, completed=body.fraction, detail=f"{body.fraction:.0%}")
    elif isinstance(body, SpeedProgress):
        speeds = f"reads {body.reading_speed:.0f}, writes {body.writing_speed:.0f} tokens/s"
        detail = speeds if body.run else f"{body.runs} runs"
        _restart(bar, task, "Measuring", body.runs)
        bar.update(task, completed=body.run, detail=detail)
    elif isinstance(body, PromptRead):
        _restart(bar, task, "Reading the question", body.tokens_total)
        bar.update(
            task,
            completed=body.tokens_done,
            detail=f"{body.tokens_done:,} of {body.tokens_total:,} tokens",
        )
    elif isinstance(body, AnswerPiece):
        bar.update(task, description="Writing", total=None, detail="")


def _show_bytes(bar: Progress, task: TaskID, body: ImportProgress) -> None:
    _restart(bar, task, _STEPS.get(body.step, body.step), body.bytes_total)
    pace = f", {body.bytes_per_second / 1e6:,.0f} MB/s" if body.bytes_per_second else ""
    detail = f"{body.bytes_done / 1e6:,.0f} of {body.bytes_total / 1e6:,.0f} MB{pace}"
    bar.update(task, completed=body.bytes_done, detail=detail)


def _restart(bar: Progress, task: TaskID, description: str, total: float) -> None:
    """A step of its own has a pace of its own."""
    if bar.tasks[0].description != description:
        bar.reset(task, description=description, total=total, completed=0, detail="")


def _notes(body: object) -> Iterator[str]:
    if isinstance(body, EngineFellBack):
        yield f"{body.model_id} runs on the processor: {body.reason}"
    elif isinstance(body, ModelReturned):
        yield f"{body.failed_id} could not be loaded; {body.entry.id} is back in its place."
