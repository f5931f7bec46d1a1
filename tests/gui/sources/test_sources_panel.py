"""From a citation to the words on the page, with a real PDF."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QTableWidget, QWidget

from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.documents import Page, PageUnit
from desktop.gui.sources.page_canvas import PageCanvas
from desktop.gui.sources.sources_panel import SourcesPanel
from desktop.gui.tokens import LIGHT
from desktop.gui.widgets.buttons import Button, TabButton
from desktop.gui.widgets.labels import Label, SectionLabel
from tests.support.lease import NOTICE, PAGES, PASSAGE, QUESTION, RENT, cited_answer, print_lease
from tests.support.view_stage import Stage


def shown(stage: Stage) -> SourcesPanel:
    panel = SourcesPanel(stage.assistant, stage.theme)
    stage.show(panel, 400, 900)
    return panel


@pytest.fixture
def printed(tmp_path: Path) -> Answer:
    path = tmp_path / "Harbor lease.pdf"
    return cited_answer(path, print_lease(path))


def tab(panel: SourcesPanel, number: int) -> TabButton:
    return panel.findChildren(TabButton)[number]


def marked(canvas: PageCanvas) -> bool:
    """Whether the pen's colour lies on the page where the citation's words are."""
    image = canvas.grab().toImage()
    place = canvas.marked_rect().toRect()
    pen = QColor(LIGHT.hl)
    spots = [
        QPoint(x, y)
        for x in range(place.left(), place.right())
        for y in range(place.top(), place.bottom())
    ]
    return any(image.pixelColor(spot) == pen for spot in spots)


def test_cards_stand_in_citation_order_with_their_place(stage: Stage, printed: Answer) -> None:
    panel = shown(stage)
    panel.show_answer(printed)
    assert panel.tab_titles()[0] == "Sources 2"
    assert [card.source.marker for card in panel.cards.cards] == [1, 2]
    words = [label.text() for label in panel.cards.cards[0].findChildren(Label)]
    assert words[:2] == ["Harbor lease.pdf", "p. 2"]
    assert "4. Rent › 4.1 Base rent" in words


def test_the_supporting_words_are_marked_in_the_card(stage: Stage, printed: Answer) -> None:
    panel = shown(stage)
    panel.show_answer(printed)
    cuts = [card.source.excerpt for card in panel.cards.cards]
    assert [cut.text[cut.start : cut.end] for cut in cuts] == [RENT, NOTICE]


def test_opening_a_citation_shows_its_page_with_the_words_marked(
    stage: Stage, printed: Answer
) -> None:
    panel = shown(stage)
    panel.open_citation(printed, printed.citations[0])
    stage.settle()
    assert panel.cards.chosen == printed.citations[0]
    assert panel.cards.cards[0].property("selected") is True
    peek = panel.cards.peek
    assert peek.isVisible()
    stage.qtbot.waitUntil(lambda: marked(peek.canvas))
    places = [label.text() for label in peek.findChildren(Label)]
    assert f"page 2 of {PAGES}" in places


def test_the_page_tab_shows_the_whole_page_and_turns_it(stage: Stage, printed: Answer) -> None:
    panel = shown(stage)
    panel.open_citation(printed, printed.citations[0])
    stage.qtbot.mouseClick(tab(panel, 1), Qt.MouseButton.LeftButton)
    stage.settle()
    canvas = panel.page.canvas
    stage.qtbot.waitUntil(lambda: marked(canvas))
    _click(stage, panel.page, "Next page")
    assert panel.page.page_number == 3
    assert canvas.marked_rect().isEmpty()
    assert not _button(panel.page, "Next page").isEnabled()
    _click(stage, panel.page, "Previous page")
    stage.qtbot.waitUntil(lambda: marked(canvas))


def test_the_page_can_be_made_larger(stage: Stage, printed: Answer) -> None:
    panel = shown(stage)
    panel.open_citation(printed, printed.citations[0])
    stage.qtbot.mouseClick(tab(panel, 1), Qt.MouseButton.LeftButton)
    stage.settle()
    before = panel.page.canvas.width()
    _click(stage, panel.page, "Larger")
    assert panel.page.canvas.width() > before * 1.2
    stage.qtbot.waitUntil(lambda: marked(panel.page.canvas))


def test_a_click_on_another_card_shows_its_page(stage: Stage, printed: Answer) -> None:
    panel = shown(stage)
    panel.show_answer(printed)
    stage.settle()
    second = panel.cards.cards[1]
    stage.qtbot.mouseClick(second, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert panel.cards.chosen == printed.citations[1]
    assert second.property("selected") is True
    first = panel.cards.cards[0]
    first.setFocus()
    stage.qtbot.keyClick(first, Qt.Key.Key_Return)
    assert panel.cards.chosen == printed.citations[0]


def test_a_document_without_pages_is_shown_as_text_with_the_words_marked(
    stage: Stage, tmp_path: Path
) -> None:
    note = tmp_path / "note.md"
    text = "x" * 40 + PASSAGE
    note.write_text(text, encoding="utf-8")
    answer = cited_answer(note)
    citation = replace(answer.citations[0], page=None, unit=PageUnit.PART, page_number=1)
    answer = replace(answer, citations=(citation,))
    stage.desk.pages[1, 1] = Page(1, text)
    panel = shown(stage)
    panel.open_citation(answer, citation)
    stage.settle()
    peek = panel.cards.peek
    assert peek.text.isVisible() and not peek.canvas.isVisible()
    assert peek.text.marked_text() == RENT


def test_marks_fit_after_characters_that_qt_counts_twice(stage: Stage, tmp_path: Path) -> None:
    note = tmp_path / "note.md"
    text = "\U0001f4c4" * 40 + PASSAGE
    note.write_text(text, encoding="utf-8")
    answer = cited_answer(note)
    citation = replace(answer.citations[0], page=None, unit=PageUnit.PART, page_number=1)
    stage.desk.pages[1, 1] = Page(1, text)
    panel = shown(stage)
    panel.open_citation(replace(answer, citations=(citation,)), citation)
    assert panel.cards.peek.text.marked_text() == RENT


def test_a_missing_file_is_said_in_words_and_its_text_still_shown(
    stage: Stage, tmp_path: Path
) -> None:
    answer = cited_answer(tmp_path / "gone.pdf")
    stage.desk.pages[1, 2] = Page(2, "x" * 40 + PASSAGE)
    panel = shown(stage)
    panel.open_citation(answer, answer.citations[0])
    stage.settle()
    words = [label.text() for label in panel.cards.peek.findChildren(Label)]
    assert any("no longer at" in text for text in words)
    assert panel.cards.peek.text.marked_text() == RENT


def test_a_damaged_pdf_is_shown_as_text(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "damaged.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing that follows is a PDF")
    answer = cited_answer(path)
    stage.desk.pages[1, 2] = Page(2, "x" * 40 + PASSAGE)
    panel = shown(stage)
    panel.open_citation(answer, answer.citations[0])
    stage.settle()
    words = [label.text() for label in panel.cards.peek.findChildren(Label)]
    assert "The page cannot be drawn. This is its text." in words


def test_a_removed_document_is_said_in_words(stage: Stage, tmp_path: Path) -> None:
    answer = cited_answer(tmp_path / "gone.pdf")
    panel = shown(stage)
    panel.open_citation(answer, answer.citations[0])
    words = [label.text() for label in panel.cards.peek.findChildren(Label)]
    assert "This document is no longer in the collection." in words


def test_how_it_was_found_lists_candidates_and_the_exact_prompt(
    stage: Stage, printed: Answer
) -> None:
    panel = shown(stage)
    panel.show_answer(printed)
    panel.show_question(QUESTION)
    stage.qtbot.mouseClick(tab(panel, 2), Qt.MouseButton.LeftButton)
    table = panel.how.findChild(QTableWidget)
    assert table is not None
    cells = [table.item(0, column).text() for column in range(5)]  # type: ignore[union-attr]
    assert cells == ["Harbor lease.pdf", "2", "1", "2", "1"]
    prompt = panel.how.findChild(QPlainTextEdit)
    assert prompt is not None and prompt.toPlainText() == "<|im_start|>user\n<b>rent</b>"
    _click(stage, panel.how, "Copy the prompt")
    assert QGuiApplication.clipboard().text() == printed.prompt
    assert QUESTION in [label.text() for label in panel.how.findChildren(Label)]


def test_a_refusal_shows_the_nearest_passages(stage: Stage, printed: Answer) -> None:
    panel = shown(stage)
    panel.show_answer(replace(printed, refused=True, citations=(), statements=()))
    sections = [label.text() for label in panel.cards.findChildren(SectionLabel)]
    assert sections == ["Nearest passages"]
    assert [card.source.marker for card in panel.cards.cards] == [0]


def test_passages_are_shown_while_the_answer_is_made(stage: Stage, printed: Answer) -> None:
    panel = shown(stage)
    panel.show_passages(printed.passages)
    assert panel.tab_titles()[0] == "Sources 1"
    assert not tab(panel, 1).isEnabled()


def test_an_answer_of_the_model_alone_has_no_sources(stage: Stage, printed: Answer) -> None:
    panel = shown(stage)
    panel.show_answer(printed)
    panel.show_answer(Answer("Hello.", AnswerMode.MODEL_ONLY, "fake"))
    assert panel.cards.cards == []
    assert not panel.cards.peek.isVisible()
    panel.show_answer(None)
    assert panel.tab_titles()[0] == "Sources"


def _button(holder: QWidget, name: str) -> Button:
    buttons: list[Button] = holder.findChildren(Button)
    return next(each for each in buttons if each.accessibleName() == name)


def _click(stage: Stage, holder: QWidget, name: str) -> None:
    stage.qtbot.mouseClick(_button(holder, name), Qt.MouseButton.LeftButton)
    stage.settle()
