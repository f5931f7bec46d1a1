"""Text recognition with its real networks, in the reading process, on scans made here and found."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont

from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Page
from desktop.domain.errors import Cancelled
from desktop.domain.settings import DocumentSettings
from tests.support.shared_data import shared_data

WORDS = (
    "The binder keeps the boards flat under a press for two days.",
    "Où les bûches se consument, l'être élevé çà et là diminue.",
    "Größere Bücher dürfen über Nacht nicht auf der Kante stehen.",
)
WIDTH, HEIGHT = 1240, 620
LEFT, TOP, LEADING = 110, 120, 70


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings(page_time_limit_s=30))
    yield opened
    opened.close()


def scan() -> Image.Image:
    picture = Image.new("L", (WIDTH, HEIGHT), 250)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 32)
    for number, words in enumerate(WORDS):
        draw.text((LEFT, TOP + LEADING * number), words, 20, font)
    return picture


def recognised(reader: DocumentReader, path: Path) -> list[Page]:
    pictures = reader.read(path, CancelToken()).picture_pages
    return list(reader.recognise(path, pictures, CancelToken()))


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def share_found(words: tuple[str, ...], text: str) -> float:
    wanted = re.findall(r"\w+", " ".join(words))
    found = set(re.findall(r"\w+", plain(text)))
    return sum(word in found for word in wanted) / len(wanted)


@pytest.mark.journey
def test_scans_are_read_whichever_way_up_they_lie(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "scan.tiff"
    sides = [scan().rotate(angle, expand=True, fillcolor=250) for angle in (0, 90, 180, 270)]
    sides[0].save(path, save_all=True, append_images=sides[1:], dpi=(150, 150))
    pages = recognised(reader, path)
    assert [page.number for page in pages] == [1, 2, 3, 4]
    for page in pages:
        assert share_found(WORDS, page.text) > 0.9, page.text
        assert page.text.index("binder") < page.text.index("consument") < page.text.index("Kante")


@pytest.mark.journey
def test_a_slanting_noisy_scan_is_read_and_its_words_are_marked_where_they_stand(
    reader: DocumentReader, tmp_path: Path
) -> None:
    path = tmp_path / "scan.png"
    noise = Image.effect_noise((WIDTH, HEIGHT), 60)
    slanting = scan().rotate(-2.5, Image.Resampling.BICUBIC, fillcolor=250)
    Image.blend(slanting, noise, 0.25).save(path, dpi=(150, 150))
    (page,) = recognised(reader, path)
    assert share_found(WORDS, page.text) > 0.8, page.text
    pixel = 72 / 150
    first = next(line for line in page.lines if "binder" in page.text[line.start : line.end])
    middle = ((first.box.left + first.box.right) / 2, (first.box.top + first.box.bottom) / 2)
    assert middle[0] == pytest.approx(WIDTH / 2 * pixel, abs=60)
    assert middle[1] == pytest.approx((TOP + 17) * pixel, abs=20)


@pytest.mark.journey
def test_a_page_without_text_comes_back_empty(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.radial_gradient("L").resize((600, 400)).save(path)
    assert [page.text for page in recognised(reader, path)] == [""]


@pytest.mark.journey
def test_recognition_stops_when_told_to(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "scan.tiff"
    scan().save(path, save_all=True, append_images=[scan()] * 30)
    cancel = CancelToken()
    pages = reader.recognise(path, range(1, 32), cancel)
    next(pages)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(pages)


@pytest.mark.journey
def test_words_read_off_the_shared_scans_by_eye_are_recognised(reader: DocumentReader) -> None:
    manifest = json.loads(shared_data("documents", "manifest.json").read_text(encoding="utf-8"))
    rows = [row for row in manifest if row.get("ocr_expected")]
    missed = []
    for row in rows:
        path = shared_data("documents", row["path"])
        # The pages of one are the same scan four times; the second lies on its side.
        number = min(2, row["pages"])
        pages = reader.recognise(path, [number], CancelToken())
        text = plain(" ".join(page.text for page in pages))
        missed += [(row["path"], each) for each in row["ocr_expected"] if plain(each) not in text]
    assert len(rows) >= 6
    assert missed == []
