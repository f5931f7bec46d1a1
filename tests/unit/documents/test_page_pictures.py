"""Pages drawn for people, by the reading process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from desktop.documents.reader import DocumentReader
from desktop.domain.cancel import CancelToken
from desktop.domain.errors import DamagedFile, KindUnsupported, PasswordNeeded
from desktop.domain.settings import DocumentSettings
from tests.unit.documents.made_files import encrypted, write_pdf

LINES = [[(72, 72, 20, "First")], [(72, 72, 20, "Second")]]


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    opened = DocumentReader(DocumentSettings())
    yield opened
    opened.close()


def test_a_page_of_a_pdf_is_drawn_as_wide_as_asked(reader: DocumentReader, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", LINES)
    drawn = reader.picture(path, 2, 400, CancelToken())
    assert abs(drawn.width - 400) <= 1
    assert len(drawn.levels) == 3 * drawn.width * drawn.height
    assert min(drawn.levels) < 80 and max(drawn.levels) == 255  # letters on paper


def test_a_picture_keeps_its_colours_and_loses_what_is_clear(
    reader: DocumentReader, tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    Image.new("RGBA", (800, 400), (200, 30, 30, 0)).save(path)
    drawn = reader.picture(path, 1, 200, CancelToken())
    assert (drawn.width, drawn.height) == (200, 100)
    assert set(drawn.levels) == {255}


def test_an_encrypted_file_is_drawn_with_its_password_alone(
    reader: DocumentReader, tmp_path: Path
) -> None:
    path = encrypted(write_pdf(tmp_path / "a.pdf", LINES), "sesame", "owner")
    with pytest.raises(PasswordNeeded):
        reader.picture(path, 1, 200, CancelToken())
    assert reader.picture(path, 1, 200, CancelToken(), passwords=("sesame",)).height > 0


def test_what_has_no_such_page_is_refused(reader: DocumentReader, tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        reader.picture(write_pdf(tmp_path / "a.pdf", LINES), 9, 200, CancelToken())
    note = tmp_path / "note.txt"
    note.write_text("Words without pages.", encoding="utf-8")
    with pytest.raises(KindUnsupported):
        reader.picture(note, 1, 200, CancelToken())
