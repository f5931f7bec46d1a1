"""What has come from the reading process of one file, and what it amounts to at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from desktop.documents.content import Opened, PageFlag, ReadingEvent, ReadPage, Remark
from desktop.documents.kind_names import claimed_kind, kind_in_words
from desktop.documents.language import LanguageSample
from desktop.domain.documents import DocumentContent, InnerFile, Page, PageUnit
from desktop.domain.errors import EmptyFile

_MOST_FAILED_PAGES = 2
_MOST_NAMED_PAGES = 12


class Received:
    """Counts pages and keeps what is said of them; the pages themselves go through it."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._opened: Opened | None = None
        self._pages = 0
        self._has_text = False
        self._remarks: list[str] = []
        self._inner_files: list[InnerFile] = []
        self._flagged: dict[PageFlag, list[int]] = {flag: [] for flag in PageFlag}
        self._failed: list[int] = []
        self._sample = LanguageSample()

    @property
    def next_page(self) -> int:
        return self._pages + 1

    def take(self, event: ReadingEvent) -> Iterator[Opened | Page]:
        """Note the event and yield what there is to hand on."""
        if isinstance(event, ReadPage):
            yield self._take_page(event)
        elif isinstance(event, Remark):
            self._remarks.append(event.text)
        elif isinstance(event, InnerFile):
            self._inner_files.append(event)
        elif self._opened is None:
            self._opened = event
            yield event

    def skip_page(self) -> Page | None:
        """The page that failed, without text; None where reading cannot go on behind it."""
        if self._opened is None or self._opened.unit is not PageUnit.PAGE:
            return None
        self._failed.append(self.next_page)
        self._pages += 1
        has_more = self._pages < (self._opened.page_count or 0)
        if len(self._failed) > _MOST_FAILED_PAGES or not (has_more or self._has_text):
            return None
        return Page(self._pages, "")

    def content(self) -> DocumentContent:
        """All but the pages; raises `EmptyFile` where there is nothing to read or recognise."""
        opened = self._opened
        unread = self._unread_pages()
        if opened is None or not (self._has_text or unread or self._inner_files):
            raise EmptyFile(self._shown)
        return DocumentContent(
            opened.kind,
            opened.title,
            (),
            opened.unit,
            tuple(self._warnings(opened)),
            replace(opened.facts, language=self._sample.language() or opened.facts.language),
            tuple(self._inner_files),
            tuple(unread),
        )

    def _take_page(self, read: ReadPage) -> Page:
        self._pages += 1
        for flag in read.flags:
            self._flagged[flag].append(read.page.number)
        unreadable = read.flags & {PageFlag.GARBLED, PageFlag.PICTURE}
        if not unreadable:
            self._has_text = self._has_text or bool(read.page.text.strip())
            self._sample.add(read.page)
        return read.page

    def _unread_pages(self) -> list[int]:
        return sorted({*self._flagged[PageFlag.GARBLED], *self._flagged[PageFlag.PICTURE]})

    def _warnings(self, opened: Opened) -> Iterator[str]:
        # The last part of a path that may name a file inside another one.
        claimed = claimed_kind(PurePath(self._shown))
        if claimed is not None and claimed is not opened.kind:
            said, found = kind_in_words(claimed), kind_in_words(opened.kind)
            yield f"Its name says {said}; its content is {found} and was read as that."
        yield from self._remarks
        failed = {*self._failed, *self._flagged[PageFlag.UNREAD]}
        yield from _about(sorted(failed), "could not be read")


def _about(numbers: list[int], what: str) -> Iterator[str]:
    if numbers:
        named = ", ".join(map(str, numbers[:_MOST_NAMED_PAGES]))
        rest = len(numbers) - _MOST_NAMED_PAGES
        yield f"Pages that {what}: {named}" + (f" and {rest} more." if rest > 0 else ".")
