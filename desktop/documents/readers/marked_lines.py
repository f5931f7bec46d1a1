"""Lines of marked-up text, collected until a block of them is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from desktop.documents.content import ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.table_rows import row_text
from desktop.domain.documents import BlockKind

_RULE = re.compile(r"[|+\-=:\s]+")


class Collected:
    """Lines of one kind; a line of another kind, or a blank one, makes a block of them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._kind = BlockKind.PARAGRAPH
        self._lines: list[str] = []

    @property
    def is_empty(self) -> bool:
        return not self._lines

    @property
    def is_list(self) -> bool:
        return bool(self._lines) and self._kind is BlockKind.LIST

    @property
    def is_code(self) -> bool:
        return bool(self._lines) and self._kind is BlockKind.CODE

    def kind_of_line(self, line: str, item: re.Pattern[str]) -> BlockKind:
        """`LIST` for an item and for a line that goes on with one, else `PARAGRAPH`."""
        goes_on = self.is_list and line[:1] == " "
        return BlockKind.LIST if goes_on or item.match(line) else BlockKind.PARAGRAPH

    def change(self, kind: BlockKind) -> Iterator[ReadPage]:
        """Make a block of what is collected, unless it is of this kind."""
        if kind is not self._kind:
            yield from self.flush()

    def add(self, kind: BlockKind, line: str) -> None:
        """Collect a line; what was collected before is of the same kind."""
        self._kind = kind
        self._lines.append(line.rstrip())

    def flush(self) -> Iterator[ReadPage]:
        """Make a block of what is collected."""
        lines, self._lines = self._lines, []
        kind, self._kind = self._kind, BlockKind.PARAGRAPH
        if kind is BlockKind.PARAGRAPH:
            lines = [line.strip() for line in lines]
        text = "\n".join(lines)
        if kind is BlockKind.CODE:
            text = dedented(text)
        yield from self._parts.block(kind, text)


def grid_row(line: str) -> str:
    """The cells between the bars of a table's line, "" for a line that only rules it off."""
    if _RULE.fullmatch(line) and "-" in line:
        return ""
    return row_text(line.strip().strip("|").split("|"))


def dedented(text: str) -> str:
    """The lines without the indentation that they all have."""
    lines = text.split("\n")
    margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    margin = min(margins, default=0)
    return "\n".join(line[margin:] for line in lines)
