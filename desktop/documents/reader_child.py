"""The reader's child process: opens one file at a time and sends its pages one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from desktop.documents.content import Reading
from desktop.documents.dispatch import reading_of
from desktop.documents.kinds import kind_of
from desktop.documents.messages import to_body
from desktop.processes.serving import serve
from desktop.processes.wire import Message


def main(_: Sequence[str]) -> None:
    """Answer the parent's requests until it closes the pipe."""
    serve({"read": _read})


def read_file(path: Path, first_page: int = 1) -> Reading:
    """Read the file by its kind; `first_page` goes past pages of a PDF that failed."""
    return reading_of(path, kind_of(path), first_page)


def _read(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Iterator[Message]:
    for event in read_file(Path(arguments["path"]), arguments["first_page"]):
        yield Message(to_body(event))
