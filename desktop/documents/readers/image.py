"""Pictures: facts and sizes first; what they say is recognised page by page afterwards."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from desktop.documents.content import Opened, PageFlag, Reading, ReadPage, Remark
from desktop.documents.recognition.sheets import Sheet
from desktop.domain.documents import DocumentFacts, DocumentKind, Page, PageUnit
from desktop.domain.errors import ContentTooLarge, DamagedFile

# No other decoder is asked: some start programs of their own.
_FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP")
# Decoded in colour these take a quarter of what the reading process may use.
_MOST_PIXELS = 80_000_000
_MOST_PAGES = 2_000
_LONGEST_SIDE = 3400
_SHORTEST_READABLE = 12
_POINTS_PER_INCH = 72.0
_USUAL_DENSITY = 96.0
_DENSITIES = (50.0, 2400.0)
_LONGEST_TITLE = 200
_EXIF_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d)(?: (\d\d:\d\d:\d\d))?")
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError)


def read_image(path: Path) -> Reading:
    """Yield the picture's facts and one page without text for each picture of the file."""
    with _opened(path) as image:
        count = _page_count(image)
        if count > _MOST_PAGES:
            yield Remark(f"It has {count:,} pages, of which the first {_MOST_PAGES:,} are read.")
            count = _MOST_PAGES
        facts, title = _facts(image), _title(image) or path.stem
        yield Opened(DocumentKind.IMAGE, title, PageUnit.PAGE, count, facts)
        for number in range(1, count + 1):
            _go_to(image, number, path)
            if number == 1:
                image.load()  # a damaged file is refused now and not in an hour
            width, height = _upright_size(image)
            size = _points_per_pixel(image)
            page = Page(number, "", width=width * size, height=height * size)
            yield ReadPage(page, frozenset({PageFlag.PICTURE}))


def image_sheets(path: Path, numbers: Sequence[int]) -> Iterator[tuple[int, Sheet]]:
    """The pictures of these pages in grey, small enough to be recognised; specks are left out."""
    with _opened(path) as image:
        for number in numbers:
            _go_to(image, number, path)
            width, height = _upright_size(image)
            if min(width, height) < _SHORTEST_READABLE:
                continue
            points = width * _points_per_pixel(image)
            image.draft("L", (_LONGEST_SIDE, _LONGEST_SIDE))
            grey = ImageOps.exif_transpose(_in_grey(image))
            grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.BILINEAR)
            yield number, Sheet(grey, points / grey.width)


def image_picture(path: Path, number: int, width_px: int) -> Image.Image:
    """One picture of the file, upright and in colour, at most `width_px` wide."""
    with _opened(path) as image:
        _go_to(image, number, path)
        image.draft("RGB", (width_px, width_px))
        upright = ImageOps.exif_transpose(image)
        clear = upright.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        if paper.width > width_px:
            height = max(1, round(paper.height * width_px / paper.width))
            paper = paper.resize((width_px, height), Image.Resampling.BILINEAR)
        return paper


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            # Sizes are judged here; what else Pillow warns of are odd values in the file.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_FORMATS) as image:
                yield image
    except Image.DecompressionBombError:
        raise ContentTooLarge(str(path), _too_many_pixels()) from None
    except UnidentifiedImageError:
        raise DamagedFile(str(path), "the picture cannot be decoded") from None
    except _DAMAGE as error:
        raise DamagedFile(str(path), f"the picture cannot be decoded ({error})") from None


def _too_many_pixels() -> str:
    return f"pictures of up to {_MOST_PIXELS:,} pixels are read"


def _page_count(image: Image.Image) -> int:
    """Only TIFF has pages; the other pictures of a GIF or a JPEG are motion or previews."""
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def _go_to(image: Image.Image, number: int, path: Path) -> None:
    if number > 1:
        image.seek(number - 1)
    if image.width * image.height > _MOST_PIXELS:
        raise ContentTooLarge(str(path), _too_many_pixels())


def _upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height after the camera's position is made good."""
    lies = image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8)
    return (image.height, image.width) if lies else (image.width, image.height)


def _points_per_pixel(image: Image.Image) -> float:
    given = image.info.get("dpi")
    density = float(given[0]) if isinstance(given, tuple) and given else 0.0
    lowest, highest = _DENSITIES
    return _POINTS_PER_INCH / (density if lowest <= density <= highest else _USUAL_DENSITY)


def _in_grey(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        levels = np.asarray(image, np.float32)
        # Sixteen bits, or whatever range the numbers have.
        top = max(255.0, float(levels.max(initial=0.0)))
        grey = Image.fromarray((levels * (255.0 / top)).clip(0, 255).astype(np.uint8))
        grey.info.update(image.info)
        return grey
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("LA")
        grey = Image.new("L", image.size, 255)
        grey.paste(clear.getchannel("L"), mask=clear.getchannel("A"))
        grey.info.update(image.info)
        return grey
    return image.convert("L")


def _facts(image: Image.Image) -> DocumentFacts:
    exif = image.getexif()
    taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
    author = exif.get(ExifTags.Base.Artist) or image.info.get("Author", "")
    return DocumentFacts(
        author=_plain(author),
        created=_iso_date(taken or image.info.get("Creation Time", "")),
        modified=_iso_date(exif.get(ExifTags.Base.DateTime, "")),
    )


def _title(image: Image.Image) -> str:
    given = image.info.get("Title") or image.getexif().get(ExifTags.Base.ImageDescription)
    title = _plain(given)
    return title if len(title) <= _LONGEST_TITLE else ""


def _plain(value: object) -> str:
    return " ".join(str(value or "").replace("\x00", " ").split())


def _iso_date(value: object) -> str:
    """The camera's way of writing a date, "2024:05:31 10:00:00", in ISO 8601; "" otherwise."""
    found = _EXIF_DATE.match(_plain(value))
    if found is None or found[1] == "0000" or not 1 <= int(found[2]) <= 12:
        return ""
    return f"{found[1]}-{found[2]}-{found[3]}" + (f"T{found[4]}" if found[4] else "")
