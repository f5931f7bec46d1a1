"""A file in, located text out: the parent's side of the reading process."""

from __future__ import annotations

import contextlib
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.documents.access import FileStamp, stamp_of
from desktop.documents.content import Opened, ReadingEvent, ReadPage
from desktop.documents.inner_files import MOST_INNER_BYTES, Way
from desktop.documents.messages import of_body
from desktop.documents.received import Received
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent, Page, PagePicture
from desktop.domain.errors import (
    DocumentError,
    FileChangedWhileRead,
    FileTooLarge,
    ReaderDied,
    ReaderTimedOut,
    WorkerDied,
    WorkerTimedOut,
)
from desktop.domain.settings import DocumentSettings
from desktop.processes.child import Child
from desktop.processes.limits import Limits
from desktop.processes.wire import Message

# Files are counted as file managers do, memory in powers of two.
_MB, _MIB = 1_000_000, 1 << 20
# Parts of flowing text are as long as many pages, and the first comes after the whole file.
_SECONDS_PER_MB = 0.5
# What lies packed in a small archive may be long.
_SECONDS_INSIDE = 15.0
_SECONDS_TO_START = 60.0
# A dense page takes seconds to recognise; with every processor busy, much longer.
_TIMES_TO_RECOGNISE = 8
_MOST_UNRECOGNISED = 3
# A file inside another one is held in the child's memory, which counts as written there.
_CHILD_FILE_BYTES = MOST_INNER_BYTES

Pages = Generator[Opened | Page, None, DocumentContent]


@dataclass(frozen=True, slots=True)
class _Source:
    """The file to read, and how the file on disk that it lies in looked before."""

    way: Way
    stamp: FileStamp

    def check_unchanged(self) -> None:
        if stamp_of(self.way.path) != self.stamp:
            raise FileChangedWhileRead(self.way.shown)


class DocumentReader:
    """Owns one reading process, which a stall or a death replaces."""

    def __init__(self, settings: DocumentSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        limits = Limits(settings.reader_memory_mb * _MIB, _CHILD_FILE_BYTES)
        self._child = Child("reader", limits)

    def read(
        self,
        path: Path,
        cancel: CancelToken,
        *,
        inside: Sequence[str] = (),
        passwords: Sequence[str] = (),
    ) -> DocumentContent:
        """Read the whole file, or the one that `inside` names step by step within it.

        Where only pictures hold text, `picture_pages` names them and no page has any; an archive
        has `inner_files` and no pages. `passwords` are tried in order. Raises subclasses of
        `DocumentError`, or `Cancelled`.
        """
        pages: list[Page] = []
        content = _collected(self.pages(path, cancel, inside=inside, passwords=passwords), pages)
        return replace(content, pages=tuple(pages))

    def pages(
        self,
        path: Path,
        cancel: CancelToken,
        *,
        inside: Sequence[str] = (),
        passwords: Sequence[str] = (),
    ) -> Pages:
        """Yield how the file opened, then its pages one by one; return `read`'s value without them.

        Nothing is kept here, so the file may be larger than memory. What was yielded counts only
        once the generator has returned: raises as `read` does, at any point.
        """
        cancel.raise_if_cancelled()
        with self._lock, self._source(path, inside, passwords) as source:
            received = Received(source.way.shown)
            try:
                yield from self._read(source, received, cancel)
            except DocumentError:
                # A file that is being written looks damaged; say what it really is.
                source.check_unchanged()
                raise
            source.check_unchanged()
        return received.content()

    def recognise(
        self,
        path: Path,
        pages: Sequence[int],
        cancel: CancelToken,
        *,
        inside: Sequence[str] = (),
        passwords: Sequence[str] = (),
    ) -> Iterator[Page]:
        """Yield these pages with the text that their pictures show, each as soon as it is done.

        A page on which nothing was recognised, or that took too long, has no text. Raises
        subclasses of `DocumentError` as `read` does, `ModelMissing`, or `Cancelled`.
        """
        cancel.raise_if_cancelled()
        with self._lock, self._source(path, inside, passwords) as source:
            try:
                yield from self._recognised(source, list(pages), cancel)
            except DocumentError:
                source.check_unchanged()
                raise
            source.check_unchanged()

    def picture(
        self,
        path: Path,
        number: int,
        width_px: int,
        cancel: CancelToken,
        *,
        inside: Sequence[str] = (),
        passwords: Sequence[str] = (),
    ) -> PagePicture:
        """Draw one page, about `width_px` wide. Raises as `read` does."""
        with self._lock, self._source(path, inside, passwords) as source:
            wanted = {"number": number, "width_px": width_px}
            arguments = {**source.way.to_arguments(), **wanted}
            limit_s = self._time_limit_s(source)
            try:
                drawn = self._child.call("draw", arguments, timeout_s=limit_s, cancel=cancel)
            except WorkerTimedOut as error:
                raise ReaderTimedOut(source.way.shown, error.limit_s) from None
            except WorkerDied as error:
                raise ReaderDied(source.way.shown, error.how) from None
        return PagePicture(drawn.body["width"], drawn.body["height"], drawn.blobs[0])

    def close(self) -> None:
        """End the reading process."""
        with self._lock:
            self._child.close()

    @contextlib.contextmanager
    def _source(
        self, path: Path, inside: Sequence[str], passwords: Sequence[str]
    ) -> Iterator[_Source]:
        """The file, admitted; what the child takes out of it may lie in a folder of its own."""
        limit_bytes = self._settings.max_file_mb * _MB
        way = Way(path, tuple(inside), tuple(passwords), None, min(limit_bytes, MOST_INNER_BYTES))
        stamp = stamp_of(path)
        if stamp.size_bytes > limit_bytes:
            raise FileTooLarge(way.shown, stamp.size_bytes, limit_bytes)
        if sys.platform == "linux" or not (inside or passwords):
            yield _Source(way, stamp)
            return
        with tempfile.TemporaryDirectory(prefix="carrel-") as folder:
            yield _Source(replace(way, folder=folder), stamp)

    def _read(
        self, source: _Source, received: Received, cancel: CancelToken
    ) -> Iterator[Opened | Page]:
        while True:
            failure: DocumentError
            try:
                for event in self._events(source, received.next_page, cancel):
                    yield from received.take(event)
                return
            except WorkerTimedOut as error:
                failure = ReaderTimedOut(source.way.shown, error.limit_s)
            except WorkerDied as error:
                failure = ReaderDied(source.way.shown, error.how)
            skipped = received.skip_page()
            if skipped is None:
                raise failure
            yield skipped

    def _recognised(
        self, source: _Source, waiting: list[int], cancel: CancelToken
    ) -> Iterator[Page]:
        failed = 0
        while waiting:
            failure: DocumentError
            try:
                for page in self._recognised_pages(source, waiting, cancel):
                    while waiting and waiting[0] != page.number:
                        yield Page(waiting.pop(0), "")
                    del waiting[:1]
                    yield page
                break
            except WorkerTimedOut as error:
                failure = ReaderTimedOut(source.way.shown, error.limit_s)
            except WorkerDied as error:
                failure = ReaderDied(source.way.shown, error.how)
            failed += 1
            if failed > _MOST_UNRECOGNISED:
                raise failure
            yield Page(waiting.pop(0), "")
        yield from (Page(number, "") for number in waiting)

    def _recognised_pages(
        self, source: _Source, numbers: list[int], cancel: CancelToken
    ) -> Iterator[Page]:
        limit_s = _TIMES_TO_RECOGNISE * self._time_limit_s(source)
        arguments = {**source.way.to_arguments(), "numbers": tuple(numbers)}
        for message in self._answers("recognise", arguments, limit_s, cancel):
            event = of_body(message.body)
            if isinstance(event, ReadPage):
                yield event.page

    def _time_limit_s(self, source: _Source) -> float:
        limit_s = self._settings.page_time_limit_s
        limit_s += _SECONDS_PER_MB * source.stamp.size_bytes / _MB
        return limit_s + (_SECONDS_INSIDE if source.way.inside else 0.0)

    def _events(
        self, source: _Source, first_page: int, cancel: CancelToken
    ) -> Iterator[ReadingEvent]:
        limit_s = self._time_limit_s(source)
        arguments = {**source.way.to_arguments(), "first_page": first_page}
        for message in self._answers("read", arguments, limit_s, cancel):
            yield of_body(message.body)

    def _answers(
        self, method: str, arguments: dict[str, object], limit_s: float, cancel: CancelToken
    ) -> Iterator[Message]:
        if not self._child.alive:
            # A busy machine takes its time to start a process, which says nothing of the file.
            self._child.call("ready", timeout_s=_SECONDS_TO_START, cancel=cancel)
        for message in self._child.stream(method, arguments, timeout_s=limit_s, cancel=cancel):
            cancel.raise_if_cancelled()
            yield message


def _collected(reading: Pages, pages: list[Page]) -> DocumentContent:
    """Run the reading to its end, its pages into the list."""
    while True:
        try:
            event = next(reading)
        except StopIteration as end:
            content: DocumentContent = end.value
            return content
        if isinstance(event, Page):
            pages.append(event)
