"""The reader's child process: opens one file at a time and sends its pages one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.documents.content import Reading, Remark
from desktop.documents.dispatch import drawing_of, largest_bytes, pictures_of, reading_of
from desktop.documents.inner_files import MOST_DEEP, Way, innermost
from desktop.documents.kinds import kind_of
from desktop.documents.messages import to_body
from desktop.domain.documents import InnerFile
from desktop.domain.errors import ContentTooLarge, DocumentError, FileTooLarge
from desktop.processes.serving import serve
from desktop.processes.wire import Message

if TYPE_CHECKING:
    from desktop.documents.recognition.pages import TextRecognition


def main(_: Sequence[str]) -> None:
    """Answer the parent's requests until it closes the pipe."""
    serve({"ready": _ready, "read": _read, "recognise": _Recognising().messages, "draw": _draw})


def read_file(
    path: Path,
    first_page: int = 1,
    inside: Sequence[str] = (),
    passwords: Sequence[str] = (),
) -> Reading:
    """Read the file by its kind, or the one that `inside` leads to from there.

    `first_page` goes past pages of a PDF that failed. Errors name the file as people know it.
    """
    yield from _events(Way(path, tuple(inside), tuple(passwords)), first_page)


def _events(way: Way, first_page: int) -> Reading:
    with _errors_named(way.shown), innermost(way) as file:
        yield from _not_too_deep(_reading(file, first_page, way.passwords), len(way.inside))


@contextmanager
def _errors_named(shown: str) -> Iterator[None]:
    """Let errors name the file as people know it, and running out of room be one of them."""
    try:
        yield
    except DocumentError as error:
        error.path = shown
        raise
    except MemoryError:
        raise ContentTooLarge(shown, "reading it takes more memory than a reader may use") from None
    except RecursionError:
        raise ContentTooLarge(shown, "it is nested deeper than can be followed") from None


def _reading(file: Path, first_page: int, passwords: Sequence[str]) -> Reading:
    kind = kind_of(file)
    size, limit = file.stat().st_size, largest_bytes(kind)
    if limit is not None and size > limit:
        raise FileTooLarge(str(file), size, limit)
    return reading_of(file, kind, first_page, passwords)


def _not_too_deep(reading: Reading, depth: int) -> Reading:
    left_out = 0
    for event in reading:
        if isinstance(event, InnerFile) and depth >= MOST_DEEP:
            left_out += 1
        else:
            yield event
    if left_out:
        yield Remark(f"{left_out:,} files in it lie more than {MOST_DEEP} deep and are not read.")


def _ready(_: dict[str, Any], __: tuple[bytes, ...]) -> Message:
    return Message({})


def _read(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Iterator[Message]:
    for event in _events(Way.of_arguments(arguments), arguments["first_page"]):
        yield Message(to_body(event))


def _draw(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    way = Way.of_arguments(arguments)
    number, width_px = arguments["number"], arguments["width_px"]
    with _errors_named(way.shown), innermost(way) as file:
        drawn = drawing_of(file, kind_of(file), number, width_px, way.passwords)
    return Message({"width": drawn.width, "height": drawn.height}, (drawn.levels,))


class _Recognising:
    """Keeps the networks of text recognition from one document to the next."""

    def __init__(self) -> None:
        self._recognition: TextRecognition | None = None

    def messages(self, arguments: dict[str, Any], _: tuple[bytes, ...]) -> Iterator[Message]:
        from desktop.documents.recognition.pages import TextRecognition

        self._recognition = self._recognition or TextRecognition()
        way = Way.of_arguments(arguments)
        with _errors_named(way.shown), innermost(way) as file:
            sheets = pictures_of(file, kind_of(file), arguments["numbers"], way.passwords)
            for page in self._recognition.pages(sheets):
                yield Message(to_body(page))
