"""The cards of an answer's passages, with the page under the one that is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.answers import Citation
from desktop.gui.sources.excerpt import Source
from desktop.gui.sources.page_images import PageImages
from desktop.gui.sources.page_view import PageView
from desktop.gui.sources.passage_card import PassageCard
from desktop.gui.theme import Theme
from desktop.gui.widgets.labels import Label, SectionLabel

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class SourceList(QScrollArea):
    """One card is chosen at most."""

    citation_chosen = Signal(object)  # Citation
    page_clicked = Signal()

    def __init__(self, assistant: Assistant, theme: Theme, images: PageImages) -> None:
        super().__init__()
        self._theme = theme
        self._chosen: Citation | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Sources"))
        self.peek = PageView(assistant, theme, images, peek=True)
        self.peek.page_clicked.connect(self.page_clicked)
        self._empty = Label(size=13, tone="mute", wrap=True)
        self._empty.setText(
            self.tr("The passages that support an answer appear here, each with its page.")
        )
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(14, 14, 14, 14)
        self._column.setSpacing(11)
        self._column.addWidget(self._empty)
        self._column.addWidget(self.peek)
        self._column.addStretch(1)
        self.setWidget(page)
        self._cards: list[PassageCard] = []  # all that were ever needed, used again and again
        self._count = 0
        self._title = SectionLabel("")
        self._column.insertWidget(0, self._title)

    @property
    def chosen(self) -> Citation | None:
        return self._chosen

    @property
    def cards(self) -> list[PassageCard]:
        """The cards that are shown, in order."""
        return self._cards[: self._count]

    def show_sources(
        self, cited: Sequence[Source], read: Sequence[Source], title: str = ""
    ) -> None:
        """Fill the list: the cited ones first, the others under `title`."""
        self._chosen = None
        self.peek.hide()
        self._column.removeWidget(self.peek)
        self._column.removeWidget(self._title)
        for place, source in enumerate((*cited, *read)):
            self._place_card(place, source)
        self._count = len(cited) + len(read)
        for card in self._cards[self._count :]:
            card.hide()
        self._column.insertWidget(len(cited), self._title)
        self._column.insertWidget(self._count + 1, self.peek)
        self._title.setText(title)
        self._title.setVisible(bool(read))
        self._empty.setVisible(not self._count)
        self.verticalScrollBar().setValue(0)

    def choose(self, citation: Citation, *, in_sight: bool = False) -> None:
        """Select the citation's card and put its page below it."""
        card = next((each for each in self.cards if each.source.citation == citation), None)
        if card is None:
            return
        self._chosen = citation
        for each in self.cards:
            each.set_selected(each is card)
        self._column.removeWidget(self.peek)
        self._column.insertWidget(self._column.indexOf(card) + 1, self.peek)
        self.peek.show()
        self.peek.show_citation(citation)
        self.citation_chosen.emit(citation)
        if in_sight:
            QTimer.singleShot(0, card, lambda: self._bring(card))

    def _bring(self, card: PassageCard) -> None:
        self._column.activate()
        bottom = self.peek.geometry().bottom()
        self.ensureVisible(0, bottom, 0, 14)
        self.ensureVisible(0, card.geometry().top(), 0, 14)

    def _place_card(self, place: int, source: Source) -> None:
        if place < len(self._cards):
            self._cards[place].show_source(source)
            self._cards[place].show()
            return
        card = PassageCard(source, self._theme)
        card.clicked.connect(lambda: self.choose(card.source.citation))
        self._cards.append(card)
        self._column.insertWidget(place, card)
