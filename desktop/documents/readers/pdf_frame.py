"""From a PDF page's own coordinates to the page as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pypdfium2.raw as pdfium

from desktop.documents.layout.turning import Turn, turned
from desktop.domain.documents import Box


@dataclass(frozen=True, slots=True)
class Frame:
    """The page's box in the file's own coordinates and its rotation in quarter turns.

    `turn` is one more, for pages that are shown with their text on its side.
    """

    left: float
    bottom: float
    right: float
    top: float
    turns: int
    turn: Turn | None = None

    def with_turn(self, turn: Turn) -> Frame:
        """The frame of the page after one more turn."""
        return replace(self, turn=turn)

    def displayed(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle of the file as the page shows it, or turned upright, origin top left."""
        if self.turns == 0 and self.turn is None:
            return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)
        box = self._shown(left, bottom, right, top)
        return box if self.turn is None else turned(box, self.turn)

    def _shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        if self.turns == 1:
            return Box(bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
        if self.turns == 2:
            return Box(
                self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
            )
        if self.turns == 3:
            return Box(self.top - top, self.right - right, self.top - bottom, self.right - left)
        return Box(left - self.left, self.top - top, right - self.left, self.top - bottom)


def frame_of(page: Any) -> Frame:
    """The frame of a loaded pdfium page."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, box):
        box.right, box.top = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    return Frame(box.left, box.bottom, box.right, box.top, pdfium.FPDFPage_GetRotation(page))
