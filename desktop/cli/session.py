"""One command's conversation with the assistant: open, ask, show progress, close."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from desktop.assistant.events import JobId, Post
from desktop.assistant.facade import Assistant
from desktop.assistant.sentences import sentence_for
from desktop.assistant.waiting import EventQueue, JobBroke, result_of
from desktop.domain.errors import Cancelled, CarrelError

OpenAssistant = Callable[[Path | None, Post], Assistant]

STOPPED = 1


@dataclass(frozen=True)
class Invocation:
    """What the command line was started with; handed to every command as its context."""

    open_assistant: OpenAssistant
    open_window: Callable[[Path | None], int]
    data_dir: Path | None = None
    json: bool = False


@dataclass(frozen=True)
class Session:
    """The assistant, its events, and where output goes."""

    assistant: Assistant
    events: EventQueue
    json: bool
    progress: Console

    def bodies(self, job: JobId) -> Iterator[object]:
        """Yield a job's events; Ctrl C asks the job to stop, and it is heard out."""
        with _interrupt_means(lambda: self.assistant.cancel(job)):
            yield from self.events.bodies(job)

    def result(self, job: JobId) -> Any:
        """Return the job's value; raises its error."""
        return result_of(list(self.bodies(job))[-1])

    def print_json(self, document: object) -> None:
        """One JSON document on standard output; undecodable bytes in paths stay escaped."""
        sys.stdout.write(json.dumps(document, ensure_ascii=True) + "\n")
        sys.stdout.flush()

    def print_line(self, text: str = "") -> None:
        sys.stdout.write(printable(text) + "\n")

    def note(self, text: str) -> None:
        """A line on standard error, beside the output."""
        # Not cut to the terminal's width: a line is what scripts read, and paths are long.
        self.progress.print(one_line(text), markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def _interrupt_means(stop: Callable[[], None]) -> Iterator[None]:
    previous = signal.signal(signal.SIGINT, lambda _number, _frame: stop())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def printable(text: str) -> str:
    """`text` without what a terminal would refuse or obey."""
    safe = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in safe)


def one_line(text: str) -> str:
    """`text` as `printable` has it, in one line: a file's name may hold line breaks."""
    return printable(text).replace("\n", "\ufffd").replace("\t", "\ufffd")


def passwords_given(wanted: bool) -> tuple[str, ...]:
    """The lines of standard input, which nobody else sees, where they are wanted."""
    return tuple(line for line in sys.stdin.read().splitlines() if line) if wanted else ()


@contextlib.contextmanager
def session(context: typer.Context, data_dir: Path | None, as_json: bool) -> Iterator[Session]:
    """Open the assistant for one command and close it again; errors become one line and exit 1."""
    invocation: Invocation = context.obj
    events = EventQueue()
    progress = Console(stderr=True)
    with explained(progress):
        folder = data_dir or invocation.data_dir
        assistant = invocation.open_assistant(folder, events.post)
        try:
            yield Session(assistant, events, as_json or invocation.json, progress)
        finally:
            assistant.close()


@contextlib.contextmanager
def explained(progress: Console) -> Iterator[None]:
    """Turn what can go wrong into one line on standard error and exit code 1."""
    try:
        yield
    except CarrelError as error:
        _fail(progress, one_line(sentence_for(error).line))
    except Cancelled:
        _fail(progress, "Stopped. Everything that was finished is kept.")
    except JobBroke as broken:
        _fail(progress, f"This is a fault in Carrel.\n{broken}")


def _fail(progress: Console, line: str) -> None:
    progress.print(f"carrel: {printable(line)}", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(STOPPED)
