"""Pages that Qt cannot draw itself are drawn by the reading process, with the same marks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from desktop.domain.answers import Answer
from desktop.domain.documents import Box, Document, DocumentKind, DocumentStatus, Page
from desktop.gui.sources.sources_panel import SourcesPanel
from tests.support.lease import PASSAGE, RENT, cited_answer
from tests.support.view_stage import Stage

PAPER = QColor(250, 240, 200)  # what the fake draws


def attached(stage: Stage, mail: Path) -> Answer:
    """An answer that cites the second page of a scan attached to a message."""
    path = f"{mail}/scan.png"
    answer = cited_answer(mail)
    boxes = (Box(60, 60, 240, 80),)
    citation = replace(answer.citations[0], path=path, boxes=boxes)
    ready = DocumentStatus.READY
    stage.desk.documents[1] = Document(
        1, 1, path, "scan", DocumentKind.IMAGE, ready, "0" * 64, 9, 1, pages=2, parent_id=7
    )
    stage.desk.pages[1, 2] = Page(2, "x" * 40 + PASSAGE, width=300.0, height=200.0)
    return replace(answer, citations=(citation,))


def colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 4)
        for y in range(0, image.height(), 4)
    }


def test_a_page_of_an_attached_scan_is_drawn_with_its_words_marked(
    stage: Stage, tmp_path: Path
) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_text("Subject: scan", encoding="utf-8")
    answer = attached(stage, mail)
    panel = SourcesPanel(stage.assistant, stage.theme)
    stage.show(panel, 400, 900)
    panel.open_citation(answer, answer.citations[0])
    stage.qtbot.waitUntil(lambda: PAPER.name() in colours(panel.cards.peek.canvas))
    assert not panel.cards.peek.canvas.marked_rect().isEmpty()
    assert len(colours(panel.cards.peek.canvas)) > 1  # the pen's colour lies on the paper


def test_a_page_that_cannot_be_drawn_is_shown_as_text(stage: Stage, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_text("Subject: scan", encoding="utf-8")
    answer = attached(stage, mail)
    del stage.desk.documents[1]
    panel = SourcesPanel(stage.assistant, stage.theme)
    stage.show(panel, 400, 900)
    panel.open_citation(answer, answer.citations[0])
    stage.settle()
    assert panel.cards.peek.text.isVisible()
    assert panel.cards.peek.text.marked_text() == RENT
