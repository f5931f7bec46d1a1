"""The body of a Rich Text document: text as it comes becomes paragraphs, lists and rows."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.documents.content import ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.table_rows import row_text
from desktop.domain.documents import BlockKind

_BOLD_HEADING_LEVEL = 9
_LONGEST_BOLD_HEADING = 90
_RUNNING = {"header": BlockKind.HEADER, "footer": BlockKind.FOOTER}


class RtfBody:
    """Collects text by its role, and hands blocks out when paragraphs and rows end."""

    def __init__(self, parts: Parts) -> None:
        self.styles: dict[int, str] = {}
        self._parts = parts
        self._texts: dict[str, list[str]] = {}
        self._weights: set[bool] = set()
        self._items: list[str] = []
        self._row: list[str] = []
        self._rows: list[str] = []
        self._notes: list[str] = []
        self._running: set[str] = set()
        self._in_table = False
        self._outline = 0
        self._level = 0

    def say(self, text: str, role: str, *, bold: bool) -> None:
        """Add text to what is open in this role."""
        self._texts.setdefault(role, []).append(text)
        if role == "body" and text.strip():
            self._weights.add(bold)

    def open_role(self, role: str) -> None:
        self._texts.pop(role, None)

    def close_role(self, role: str) -> Iterator[ReadPage]:
        """A header, a footer or a note has ended; the label of a list item is kept."""
        if role == "note":
            if text := self._taken(role):
                self._notes.append(text)
        elif role in _RUNNING:
            text = self._taken(role)
            if text and text not in self._running:
                self._running.add(text)
                yield from self._parts.block(_RUNNING[role], text)

    def word(self, word: str, number: int | None, heading_level: int) -> Iterator[ReadPage]:
        """A control word of the body."""
        if word in ("par", "sect", "page"):
            yield from self._paragraph(heading_level)
        elif word == "cell":
            self._row.append(" ".join(self._taken("body").split()))
            self._weights.clear()
            self._texts.pop("label", None)
        elif word == "row":
            self._end_row()
        elif word == "pard":
            self._in_table, self._outline, self._level = False, 0, 0
        elif word == "intbl":
            self._in_table = True
        elif word == "outlinelevel":
            self._outline = number + 2 if number is not None and 0 <= number < 9 else 0
        elif word == "ilvl":
            self._level = min(max(number or 0, 0), 8)

    def end(self) -> Iterator[ReadPage]:
        """What the file ends in the middle of."""
        if self._row:
            self._end_row()
        yield from self._paragraph(0)
        yield from self._end_table()
        yield from self._end_list()

    def _paragraph(self, heading_level: int) -> Iterator[ReadPage]:
        if self._in_table:
            # A paragraph within a cell; the cell has not ended.
            self._texts.setdefault("body", []).append("\n")
            return
        text = self._taken("body")
        label = " ".join(self._taken("label").split())
        level = self._outline or heading_level
        is_bold = self._weights == {True}
        self._weights.clear()
        if not text:
            return
        yield from self._end_table()
        if not level and not label and is_bold and _may_head(text):
            level = _BOLD_HEADING_LEVEL
        if level:
            yield from self._end_list()
            yield from self._parts.heading(
                f"{label} {text}" if label[:1].isalnum() else text, level
            )
        elif label:
            mark = label if label[:1].isalnum() or label[:1] == "(" else "-"
            self._items.append(f"{'  ' * self._level}{mark} {text}")
        else:
            yield from self._end_list()
            yield from self._parts.block(BlockKind.PARAGRAPH, text)
        yield from self._said_below()

    def _said_below(self) -> Iterator[ReadPage]:
        if self._notes:
            yield from self._end_list()
        notes, self._notes = self._notes, []
        for note in notes:
            yield from self._parts.block(BlockKind.PARAGRAPH, note)

    def _end_row(self) -> None:
        cells, self._row = self._row, []
        if any(cells):
            self._rows.append(row_text(cells))

    def _end_list(self) -> Iterator[ReadPage]:
        items, self._items = self._items, []
        yield from self._parts.block(BlockKind.LIST, "\n".join(items))

    def _end_table(self) -> Iterator[ReadPage]:
        if self._rows:
            yield from self._end_list()
            rows, self._rows = self._rows, []
            yield from self._parts.block(BlockKind.TABLE, "\n".join(rows))
            yield from self._said_below()

    def _taken(self, role: str) -> str:
        text = "".join(self._texts.pop(role, []))
        # Characters beyond the first 65,536 come as two halves.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        shown = "".join(c for c in text.replace("\x00", "") if c.isprintable() or c in "\n\t\u00a0")
        return "\n".join(line.strip() for line in shown.split("\n")).strip()


def _may_head(text: str) -> bool:
    return (
        len(text) <= _LONGEST_BOLD_HEADING
        and "\n" not in text
        and not text.endswith((".", ",", ";"))
        and any(map(str.isalpha, text))
    )
