"""A picture of a page in, its lines of text out, whichever way up it was scanned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from PIL import Image

from desktop.documents.recognition.lettering import (
    Lettering,
    line_picture,
    read_lines,
    upright_share,
)
from desktop.documents.recognition.networks import Networks
from desktop.documents.recognition.regions import Region, regions_of
from desktop.documents.recognition.sheets import Sheet
from desktop.domain.documents import Box

# Lines are looked for on a smaller picture than they are read from: its longer side.
_SEARCHED = 1280
_STEP = 32  # the network takes sides that are multiples of this
_ASKED_FOR_TURNING = 12
_DOUBT = 0.1  # between this and its counterpart the quick network's word is not enough
_READ_BOTH_WAYS = 4
_LEAST_SLOPE = 0.005
_STEEPEST = 0.2
# Measured: 0.99 on average for pages in scripts the networks know, at most 0.76 for others.
_READABLE = 0.8
_SURE = 0.6
_SURE_OF_ONE = 0.85  # specks and edges look like single letters
# The network's boxes leave this share of a line's height free on all sides.
_AIR = 0.12
_DARK = 128

_PixelBox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """The words of one line, its box in points of the upright sheet, and how thick its strokes are
    in points."""

    text: str
    box: Box
    stroke: float


def recognised(networks: Networks, sheet: Sheet) -> tuple[Sheet, list[RecognisedLine]]:
    """Return the sheet turned upright, and its lines in no particular order.

    There are none where the page is in a script that the networks do not know.
    """
    sheet, boxes = _upright(networks, sheet)
    pictures = [line_picture(sheet.picture, box) for box in boxes]
    letterings = dict(read_lines(networks, pictures))
    if not _is_readable(letterings.values()):
        return sheet, []
    return sheet, [
        _line(letterings[index].text, box, pictures[index], sheet.pixel)
        for index, box in enumerate(boxes)
        if _is_sure(letterings[index])
    ]


def _is_readable(letterings: Collection[Lettering]) -> bool:
    letters = sum(len(lettering.text) for lettering in letterings)
    sure = sum(lettering.sureness * len(lettering.text) for lettering in letterings)
    return sure > _READABLE * letters


def _is_sure(lettering: Lettering) -> bool:
    wanted = _SURE if len(lettering.text) > 1 else _SURE_OF_ONE
    return bool(lettering.text) and lettering.sureness >= wanted


def _line(text: str, box: _PixelBox, picture: Image.Image, pixel: float) -> RecognisedLine:
    left, top, right, bottom = (side * pixel for side in box)
    air = _AIR * (bottom - top)
    stroke = _stroke(picture) * (bottom - top) / picture.height
    tight = Box(left + air, top + air, max(left + 2 * air, right - air), bottom - air)
    return RecognisedLine(text, tight, stroke)


def _stroke(picture: Image.Image) -> float:
    """How many pixels wide the dark strokes of a line are on average."""
    dark = np.asarray(picture) < _DARK
    strokes = int(np.count_nonzero(dark[:, 1:] & ~dark[:, :-1]))
    return int(np.count_nonzero(dark)) / max(1, strokes)


def _upright(networks: Networks, sheet: Sheet) -> tuple[Sheet, list[_PixelBox]]:
    regions = _regions(networks, sheet.picture)
    if _stand_on_end(regions):
        sheet = sheet.turned(1)
        regions = _regions(networks, sheet.picture)
    if not regions:
        return sheet, []
    slope = _common_slope(regions)
    if not _LEAST_SLOPE < abs(slope) < _STEEPEST:
        slope = 0.0
    level = sheet.levelled(slope) if slope else sheet
    if slope:
        regions = _regions(networks, level.picture)
    boxes = [_within(level.picture, region) for region in regions]
    if not _is_upside_down(networks, level.picture, boxes):
        return level, boxes
    width, height = level.picture.size
    sheet = sheet.turned(2)
    sheet = sheet.levelled(slope) if slope else sheet
    return sheet, [(width - r, height - b, width - x, height - y) for x, y, r, b in boxes]


def _is_upside_down(networks: Networks, picture: Image.Image, boxes: Sequence[_PixelBox]) -> bool:
    """Ask the quick network about the longest lines, and in doubt read a few both ways."""
    longest = sorted(boxes, key=lambda box: box[0] - box[2])[:_ASKED_FOR_TURNING]
    lines = [line_picture(picture, box) for box in longest]
    share = upright_share(networks, lines) if lines else 1.0
    if not _DOUBT < share < 1 - _DOUBT:
        return share < 0.5
    few = lines[:_READ_BOTH_WAYS]
    turned = [line.transpose(Image.Transpose.ROTATE_180) for line in few]
    return _sureness(networks, turned) > _sureness(networks, few)


def _sureness(networks: Networks, lines: Sequence[Image.Image]) -> float:
    return sum(lettering.sureness for _, lettering in read_lines(networks, lines))


def _regions(networks: Networks, picture: Image.Image) -> list[Region]:
    """The lines' regions in pixels of the picture."""
    scale = _SEARCHED / max(picture.size)
    columns, rows = (max(_STEP, round(side * scale / _STEP) * _STEP) for side in picture.size)
    smaller = picture.resize((columns, rows), Image.Resampling.BILINEAR)
    found = regions_of(networks.line_map(np.asarray(smaller)))
    x, y = picture.width / columns, picture.height / rows
    return [
        Region(
            region.left * x,
            region.top * y,
            region.right * x,
            region.bottom * y,
            None if region.slope is None else region.slope * y / x,
        )
        for region in found
    ]


def _stand_on_end(regions: Sequence[Region]) -> bool:
    """True where most of what was found runs up or down the page."""
    upright = sum(region.width for region in regions if region.width > 1.5 * region.height)
    on_end = sum(region.height for region in regions if region.height > 1.5 * region.width)
    return on_end > upright


def _common_slope(regions: Sequence[Region]) -> float:
    slopes = [region.slope for region in regions if region.slope is not None]
    return median(slopes) if len(slopes) > 2 else 0.0


def _within(picture: Image.Image, region: Region) -> _PixelBox:
    return (
        max(0.0, region.left),
        max(0.0, region.top),
        min(float(picture.width), region.right),
        min(float(picture.height), region.bottom),
    )
