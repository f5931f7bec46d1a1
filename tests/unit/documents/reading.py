"""Reading a file in the test's own process, where its events can be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.reader_child import read_file
from desktop.domain.documents import Block, BlockKind, Page


def pages_of(path: Path) -> list[Page]:
    return [event.page for event in read_file(path) if isinstance(event, ReadPage)]


def opened(path: Path) -> Opened:
    event = next(iter(read_file(path)))
    assert isinstance(event, Opened)
    return event


def remarks_of(path: Path) -> list[str]:
    return [event.text for event in read_file(path) if isinstance(event, Remark)]


def blocks_of(path: Path) -> list[tuple[BlockKind, str]]:
    return [(block.kind, text_of(page, block)) for page in pages_of(path) for block in page.blocks]


def headings_over(path: Path, words: str) -> tuple[str, ...]:
    """The heading path of the first block that holds the words."""
    for page in pages_of(path):
        for block in page.blocks:
            if words in text_of(page, block):
                return block.heading_path
    raise AssertionError(f"not found: {words}")


def text_of(page: Page, block: Block) -> str:
    return page.text[block.start : block.end]


@dataclass(frozen=True, slots=True)
class Read:
    """All that a reader yielded."""

    opened: Opened
    pages: list[Page]
    remarks: list[str]


def events_of(reading: Reading) -> Read:
    """What one reader yields, without finding the kind first."""
    events = [*reading]
    first = events[0]
    assert isinstance(first, Opened)
    pages = [event.page for event in events if isinstance(event, ReadPage)]
    return Read(first, pages, [event.text for event in events if isinstance(event, Remark)])


def blocks_in(reading: Reading) -> list[tuple[BlockKind, str]]:
    pages = events_of(reading).pages
    return [(block.kind, text_of(page, block)) for page in pages for block in page.blocks]
