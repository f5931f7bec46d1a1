"""The printed line, as a page reader hands it to the layout."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop.domain.documents import Box

_NOT_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of print. `size` is the font size in points, `columns` counts the cells that wide
    gaps cut it into, and `hyphenated` says that its last word goes on in the next line."""

    text: str
    box: Box
    size: float
    bold: bool = False
    columns: int = 1
    hyphenated: bool = False

    @property
    def height(self) -> float:
        return self.box.bottom - self.box.top

    @property
    def width(self) -> float:
        return self.box.right - self.box.left

    @property
    def upright(self) -> bool:
        """False for text that runs up or down the page."""
        return len(self.text) < 3 or self.height <= max(self.width, 2.5 * self.size)


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The lines of one page in the order of the file, and the page's size in points."""

    lines: tuple[PrintedLine, ...]
    width: float
    height: float


def joined_box(boxes: list[Box]) -> Box:
    """The smallest rectangle around all of `boxes`, of which there is at least one."""
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def bare_words(text: str) -> str:
    """The text without case, punctuation and white space, to compare titles."""
    return _NOT_WORD.sub("", text).casefold()


def with_digits_masked(text: str) -> str:
    """The text as `bare_words` with every number replaced, to compare running headers."""
    return _DIGITS.sub("#", bare_words(text))


def shares_column(first: Box, second: Box) -> bool:
    """True where the two overlap sideways by more than half of the narrower one."""
    overlap = min(first.right, second.right) - max(first.left, second.left)
    return overlap > 0.5 * min(first.right - first.left, second.right - second.left)
