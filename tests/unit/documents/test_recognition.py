"""The parts of text recognition that need no network: regions, turning back, reading order."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop.documents.layout.lines import PrintedLine
from desktop.documents.layout.scattered import in_scattered_order
from desktop.documents.recognition.regions import regions_of
from desktop.documents.recognition.sheets import Sheet
from desktop.domain.documents import Box


def chances(*boxes: tuple[int, int, int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    likely = np.zeros((200, 600), np.float32)
    for left, top, right, bottom in boxes:
        likely[top:bottom, left:right] = 0.9
    return likely


def test_each_patch_of_likely_pixels_is_a_region_grown_to_the_whole_line() -> None:
    found = regions_of(chances((50, 20, 350, 30), (400, 20, 560, 30), (50, 100, 90, 112)))
    assert len(found) == 3
    widest = found[0]
    assert (widest.left < 50, widest.right > 350) == (True, True)
    assert (widest.top < 20, widest.bottom > 30) == (True, True)
    assert widest.slope == pytest.approx(0.0, abs=0.001)


def test_specks_and_doubtful_patches_are_no_regions() -> None:
    likely = chances((50, 20, 52, 22))
    likely[100:110, 50:200] = 0.35
    assert regions_of(likely) == []


def test_the_slope_of_a_line_is_found() -> None:
    likely = np.zeros((200, 600), np.float32)
    for column in range(50, 550):
        row = 60 + round(0.05 * column)
        likely[row : row + 10, column] = 0.9
    (region,) = regions_of(likely)
    assert region.slope == pytest.approx(0.05, abs=0.005)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_boxes_go_back_to_where_the_page_shows_them(quarters: int) -> None:
    picture = Image.new("L", (300, 200), 255)
    picture.paste(0, (40, 30, 60, 40))
    upright = Sheet(picture, 0.5).turned(quarters)
    found = Image.eval(upright.picture, lambda level: 255 - level).getbbox()
    assert found is not None
    box = upright.shown(Box(*(0.5 * side for side in found)))
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((20, 15, 30, 20))


def test_boxes_of_a_levelled_sheet_go_back_too() -> None:
    picture = Image.new("L", (400, 300), 255)
    picture.paste(0, (300, 200, 304, 204))
    levelled = Sheet(picture, 1.0).levelled(0.08)
    found = Image.eval(levelled.picture, lambda level: 255 - level).getbbox()
    assert found is not None
    box = levelled.shown(Box(*found))
    assert box.left < 302 < box.right
    assert box.top < 202 < box.bottom


def line(text: str, left: float, top: float, width: float = 200) -> PrintedLine:
    return PrintedLine(text, Box(left, top, left + width, top + 10), 10)


def test_columns_are_read_one_after_the_other_under_a_wide_title() -> None:
    left = [line(f"a long line of the left column {n}", 50, 100 + 14 * n) for n in range(5)]
    right = [line(f"a long line of the right column {n}", 300, 101 + 14 * n) for n in range(5)]
    title, foot = line("Title", 50, 60, 450), line("A closing line across", 50, 200, 450)
    mixed = [right[3], foot, left[0], right[0], title, *left[1:], *right[1:3], right[4]]
    assert in_scattered_order(mixed) == [title, *left, *right, foot]


def test_cells_side_by_side_are_rows_and_a_broken_header_is_one_row() -> None:
    cells = [
        line("Ballots", 150, 84, 60), line("Ballots", 250, 84, 60), line("Group", 50, 90, 60),
        line("Completed", 150, 96, 60), line("Spoiled", 250, 96, 60),
        line("Blind", 50, 120, 60), line("1", 150, 120, 20), line("4", 250, 120, 20),
        line("Deaf", 50, 136, 60), line("2", 150, 136, 20), line("3", 250, 136, 20),
    ]  # fmt: skip
    texts = [row.text for row in in_scattered_order(cells)]
    assert texts == ["Group\tBallots Completed\tBallots Spoiled", "Blind\t1\t4", "Deaf\t2\t3"]
