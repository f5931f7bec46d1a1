"""An XML file as a stream of elements that are small enough to be held in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.documents.readers.office_package import local_name

# A file with fewer elements is one record; in a larger one, its records are found below the root.
_MOST_IN_RECORD = 20_000
_MOST_OPEN = 8


@dataclass(frozen=True, slots=True)
class RecordKey:
    """What neighbouring records have in common.

    `level` is 1 for the root and for the records directly below it.
    """

    name: str
    level: int
    opened: bool


@dataclass(frozen=True, slots=True)
class Record:
    """An element with all that is in it, or, `opened`, one whose inner records follow.

    It is freed when the next one is asked for.
    """

    key: RecordKey
    element: Any


class Records:
    """Goes through the file once; an element that grows too large is opened while it is read."""

    def __init__(self, path: Path) -> None:
        from lxml import etree

        # libxml2's own limits stay: 256 levels, 10 MB in one text, five times in entities.
        self._events = etree.iterparse(
            str(path), events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, recover=True, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        self._stack: list[Any] = []
        self._open = 0
        self._count = 0

    def read(self) -> Iterator[Record]:
        """The records in the file's order; what cannot be parsed ends them."""
        from lxml import etree

        try:
            for event, element in self._events:
                if event == "start":
                    self._stack.append(element)
                    self._count += 1
                    if self._count > _MOST_IN_RECORD and self._open < _MOST_OPEN:
                        yield from self._opened()
                    continue
                if len(self._stack) == self._open + 1:
                    yield self._record(element)
                    self._free(element)
                    self._count = 0
                self._stack.pop()
                self._open = min(self._open, len(self._stack))
        except etree.XMLSyntaxError:
            if self._stack and not self._open:
                # Broken inside the only record: what there is of it stands.
                yield self._record(self._stack[0])

    def failure(self) -> str:
        """Where the first error is, "" in a well-formed file."""
        from lxml import etree

        for entry in self._events.error_log:
            if entry.level == etree.ErrorLevels.FATAL:
                return f"line {entry.line:,}"
        return ""

    def _opened(self) -> Iterator[Record]:
        """Open the element that grows too large; what is complete in it are its first records."""
        if len(self._stack) <= self._open + 1:
            return
        large = self._stack[self._open]
        self._open += 1
        self._count = 0
        yield Record(RecordKey(local_name(large), self._open, True), large)
        # The parser runs ahead of its events, so what stands behind is not complete.
        for child in [*self._stack[self._open].itersiblings(preceding=True)][::-1]:
            yield self._record(child)
            self._free(child)

    def _record(self, element: Any) -> Record:
        return Record(RecordKey(local_name(element), max(1, self._open), False), element)

    def _free(self, element: Any) -> None:
        above = element.getparent()
        element.clear(keep_tail=True)
        while above is not None and (before := element.getprevious()) is not None:
            above.remove(before)
