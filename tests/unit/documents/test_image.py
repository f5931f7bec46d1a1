"""Pictures as documents: sizes, pages, facts and limits; what they say is recognised elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ExifTags, Image

from desktop.documents.content import PageFlag, ReadPage
from desktop.documents.reader_child import read_file
from desktop.documents.readers.image import image_sheets
from desktop.domain.documents import DocumentKind, PageUnit
from desktop.domain.errors import ContentTooLarge, DamagedFile
from tests.unit.documents.reading import opened, pages_of

LYING = 6  # the camera was turned a quarter to the right


def test_every_page_of_a_picture_waits_for_text_recognition(tmp_path: Path) -> None:
    path = tmp_path / "a.tiff"
    pages = [Image.new("L", (300, 400), 255) for _ in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(100, 100))
    first = opened(path)
    assert (first.kind, first.unit, first.page_count) == (DocumentKind.IMAGE, PageUnit.PAGE, 3)
    read = [event for event in read_file(path) if isinstance(event, ReadPage)]
    assert [event.page.number for event in read] == [1, 2, 3]
    assert all(event.flags == {PageFlag.PICTURE} for event in read)
    assert (round(read[0].page.width), round(read[0].page.height)) == (216, 288)


def test_a_photo_stands_upright_and_tells_its_date(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = LYING
    exif[ExifTags.Base.Artist] = "E. Kowalska"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2024:05:31 09:30:00"
    Image.new("RGB", (400, 200), "white").save(path, exif=exif)
    facts = opened(path).facts
    assert (facts.author, facts.created) == ("E. Kowalska", "2024-05-31T09:30:00")
    (page,) = pages_of(path)
    assert page.height == 2 * page.width
    ((_, sheet),) = image_sheets(path, [1])
    assert (round(sheet.width), round(sheet.height)) == (round(page.width), round(page.height))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_kind_of_colour_become_grey(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.tiff" if mode in ("CMYK", "I;16") else "a.png")
    Image.new(mode, (64, 48)).save(path)
    ((_, sheet),) = image_sheets(path, [1])
    assert (sheet.picture.mode, sheet.picture.size) == ("L", (64, 48))


def test_what_is_clear_in_a_picture_is_white_paper(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(path)
    ((_, sheet),) = image_sheets(path, [1])
    assert sheet.picture.getextrema() == (255, 255)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("1", (20_000, 10_000)).save(path)
    with pytest.raises(ContentTooLarge):
        pages_of(path)


def test_a_picture_that_breaks_off_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.effect_noise((400, 400), 90).save(path)
    path.write_bytes(path.read_bytes()[:8_000])
    with pytest.raises(DamagedFile):
        pages_of(path)


def test_specks_are_not_recognised(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (8, 300)).save(path)
    assert list(image_sheets(path, [1])) == []
