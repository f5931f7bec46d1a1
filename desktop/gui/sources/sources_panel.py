"""The right column: cards of the passages, the page itself, and how it was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.domain.answers import Answer, Citation
from desktop.domain.retrieval import RetrievedChunk
from desktop.gui.sources.excerpt import cited_sources, read_sources
from desktop.gui.sources.how_found import HowFound
from desktop.gui.sources.page_images import PageImages
from desktop.gui.sources.page_view import PageView
from desktop.gui.sources.source_list import SourceList
from desktop.gui.theme import Theme
from desktop.gui.tokens import HEADER_HEIGHT
from desktop.gui.widgets.buttons import TabButton

if TYPE_CHECKING:
    from desktop.assistant.events import Event
    from desktop.assistant.facade import Assistant


class SourcesPanel(QWidget):
    """Follows the chat: what it shows is the answer the reader looks at."""

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._answer: Answer | None = None
        self.setObjectName("sources")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        images = PageImages(assistant, self)
        self._images = images
        self.cards = SourceList(assistant, theme, images)
        self.page = PageView(assistant, theme, images, peek=False)
        self.how = HowFound(theme)
        self._tabs = [
            TabButton(self.tr("Sources")),
            TabButton(self.tr("Page")),
            TabButton(self.tr("How it was found")),
        ]
        self._lay_out()
        self.cards.citation_chosen.connect(self._follow)
        self.cards.page_clicked.connect(lambda: self._show_tab(1))
        theme.changed.connect(self._scale)
        self.show_answer(None)

    def show_answer(self, answer: Answer | None) -> None:
        """Show an answer's citations and passages; None empties the panel."""
        self._answer = answer
        self.how.show_answer(answer)
        if answer is None:
            self.cards.show_sources((), ())
            self._count(0)
            self._tabs[1].setEnabled(False)
            self._show_tab(0)
            return
        cited = cited_sources(answer)
        read = read_sources(answer.passages, {each.citation.chunk_id for each in cited})
        title = self.tr("Nearest passages") if answer.refused else self.tr("Read, not cited")
        self.cards.show_sources(cited, read, title)
        self._count(len(cited))
        first = (*cited, *read)[:1]
        if first:
            self.cards.choose(first[0].citation)
        self._tabs[1].setEnabled(bool(first))
        if not first and self._tabs[1].isChecked():
            self._show_tab(0)

    def show_passages(self, passages: Sequence[RetrievedChunk]) -> None:
        """Show what was found while the answer is still being made."""
        found = read_sources(tuple(passages), set())
        self.cards.show_sources((), found, self.tr("Passages found"))
        self._count(len(found))
        self._tabs[1].setEnabled(False)
        self._show_tab(0)

    def show_question(self, question: str) -> None:
        self.how.show_question(question)

    def open_citation(self, answer: Answer, citation: Citation) -> None:
        """Select the citation's card and show its page."""
        if answer is not self._answer:
            self.show_answer(answer)
        if not self._tabs[1].isChecked():
            self._show_tab(0)
        self.cards.choose(citation, in_sight=True)

    def show_event(self, event: Event) -> None:
        """Pages drawn by the reading process come as events; the chat tells what to show."""
        self._images.show_event(event)

    def tab_titles(self) -> list[str]:
        return [tab.text() for tab in self._tabs]

    def _lay_out(self) -> None:
        self._head = QFrame()
        self._head.setObjectName("panelHeader")
        row = QHBoxLayout(self._head)
        row.setContentsMargins(18, 0, 14, 0)
        row.setSpacing(18)
        for number, tab in enumerate(self._tabs):
            row.addWidget(tab)
            tab.clicked.connect(lambda _checked, at=number: self._show_tab(at))
        row.addStretch(1)
        holder = QWidget()
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(14, 14, 14, 14)
        inside.addWidget(self.page)
        self._stack = QStackedWidget()
        for widget in (self.cards, holder, self.how):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)
        self._scale()

    def _follow(self, citation: Citation) -> None:
        self.page.show_citation(citation)

    def _show_tab(self, number: int) -> None:
        self._tabs[number].setChecked(True)
        self._stack.setCurrentIndex(number)
        if number == 1 and self.cards.chosen is not None:
            chosen = self.cards.chosen
            QTimer.singleShot(0, self, lambda: self.page.show_citation(chosen))

    def _count(self, sources: int) -> None:
        text = self.tr("Sources {0}").format(sources) if sources else self.tr("Sources")
        self._tabs[0].setText(text)
        self._tabs[0].setAccessibleName(text)

    def _scale(self) -> None:
        self._head.setFixedHeight(self._theme.px(HEADER_HEIGHT))
