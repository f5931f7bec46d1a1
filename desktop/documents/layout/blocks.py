"""Lines in reading order become headings, paragraphs, lists and table rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from desktop.documents.layout.headings import Body, HeadingStyle, heading_style
from desktop.documents.layout.lines import PrintedLine, shares_column
from desktop.documents.layout.tables import tables_among
from desktop.domain.documents import BlockKind

_BULLET = re.compile(r"[•‣◦▪●○■□❖➢✓\uf0b7–—*-]\s+(?=\S)")
_MARKER = re.compile(r"(?:\(?(?:\d{1,3}|[a-z]|[ivxl]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+\S")
_CAPTION = re.compile(r"(?:figure|fig\.|table|exhibit|abbildung|tabelle)\s+\d", re.IGNORECASE)
_SENTENCE_ENDS = (".", ":", ";", "?", "!", ".”", '."', "。")
_MOST_HEADING_LINES = 3


@dataclass(slots=True)
class PrintedBlock:
    """Neighbouring lines that belong together; `style` is set for headings."""

    kind: BlockKind
    lines: list[PrintedLine] = field(default_factory=list)
    style: HeadingStyle | None = None

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


def printed_blocks(
    lines: Sequence[PrintedLine], body: Body, outline: Mapping[str, int]
) -> list[PrintedBlock]:
    """Group lines in reading order into blocks."""
    blocks: list[PrintedBlock] = []
    done = 0
    for start, end, rows in tables_among(lines):
        blocks += _text_blocks(lines[done:start], body, outline)
        blocks.append(PrintedBlock(BlockKind.TABLE, rows))
        done = end
    return [*blocks, *_text_blocks(lines[done:], body, outline)]


def _text_blocks(
    lines: Sequence[PrintedLine], body: Body, outline: Mapping[str, int]
) -> list[PrintedBlock]:
    lines = [_without_gaps(line) for line in lines]
    usual_gap = _usual_gap(lines)
    blocks: list[PrintedBlock] = []
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        after = lines[index + 1] if index + 1 < len(lines) else None
        style = heading_style(line, _is_alone(line, before, after, usual_gap), body, outline)
        kind = _kind_of_line(line, style)
        if blocks and before and _continues(blocks[-1], line, kind, style, usual_gap):
            blocks[-1].lines.append(line)
        else:
            blocks.append(PrintedBlock(kind, [line], style))
    return blocks


def _without_gaps(line: PrintedLine) -> PrintedLine:
    """Wide gaps outside a table are tabs and justified text."""
    return replace(line, text=line.text.replace("\t", " "), cells=()) if line.cells else line


def _kind_of_line(line: PrintedLine, style: HeadingStyle | None) -> BlockKind:
    if style is not None:
        return BlockKind.HEADING
    if _BULLET.match(line.text):
        return BlockKind.LIST
    if _CAPTION.match(line.text):
        return BlockKind.CAPTION
    return BlockKind.PARAGRAPH


def _usual_gap(lines: Sequence[PrintedLine]) -> float:
    gaps = [
        lower.box.top - upper.box.bottom
        for upper, lower in zip(lines, lines[1:], strict=False)
        if shares_column(upper.box, lower.box)
        and -0.5 * upper.size < lower.box.top - upper.box.bottom < 2 * upper.size
    ]
    return median(gaps) if gaps else 0.0


def _is_alone(
    line: PrintedLine, before: PrintedLine | None, after: PrintedLine | None, usual_gap: float
) -> bool:
    """True where the line neither continues the line before nor runs on in the next."""
    if before and _is_near(before, line, usual_gap) and _looks_like(before, line):
        return False
    if after is None or not _is_near(line, after, usual_gap):
        return True
    return not _looks_like(line, after) or line.width < 0.6 * after.width


def _is_near(upper: PrintedLine, lower: PrintedLine, usual_gap: float) -> bool:
    gap = lower.box.top - upper.box.bottom
    size = max(upper.size, lower.size)
    return -1.5 * size < gap < usual_gap + 0.4 * size and shares_column(upper.box, lower.box)


def _looks_like(one: PrintedLine, other: PrintedLine) -> bool:
    return (
        one.bold == other.bold
        and abs(one.size - other.size) < 0.6
        and one.text.isupper() == other.text.isupper()
    )


def _continues(
    block: PrintedBlock,
    line: PrintedLine,
    kind: BlockKind,
    style: HeadingStyle | None,
    usual_gap: float,
) -> bool:
    last = block.lines[-1]
    if last.hyphenated:
        return True
    if not _is_near(last, line, usual_gap):
        return False
    if block.kind is BlockKind.HEADING or kind is BlockKind.HEADING:
        same = block.kind is kind and style is not None and block.style is not None
        return (
            same
            and _looks_like(last, line)
            and style.depth == 0  # type: ignore[union-attr]
            and len(block.lines) < _MOST_HEADING_LINES
        )
    if block.kind is BlockKind.LIST:
        indented = line.box.left > block.lines[0].box.left + 0.3 * line.size
        return kind is BlockKind.LIST or (kind is BlockKind.PARAGRAPH and indented)
    return kind is BlockKind.PARAGRAPH and not _opens_paragraph(block, line)


def _opens_paragraph(block: PrintedBlock, line: PrintedLine) -> bool:
    if _MARKER.match(line.text):
        return True
    last = block.lines[-1]
    if abs(last.size - line.size) > 1.5:
        return True
    indent = line.box.left - last.box.left
    if indent > 0.8 * line.size:
        return last.text.endswith(_SENTENCE_ENDS)
    return indent < -0.8 * line.size and len(block.lines) > 1
