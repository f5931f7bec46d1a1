"""An empty chat: three things to do with what is there, or the sample's questions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.icons import icon_pixmap
from desktop.gui.theme import Theme
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label


class OfferCard(Card):
    """One thing to do: a picture, a few words, and why."""

    def __init__(self, theme: Theme, icon: str, title: str, detail: str = "") -> None:
        super().__init__(clickable=True)
        self._theme = theme
        self._icon = icon
        self._title = title
        self._picture = QLabel()
        self._detail = Label(detail, size=12, tone="mute", wrap=True)
        self._detail.setVisible(bool(detail))
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(Label(title, size=14, weight=500, wrap=True))
        words.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 13, 14, 13)
        row.setSpacing(12)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.setAccessibleName(f"{title}. {detail}" if detail else title)
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def title(self) -> str:
        return self._title

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        size = self._theme.px(18)
        self._picture.setPixmap(icon_pixmap(self._icon, self._theme.tokens.acc, size, ratio))


class EmptyChat(QWidget):
    """Stands in the reading column until the first question."""

    add_folder = Signal()
    try_sample = Signal()
    import_model = Signal()
    question_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = Label(size=22, weight=600, wrap=True)
        self._line = Label(size=14, tone="mute", wrap=True)
        self._cards = QGridLayout()
        self._cards.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self._line)
        column.addSpacing(10)
        column.addLayout(self._cards)
        column.addStretch(3)

    @property
    def cards(self) -> list[OfferCard]:
        """What is offered now, in order."""
        items = (self._cards.itemAt(at) for at in range(self._cards.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, OfferCard)]

    def show_start(self, collection: str, sample_there: bool) -> None:
        """Offer what a new person, or a new chat, can begin with."""
        if collection:
            self._title.setText(self.tr("What would you like to know?"))
            text = self.tr("Answers come from {0}, with the page each one stands on.")
            self._line.setText(text.format(collection))
        else:
            self._title.setText(self.tr("Ask your own files"))
            self._line.setText(
                self.tr("Everything stays on this computer: the files, the model, the answers.")
            )
        folder = OfferCard(
            self._theme,
            "folder",
            self.tr("Add a folder"),
            self.tr("PDF, Word, Markdown, HTML and text files become searchable."),
        )
        sample = OfferCard(
            self._theme,
            "library",
            self.tr("Use the sample collection")
            if sample_there
            else self.tr("Try the sample collection"),
            self.tr("Ten short documents of a small firm, with three questions to click."),
        )
        model = OfferCard(
            self._theme,
            "download",
            self.tr("Import a model file"),
            self.tr("A GGUF file from this computer or a USB drive."),
        )
        folder.clicked.connect(self.add_folder)
        sample.clicked.connect(self.try_sample)
        model.clicked.connect(self.import_model)
        self._fill([folder, sample, model])

    def show_reading(self, done: int, total: int) -> None:
        """Say how far the sample is, where its questions will stand."""
        self._title.setText(self.tr("Reading the files"))
        words = self.tr("{0} of {1} files are ready to be asked.")
        self._line.setText(words.format(done, total) if total else "")
        self._fill([])

    def show_questions(self, collection: str, questions: Sequence[str]) -> None:
        """Offer questions that this collection can answer."""
        self._title.setText(self.tr("What would you like to know?"))
        text = self.tr("{0} is ready. Click a question, or write your own.")
        self._line.setText(text.format(collection))
        cards = []
        for question in questions:
            card = OfferCard(self._theme, "chat", question)
            card.clicked.connect(lambda asked=question: self.question_chosen.emit(asked))
            cards.append(card)
        self._fill(cards)

    def _fill(self, cards: Sequence[OfferCard]) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, card in enumerate(cards):
            self._cards.addWidget(card, row, 0)
