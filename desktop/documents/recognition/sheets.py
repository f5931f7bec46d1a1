"""The picture of a page, turned upright, and the way back to the page as it is shown."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PIL import Image

from desktop.domain.documents import Box

_WHITE = 255


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grey picture of a page after `quarters` turns to the left and a small one by `tilt`.

    `tilt` is in radians to the left; `pixel` is the size of a pixel in points.
    """

    picture: Image.Image
    pixel: float
    quarters: int = 0
    tilt: float = 0.0

    @property
    def width(self) -> float:
        return self.picture.width * self.pixel

    @property
    def height(self) -> float:
        return self.picture.height * self.pixel

    def turned(self, quarters: int) -> Sheet:
        """The sheet after so many more quarter turns to the left, before it is levelled."""
        if quarters % 4 == 0:
            return self
        ways = (
            Image.Transpose.ROTATE_90,
            Image.Transpose.ROTATE_180,
            Image.Transpose.ROTATE_270,
        )
        picture = self.picture.transpose(ways[quarters % 4 - 1])
        return replace(self, picture=picture, quarters=(self.quarters + quarters) % 4)

    def levelled(self, slope: float) -> Sheet:
        """The sheet with lines that fall by `slope` made level."""
        tilt = math.atan(slope)
        picture = self.picture.rotate(
            math.degrees(tilt), Image.Resampling.BILINEAR, fillcolor=_WHITE
        )
        return replace(self, picture=picture, tilt=tilt)

    def shown(self, box: Box) -> Box:
        """A box in points of the upright sheet as a box in points of the page as it is shown."""
        corners = [
            self._unturned(*self._unlevelled(x, y))
            for x in (box.left, box.right)
            for y in (box.top, box.bottom)
        ]
        across, down = zip(*corners, strict=True)
        return Box(min(across), min(down), max(across), max(down))

    def _unlevelled(self, x: float, y: float) -> tuple[float, float]:
        sine, cosine = math.sin(self.tilt), math.cos(self.tilt)
        off_x, off_y = x - self.width / 2, y - self.height / 2
        return (
            off_x * cosine - off_y * sine + self.width / 2,
            off_x * sine + off_y * cosine + self.height / 2,
        )

    def _unturned(self, x: float, y: float) -> tuple[float, float]:
        if self.quarters == 1:
            return self.height - y, x
        if self.quarters == 2:
            return self.width - x, self.height - y
        if self.quarters == 3:
            return y, self.width - x
        return x, y
