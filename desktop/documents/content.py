"""What a format's reader yields while it reads, in this order: opened, pages, remarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.documents import DocumentFacts, DocumentKind, InnerFile, Page, PageUnit


class PageFlag(StrEnum):
    """What a person should know of a page."""

    PICTURE = "picture"  # pictures and hardly any text
    UNREAD = "unread"  # damaged past opening
    GARBLED = "garbled"  # text without a usable character map


@dataclass(frozen=True, slots=True)
class Opened:
    """The file is open; `page_count` is None where it is only known at the end."""

    kind: DocumentKind
    title: str
    unit: PageUnit
    page_count: int | None = None
    facts: DocumentFacts = DocumentFacts()


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page, and what is special about it."""

    page: Page
    flags: frozenset[PageFlag] = frozenset()


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence for the person about the file as a whole."""

    text: str


ReadingEvent = Opened | ReadPage | InnerFile | Remark
Reading = Iterator[ReadingEvent]
