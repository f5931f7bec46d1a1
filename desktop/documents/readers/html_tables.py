"""Tables of web pages: rows of cells, each in its column, and what is hidden left out."""

from __future__ import annotations

import re
from typing import Any

from desktop.documents.readers.table_rows import row_text

_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE
)
SKIPPED = frozenset({
    "script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg",
    "math", "canvas", "audio", "video", "select", "datalist",
})  # fmt: skip
# What a cell of a table that only places text on the page holds.
_LAYOUT = "td p + p, td h1, td h2, td h3, td ul, td ol, td div div, td pre"
_LONGEST_CELL = 300
_BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h4", "h5", "h6", "td", "th", "dt", "dd"})
_WIDEST = 1_000
# Signs that accountants give a column of their own.
_BEFORE_FIGURE = re.compile(r"[-(]?\s*[$€£¥]\s*\(?|\(")
_FIGURE = re.compile(r"[-+($€£¥\s]*\d[\d.,\s]*\)?")
_AFTER_FIGURE = re.compile(r"[)%]+")


def is_hidden(node: Any) -> bool:
    """Whether no browser shows the node."""
    if node.tag in ("-text", "-comment", "-document", "!doctype"):
        return node.tag in ("-comment", "!doctype")
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))


def is_data_table(node: Any) -> bool:
    """A table of cells, not one that only places whole paragraphs on the page."""
    if node.tag != "table" or (node.attributes.get("role") in ("presentation", "none")):
        return False
    if node.css_first("table table") is not None:
        return False
    return node.css_first(_LAYOUT) is None or _has_short_cells(node)


def _has_short_cells(table: Any) -> bool:
    rows = [row.css("td, th") for row in table.css("tr")]
    if len(rows) < 2 or sum(len(row) > 1 for row in rows) < 0.7 * len(rows):
        return False
    return all(len(cell.text(strip=True)) <= _LONGEST_CELL for row in rows for cell in row)


def caption_of(table: Any) -> str:
    """The table's caption, "" without one."""
    caption = table.css_first("caption")
    return _visible_text(caption) if caption is not None else ""


def table_text(table: Any) -> tuple[str, int]:
    """One line per row, and how many columns are used.

    A cell over several columns or rows leaves the others empty.
    """
    rows = _grid(table)
    width = max(map(len, rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in map(_joined_figures, rows)]
    used = [column for column in range(width) if any(row[column] for row in rows)]
    lines = (row_text([row[column] for column in used]) for row in rows)
    return "\n".join(filter(None, lines)), len(used)


def _grid(table: Any) -> list[list[str]]:
    rows: list[list[str]] = []
    reaching_down: dict[int, int] = {}
    for row in table.css("tr"):
        if is_hidden(row):
            continue
        cells: list[str] = []
        for cell in row.css("td, th"):
            if is_hidden(cell):
                continue
            _pass_taken(cells, reaching_down)
            for column in range(len(cells), len(cells) + _span(cell, "colspan")):
                if (rows_down := _span(cell, "rowspan")) > 1:
                    reaching_down[column] = rows_down - 1
                cells.append("")
            cells[-_span(cell, "colspan")] = _cell_text(cell)
        _pass_taken(cells, reaching_down)
        rows.append(cells[:_WIDEST])
    return rows


def _pass_taken(cells: list[str], reaching_down: dict[int, int]) -> None:
    """Leave the columns empty into which cells of the rows above reach."""
    while (left := reaching_down.get(len(cells), 0)) > 0:
        reaching_down[len(cells)] = left - 1
        cells.append("")


def _span(cell: Any, name: str) -> int:
    written = cell.attributes.get(name) or ""
    return min(max(1, int(written)), 100) if re.fullmatch(r"\d{1,4}", written.strip()) else 1


def _cell_text(cell: Any) -> str:
    return " ".join(_visible_text(cell).split())


def _visible_text(node: Any) -> str:
    """What is shown of all below the node, blocks told apart by a space; without recursion."""
    pieces: list[str] = []
    waiting = [node.child]
    while waiting:
        inner = waiting.pop()
        if inner is None:
            continue
        waiting.append(inner.next)
        if inner.tag == "-text":
            pieces.append(inner.text_content or "")
        elif inner.tag not in SKIPPED and not is_hidden(inner):
            if inner.tag in _BLOCKS:
                pieces.append(" ")
            waiting.append(inner.child)
    return "".join(pieces)


def _joined_figures(cells: list[str]) -> list[str]:
    """A lone "$" or "(" joined to the figure behind it, a lone ")" or "%" to the one before it."""
    joined = list(cells)
    for at, cell in enumerate(cells):
        if not cell:
            continue
        if _AFTER_FIGURE.fullmatch(cell):
            before = next((i for i in range(at - 1, max(-1, at - 4), -1) if joined[i]), None)
            if before is not None and _FIGURE.fullmatch(joined[before]):
                joined[before] += cell
                joined[at] = ""
        elif _BEFORE_FIGURE.fullmatch(cell):
            after = next((i for i in range(at + 1, min(len(cells), at + 4)) if joined[i]), None)
            if after is not None and joined[after].lstrip("(-")[:1].isdigit():
                joined[after] = cell + joined[after]
                joined[at] = ""
    return joined
