"""A cited answer about a lease, and the printed lease it was found in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF
from PySide6.QtGui import QFont, QFontMetricsF, QPageSize, QPainter, QPdfWriter

from desktop.domain.answers import (
    Answer,
    AnswerFigures,
    AnswerMode,
    Citation,
    Statement,
    Support,
)
from desktop.domain.documents import Box, Chunk
from desktop.domain.retrieval import Candidate, RetrievedChunk

QUESTION = "What is the monthly rent, and how much notice does the tenant give?"
TEXT = """The monthly rent is **$4,250**, payable on the first business day.

| Party | Notice |
|---|---|
| Tenant | 90 days |

A break fee of two months' rent may apply."""
PASSAGE = (
    "Tenant shall pay Landlord base rent of $4,250 per month, payable on the first business day "
    "of each calendar month. Tenant gives ninety days' notice."
)
RENT = "base rent of $4,250 per month"
NOTICE = "ninety days' notice"
PAGES = 3


def print_lease(path: Path) -> Box:
    """Write a PDF of three pages; the box is that of the rent on page 2."""
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(72)
    painter = QPainter(writer)
    font = QFont("DejaVu Serif")
    font.setPixelSize(12)
    painter.setFont(font)
    for number in range(1, PAGES + 1):
        if number > 1:
            writer.newPage()
        painter.drawText(QPointF(72, 120), RENT if number == 2 else f"Page {number}")
    width = QFontMetricsF(font).horizontalAdvance(RENT)
    painter.end()
    return Box(72, 109, 72 + width, 124)


def cited_answer(path: Path, box: Box | None = None) -> Answer:
    """An answer with two citations on page 2 and one statement that is not found."""
    boxes = (box,) if box is not None else ()
    passage = RetrievedChunk(
        chunk=Chunk(7, 1, 0, 2, 40, 40 + len(PASSAGE), PASSAGE, ("4. Rent", "4.1 Base rent")),
        document_id=1,
        document_sha256="0" * 64,
        path=str(path),
        title="Lease",
        page=2,
        boxes=boxes,
        score=0.03,
        similarity=0.8,
    )
    return Answer(
        text=TEXT,
        mode=AnswerMode.DOCUMENTS,
        model_id="fake",
        statements=(
            _statement(TEXT.split("\n", maxsplit=1)[0], Support.SUPPORTED, 0.9, (1,)),
            _statement("| Tenant | 90 days |", Support.SUPPORTED, 0.8, (2,)),
            _statement(TEXT.rsplit("\n", 1)[1], Support.NOT_FOUND, 0.1, ()),
        ),
        citations=(_citation(1, path, RENT, boxes), _citation(2, path, NOTICE, ())),
        passages=(passage,),
        candidates=(Candidate(7, str(path), 2, 1, 8.0, 2, 0.8, 1, 0.03),),
        figures=AnswerFigures(1900, 200, 0.4, 31.0, 1, 8192),
        prompt="<|im_start|>user\n<b>rent</b>",
    )


def _statement(text: str, support: Support, score: float, markers: tuple[int, ...]) -> Statement:
    start = TEXT.index(text)
    return Statement(text, start, start + len(text), support, score, markers)


def _citation(marker: int, path: Path, quote: str, boxes: tuple[Box, ...]) -> Citation:
    start = 40 + PASSAGE.index(quote)
    return Citation(
        marker=marker,
        document_id=1,
        document_sha256="0" * 64,
        path=str(path),
        title="Lease",
        chunk_id=7,
        page_number=2,
        page=2,
        heading_path=("4. Rent", "4.1 Base rent"),
        start=start,
        end=start + len(quote),
        quote=quote,
        boxes=boxes,
    )
