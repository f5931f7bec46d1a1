"""Pages whose text lies on its side are laid out upright, and their boxes turned back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from desktop.domain.documents import Box, Page


@dataclass(frozen=True, slots=True)
class Turn:
    """Quarter turns to the left that make a page upright; its size in points as it is shown."""

    quarters: int
    width: float
    height: float

    @property
    def back(self) -> Turn:
        """The turn that undoes this one."""
        width, height = self.height, self.width
        if self.quarters % 2 == 0:
            width, height = height, width
        return Turn(-self.quarters % 4, width, height)


def turned(box: Box, turn: Turn) -> Box:
    """The box on the page after the turn."""
    if turn.quarters == 1:
        return Box(box.top, turn.width - box.right, box.bottom, turn.width - box.left)
    if turn.quarters == 2:
        return Box(
            turn.width - box.right,
            turn.height - box.bottom,
            turn.width - box.left,
            turn.height - box.top,
        )
    if turn.quarters == 3:
        return Box(turn.height - box.bottom, box.left, turn.height - box.top, box.right)
    return box


def turned_page(page: Page, turn: Turn) -> Page:
    """The page with all its boxes turned, and its size with them."""
    swap = turn.quarters % 2 == 1
    return replace(
        page,
        blocks=tuple(
            replace(block, box=turned(block.box, turn)) if block.box else block
            for block in page.blocks
        ),
        lines=tuple(replace(line, box=turned(line.box, turn)) for line in page.lines),
        width=turn.height if swap else turn.width,
        height=turn.width if swap else turn.height,
    )
