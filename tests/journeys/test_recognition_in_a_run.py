"""Pictures of text: stored first with what they have, recognised afterwards, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import (
    DocumentIndexed,
    DocumentStatus,
    IndexProgress,
    IndexReport,
    IndexStage,
)
from desktop.storage.resources import resource_path
from tests.support.chroma_desk import ChromaDesk

pytestmark = pytest.mark.journey

TYPED = "The lease begins in March."
SCANNED = ("The rent is nine hundred", "The deposit is two thousand", "The notice is ninety days")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ChromaDesk]:
    opened = ChromaDesk.open(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lease whose first page was typed and whose others were scanned; a note beside it."""
    top = tmp_path / "files"
    top.mkdir()
    canvas = Canvas(str(top / "lease.pdf"))
    canvas.drawString(72, 700, TYPED)
    canvas.showPage()
    for text in SCANNED:
        canvas.drawImage(ImageReader(BytesIO(_scan(text))), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    (top / "note.md").write_text("The stork nests here.\n")
    return top


def _scan(text: str) -> bytes:
    [font, *_] = sorted(resource_path("fonts").glob("*.ttf"))
    image = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(image).text((120, 200), text, 0, ImageFont.truetype(str(font), 44))
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _texts(desk: ChromaDesk, path: Path) -> str:
    document = desk.store.document_at(desk.collection.id, str(path))
    assert document is not None
    return " ".join(chunk.text for chunk in desk.store.chunks_of_document(document.id))


def test_text_is_ready_first_and_what_was_recognised_is_not_recognised_again(
    desk: ChromaDesk, folder: Path
) -> None:
    path, cancel = folder / "lease.pdf", CancelToken()
    stages, report = [], None
    for event in desk.events(folder, cancel):
        if isinstance(event, IndexProgress):
            stages.append(event.stage)
            if event.stage is IndexStage.RECOGNISING and event.page:
                assert event.pages_total == len(SCANNED)
                # Everything that needed no recognition was ready before.
                assert TYPED in _texts(desk, path)
                assert "stork" in _texts(desk, folder / "note.md")
                cancel.cancel()
        report = event
    assert isinstance(report, IndexReport)
    assert report.stopped
    document = desk.store.document_at(desk.collection.id, str(path))
    assert document is not None
    assert document.status is DocumentStatus.READY
    kept = desk.store.kept_pages(document.id)
    assert 0 < len(kept) < len(SCANNED)

    recognised, outcome = [], None
    for event in desk.events(folder):
        if isinstance(event, IndexProgress) and event.page:
            recognised.append(event.page)
        elif isinstance(event, DocumentIndexed) and event.outcome.path == str(path):
            outcome = event.outcome
    assert set(recognised) == {2, 3, 4} - set(kept)
    assert outcome is not None
    assert outcome.status is DocumentStatus.READY
    words = _texts(desk, path).lower()
    assert TYPED.lower() in words
    for text in SCANNED:
        assert text.lower() in words
    again = desk.store.document_at(desk.collection.id, str(path))
    assert again is not None
    assert again.recognised_pages == len(SCANNED)
    assert desk.store.kept_pages(again.id) == []
    assert desk.run(folder).counts == {"unchanged": 2}
