"""One PDF page's printed lines, through pdfium's plain C functions.

The C functions are used directly because a page has thousands of characters and every
wrapper call per character would cost more than all of pdfium's own work.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from desktop.documents.layout.lines import PrintedLine, PrintedPage, joined_box, joined_fragments
from desktop.documents.layout.turning import Turn
from desktop.documents.readers.pdf_frame import Frame, frame_of
from desktop.domain.documents import Box

# pdfium writes this for a hyphen at a line's end and leaves the line break out.
_HYPHEN_BREAK = "\ufffe"
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000]+")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ufffe\uffff]")
_BOX_SAMPLES = 5
_FONT_NAME_BYTES = 128
_BOLD_WEIGHT = 600
# Average advance of a letter in ems; a line much wider than its letters need has gaps.
_LETTER_EM = 0.5
_LOOSE = 1.25
_LOOSE_IN_TABLE = 0.7  # the line before had gaps
_LEAST_ON_SIDE, _MOSTLY = 30, 0.6  # letters, and their share
_ANGLE_SAMPLES = 40
_SAMPLED = 10  # one line in so many is looked at closely
_DENSE = 60  # letters
_GAP_EM = 1.6
_GAP_BETWEEN_FIGURES_EM = 0.6  # a space inside a figure is half as wide
_GAP_BEFORE_CURRENCY_EM = 0.2
_CURRENCIES = frozenset("$€£¥")
_FIGURE_ENDS = frozenset("0123456789)%—–")
_FIGURE_STARTS = frozenset("0123456789(—–")
# A line this many times as high as its characters is more than one.
_TALL = 1.7
_MOST_PER_PAGE = 200_000


def printed_page(page: Any) -> PrintedPage:
    """Read the lines of a loaded pdfium page, turned upright where most lie on their side."""
    text_page = pdfium.FPDFText_LoadPage(page)
    try:
        frame = frame_of(page)
        width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        lines = _lines_within(text_page, frame, width, height)
        quarters = _quarters_to_upright(text_page, frame, lines)
        if not quarters:
            return PrintedPage(tuple(joined_fragments(lines)), width, height)
        turn = Turn(quarters, width, height)
        lines = _lines_within(text_page, frame.with_turn(turn), height, width)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    return PrintedPage(tuple(joined_fragments(lines)), height, width, turn)


def _lines_within(text_page: Any, frame: Frame, width: float, height: float) -> list[PrintedLine]:
    """The lines on a page of this size; what lies outside the page is seen by nobody."""
    return [
        line
        for line in _Lines(text_page, frame).read()
        if line.box.right > 0 < line.box.bottom and line.box.left < width and line.box.top < height
    ]


def _quarters_to_upright(text_page: Any, frame: Frame, lines: list[PrintedLine]) -> int:
    """1 where most lines run down the page, 3 where they run up, 0 otherwise."""
    on_side = sum(len(line.text) for line in lines if not line.upright)
    if on_side < _LEAST_ON_SIDE or on_side < _MOSTLY * sum(len(line.text) for line in lines):
        return 0
    count = pdfium.FPDFText_CountChars(text_page)
    down = 0
    for index in range(0, count, max(1, count // _ANGLE_SAMPLES)):
        angle = pdfium.FPDFText_GetCharAngle(text_page, index)  # clockwise, in the file
        quarter = round(angle / (math.pi / 2)) + frame.turns
        down += (quarter % 4 == 1) - (quarter % 4 == 3)
    return 1 if down > 0 else 3 if down < 0 else 0


class _Lines:
    """The text page cut into lines, each with its box and its style."""

    def __init__(self, text_page: Any, frame: Frame) -> None:
        self._page = text_page
        self._frame = frame
        self._rect = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
        self._flags = ctypes.c_int()
        self._in_table = False
        self._seen = 0

    def read(self) -> Iterator[PrintedLine]:
        text = self._text()
        seen: set[tuple[str, int, int]] = set()
        for start, end, hyphenated, box in self._rows(text):
            line = self._line(text, start, end, hyphenated, box)
            if line is None:
                continue
            # The same words printed twice in one place are a shadow or a fake bold.
            key = (line.text, round(line.box.left / 3), round(line.box.top / 3))
            if key not in seen:
                seen.add(key)
                yield line

    def _rows(self, text: str) -> Iterator[tuple[int, int, bool, Box]]:
        """The spans and boxes of printed lines.

        pdfium joins lines where a short one ends a paragraph; these are cut again.
        """
        for start, end, hyphenated in _line_spans(text):
            boxes = self._boxes(self._index(start), self._index(end - 1))
            heights = [box.bottom - box.top for box in boxes]
            if not boxes:
                continue
            whole = joined_box(boxes)
            runs_down = whole.right - whole.left < 2 * max(heights)
            if runs_down or whole.bottom - whole.top < _TALL * min(heights):
                yield start, end, hyphenated, whole
            else:
                cuts = [start, *self._row_starts(text, start, end), end]
                for first, last in pairwise(cuts):
                    stop = first + len(text[first:last].rstrip())
                    row = self._boxes(self._index(first), self._index(stop - 1))
                    if row:
                        yield first, stop, hyphenated and last == end, joined_box(row)

    def _row_starts(self, text: str, start: int, end: int) -> Iterator[int]:
        """Where a word stands below or above the words before it."""
        row: Box | None = None
        for match in re.finditer(r"\S+", text[start:end]):
            box = self._box(self._index(start + match.start()))
            if box is None:
                continue
            slack = 0.3 * (box.bottom - box.top)
            if row and (box.top > row.bottom - slack or box.bottom < row.top + slack):
                yield start + match.start()
                row = None
            row = joined_box([row, box]) if row else box

    def _text(self) -> str:
        count = min(pdfium.FPDFText_CountChars(self._page), _MOST_PER_PAGE)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (2 * count + 2))()
        written = pdfium.FPDFText_GetText(self._page, 0, count, buffer)
        return bytes(buffer)[: max(0, written - 1) * 2].decode("utf-16-le", "replace")

    def _line(
        self, text: str, start: int, end: int, hyphenated: bool, box: Box
    ) -> PrintedLine | None:
        first = self._index(start)
        last = self._index(end - 1)
        size, bold = self._style(first, self._index(_printed_index(text, start, end)), last)
        cells = self._cells(text, start, end, box, size)
        self._in_table = len(cells) > 1
        printed = [(words, edges) for cell, *edges in cells if (words := _clean(cell))]
        if not printed:
            return None
        words = "\t".join(cell for cell, _ in printed)
        if hyphenated and not _only_breaks(text, start, end):
            words += "-"
        edges = tuple((left, right) for _, (left, right) in printed) if len(printed) > 1 else ()
        return PrintedLine(words, box, size, bold, edges, hyphenated)

    def _index(self, text_index: int) -> int:
        return int(pdfium.FPDFText_GetCharIndexFromTextIndex(self._page, text_index))

    def _boxes(self, first: int, last: int) -> list[Box]:
        """Boxes of a few characters spread over the line; all of them would be slow."""
        if first < 0 or last < first:
            return []
        step = max(1, (last - first) // (_BOX_SAMPLES - 1))
        indexes = {*range(first, last, step), last}
        return [box for index in indexes if (box := self._box(index)) is not None]

    def _box(self, index: int) -> Box | None:
        rect = self._rect
        if not pdfium.FPDFText_GetLooseCharBox(self._page, index, rect):
            return None
        if rect.right <= rect.left and rect.top <= rect.bottom:
            return None
        return self._frame.displayed(rect.left, rect.bottom, rect.right, rect.top)

    def _style(self, first: int, middle: int, last: int) -> tuple[float, bool]:
        """Font size, and whether the whole line is bold and not a word of it."""
        scale = 1.0
        if pdfium.FPDFText_GetMatrix(self._page, middle, self._matrix):
            scale = math.hypot(self._matrix.c, self._matrix.d) or 1.0
        size = round(pdfium.FPDFText_GetFontSize(self._page, middle) * scale, 1)
        return size, all(map(self._is_bold, (middle, first, last)))

    def _is_bold(self, index: int) -> bool:
        length = pdfium.FPDFText_GetFontInfo(
            self._page, index, self._name, _FONT_NAME_BYTES, self._flags
        )
        name = self._name.value.lower() if 0 < length <= _FONT_NAME_BYTES else b""
        if b"bold" in name or b"black" in name or b"heavy" in name:
            return True
        return bool(pdfium.FPDFText_GetFontWeight(self._page, index) >= _BOLD_WEIGHT)

    def _sampled(self) -> bool:
        """True for some lines, so that columns of dense prose side by side are noticed."""
        self._seen += 1
        return self._seen % _SAMPLED == 1

    def _cells(
        self, text: str, start: int, end: int, box: Box, size: float
    ) -> list[tuple[str, float, float]]:
        """The line cut at gaps that are too wide to be a space, each piece with its edges."""
        needed = (end - start) * _LETTER_EM * size
        is_sampled = end - start > _DENSE and self._sampled()
        loose = _LOOSE_IN_TABLE if self._in_table or is_sampled else _LOOSE
        if box.right - box.left < loose * needed or box.bottom - box.top > 3 * size > 0:
            return [(text[start:end], box.left, box.right)]
        cells: list[tuple[str, float, float]] = []
        opened, left = start, box.left
        for match in re.finditer(r"(?<=\S)\s+(?=\S)", text[start:end]):
            before = self._box(self._index(start + match.start() - 1))
            after = self._box(self._index(start + match.end()))
            wide = _gap_em(text[start + match.start() - 1], text[start + match.end()])
            if before and after and after.left - before.right > wide * size:
                cells.append((text[opened : start + match.start()], left, before.right))
                opened, left = start + match.end(), after.left
        return [*cells, (text[opened:end], left, box.right)]


def _gap_em(before: str, after: str) -> float:
    """The gap that parts cells between these characters, in ems."""
    if before not in _FIGURE_ENDS:
        return _GAP_EM
    if after in _CURRENCIES:
        return _GAP_BEFORE_CURRENCY_EM
    return _GAP_BETWEEN_FIGURES_EM if after in _FIGURE_STARTS else _GAP_EM


def _line_spans(text: str) -> Iterator[tuple[int, int, bool]]:
    """Spans of the printed lines without white space around, and whether a hyphen ends them."""
    start = 0
    for match in re.finditer(r"[\r\n]+|\ufffe|$", text):
        end = match.start()
        stripped = text[start:end]
        left = len(stripped) - len(stripped.lstrip())
        content = stripped.strip()
        if content:
            yield start + left, start + left + len(content), match.group() == _HYPHEN_BREAK
        start = match.end()


def _only_breaks(text: str, start: int, end: int) -> bool:
    """True where the hyphen at `end` only breaks a word, and is not part of it.

    It is part of the word where a capital or digit follows, or where the page has the same
    word with its hyphen inside a line.
    """
    before = re.search(r"[^\W\d_]+$", text[start:end])
    after = re.match(r"[^\W\d_]+", text[end + 1 :])
    if before is None or after is None or not after.group()[0].islower():
        return False
    return f"{before.group()}-{after.group()}" not in text


def _printed_index(text: str, start: int, end: int) -> int:
    """A character near the middle that is no space; pdfium makes spaces up, without a font."""
    middle = (start + end) // 2
    return next((i for i in range(middle, end) if not text[i].isspace()), start)


def _clean(text: str) -> str:
    return _SPACES.sub(" ", _UNPRINTED.sub("", text.replace("\t", " "))).strip()
