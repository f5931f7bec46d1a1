"""A file in, located text out: the parent's side of the reading process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from desktop.documents.access import FileStamp, stamp_of
from desktop.documents.content import Opened, PageFlag, ReadingEvent, ReadPage, Remark
from desktop.documents.kind_names import claimed_kind, kind_in_words
from desktop.documents.messages import of_body
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent, InnerFile, Page, PageUnit
from desktop.domain.errors import (
    DocumentError,
    EmptyFile,
    FileChangedWhileRead,
    FileTooLarge,
    NeedsTextRecognition,
    ReaderDied,
    ReaderTimedOut,
    WorkerDied,
    WorkerTimedOut,
)
from desktop.domain.settings import DocumentSettings
from desktop.processes.child import Child
from desktop.processes.limits import Limits

# Files are counted as file managers do, memory in powers of two.
_MB, _MIB = 1_000_000, 1 << 20
# Parts of flowing text are as long as many pages, and the first comes after the whole file.
_SECONDS_PER_MB = 0.5
# The child writes nothing but its last words.
_CHILD_FILE_BYTES = _MIB
_MOST_FAILED_PAGES = 2
_MOST_NAMED_PAGES = 12


@dataclass(slots=True)
class _Reading:
    """What has come from the child so far."""

    opened: Opened | None = None
    pages: list[Page] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    inner_files: list[InnerFile] = field(default_factory=list)
    flagged: dict[PageFlag, list[int]] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)

    def take(self, event: ReadingEvent) -> None:
        if isinstance(event, Opened):
            self.opened = event
        elif isinstance(event, Remark):
            self.remarks.append(event.text)
        elif isinstance(event, InnerFile):
            self.inner_files.append(event)
        else:
            self._take_page(event)

    def _take_page(self, read: ReadPage) -> None:
        self.pages.append(read.page)
        for flag in read.flags:
            self.flagged.setdefault(flag, []).append(read.page.number)

    def skip_page(self) -> bool:
        """Note the page that failed; False where reading cannot go on behind it."""
        if self.opened is None or self.opened.unit is not PageUnit.PAGE:
            return False
        self.pages.append(Page(self.next_page, ""))
        self.failed.append(self.pages[-1].number)
        has_more = self.next_page <= (self.opened.page_count or 0)
        return len(self.failed) <= _MOST_FAILED_PAGES and (has_more or self.has_text)

    @property
    def next_page(self) -> int:
        return len(self.pages) + 1

    @property
    def has_text(self) -> bool:
        return any(page.text.strip() for page in self.pages)


class DocumentReader:
    """Owns one reading process, which a stall or a death replaces."""

    def __init__(self, settings: DocumentSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        limits = Limits(settings.reader_memory_mb * _MIB, _CHILD_FILE_BYTES)
        self._child = Child("reader", limits)

    def read(self, path: Path, cancel: CancelToken) -> DocumentContent:
        """Read the whole file. Raises subclasses of `DocumentError`, or `Cancelled`."""
        cancel.raise_if_cancelled()
        stamp = stamp_of(path)
        limit_bytes = self._settings.max_file_mb * _MB
        if stamp.size_bytes > limit_bytes:
            raise FileTooLarge(str(path), stamp.size_bytes, limit_bytes)
        with self._lock:
            try:
                reading = self._read(path, stamp, cancel)
            except DocumentError:
                # A file that is being written looks damaged; say what it really is.
                _check_unchanged(path, stamp)
                raise
        _check_unchanged(path, stamp)
        return _content(path, reading)

    def close(self) -> None:
        """End the reading process."""
        with self._lock:
            self._child.close()

    def _read(self, path: Path, stamp: FileStamp, cancel: CancelToken) -> _Reading:
        reading = _Reading()
        while True:
            try:
                for event in self._events(path, stamp, reading.next_page, cancel):
                    reading.take(event)
                return reading
            except WorkerTimedOut as error:
                if not reading.skip_page():
                    raise ReaderTimedOut(str(path), error.limit_s) from None
            except WorkerDied as error:
                if not reading.skip_page():
                    raise ReaderDied(str(path), error.how) from None

    def _events(
        self, path: Path, stamp: FileStamp, first_page: int, cancel: CancelToken
    ) -> Iterator[ReadingEvent]:
        limit_s = self._settings.page_time_limit_s
        limit_s += _SECONDS_PER_MB * stamp.size_bytes / _MB
        arguments = {"path": str(path), "first_page": first_page}
        for message in self._child.stream("read", arguments, timeout_s=limit_s, cancel=cancel):
            cancel.raise_if_cancelled()
            yield of_body(message.body)


def _check_unchanged(path: Path, before: FileStamp) -> None:
    if stamp_of(path) != before:
        raise FileChangedWhileRead(str(path))


def _content(path: Path, reading: _Reading) -> DocumentContent:
    opened = reading.opened
    garbled = reading.flagged.get(PageFlag.GARBLED, [])
    pictures = reading.flagged.get(PageFlag.PICTURE, [])
    unread = {*garbled, *pictures}
    readable = [page for page in reading.pages if page.text.strip() and page.number not in unread]
    if opened is None or not readable:
        if garbled or pictures:
            raise NeedsTextRecognition(str(path))
        raise EmptyFile(str(path))
    warnings = [*_mismatch(path, opened), *reading.remarks]
    failed = sorted({*reading.failed, *reading.flagged.get(PageFlag.UNREAD, [])})
    warnings += _about(failed, "could not be read")
    warnings += _about(pictures, "hold pictures and hardly any text")
    warnings += _about(garbled, "have no usable character map, and their text may be nonsense")
    return DocumentContent(
        opened.kind,
        opened.title,
        tuple(reading.pages),
        opened.unit,
        tuple(warnings),
        opened.facts,
        tuple(reading.inner_files),
        tuple(sorted({*garbled, *pictures})),
    )


def _mismatch(path: Path, opened: Opened) -> Iterator[str]:
    claimed = claimed_kind(path)
    if claimed is not None and claimed is not opened.kind:
        said, found = kind_in_words(claimed), kind_in_words(opened.kind)
        yield f"Its name says {said}; its content is {found} and was read as that."


def _about(numbers: list[int], what: str) -> Iterator[str]:
    if numbers:
        named = ", ".join(map(str, numbers[:_MOST_NAMED_PAGES]))
        rest = len(numbers) - _MOST_NAMED_PAGES
        yield f"Pages that {what}: {named}" + (f" and {rest} more." if rest > 0 else ".")
