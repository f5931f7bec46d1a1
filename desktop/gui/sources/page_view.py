"""The page a citation stands on: printed where the file is a PDF, as text where it is not."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.answers import Citation
from desktop.domain.documents import Box, PageUnit
from desktop.domain.errors import CarrelError
from desktop.gui.place_words import long_place
from desktop.gui.sources.page_canvas import PageCanvas
from desktop.gui.sources.page_images import PageImages
from desktop.gui.sources.page_text import PageText
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel, Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_ZOOM_STEP, _ZOOM_MOST = 1.25, 5.0
_TEXT_HEIGHT = 300


class PageView(Card):
    """File name, page turning, zoom, and the page; `peek` is the small form under a card."""

    page_clicked = Signal()

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        images: PageImages,
        *,
        peek: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._images = images
        self._peek = peek
        self._citation: Citation | None = None
        self._number = 1  # of the page shown, from 1
        self._zoom = 1.0
        self.canvas = PageCanvas(images, theme, peek=peek)
        self.text = PageText(theme)
        self._words = Label(size=12, tone="mute", wrap=True)
        self._make_head(theme)
        self._lay_out(theme)
        self.canvas.clicked.connect(self.page_clicked)
        images.refused.connect(self._refused)

    def show_citation(self, citation: Citation) -> None:
        """Open the file at the citation's page."""
        self._citation = citation
        self._number = citation.page_number
        self._show()
        if not self._peek:
            QTimer.singleShot(0, self, self._scroll_to_mark)

    @property
    def page_number(self) -> int:
        return self._number

    def turn(self, by: int) -> None:
        """Show the page `by` pages further."""
        self._number += by
        self._show()

    def _make_head(self, theme: Theme) -> None:
        self._name = ElidedLabel(size=13, tone="mute")
        self._place = Label(size=12, tone="mute")
        self._back = self._turner(theme, "chevron-left", self.tr("Previous page"), -1)
        self._next = self._turner(theme, "chevron-right", self.tr("Next page"), 1)
        self._out = self._zoomer(theme, "zoom-out", self.tr("Smaller"), 1 / _ZOOM_STEP)
        self._in = self._zoomer(theme, "zoom-in", self.tr("Larger"), _ZOOM_STEP)

    def _turner(self, theme: Theme, icon: str, name: str, by: int) -> Button:
        button = Button("", "icon")
        button.set_icon(theme, icon, size=14)
        button.setAccessibleName(name)
        button.clicked.connect(lambda: self.turn(by))
        return button

    def _zoomer(self, theme: Theme, icon: str, name: str, factor: float) -> Button:
        button = Button("", "icon")
        button.set_icon(theme, icon)
        button.setAccessibleName(name)
        button.clicked.connect(lambda: self._zoom_by(factor))
        return button

    def _lay_out(self, theme: Theme) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(5, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self._name, 1)
        for widget in (self._out, self._in, self._back, self._place, self._next):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 5, 9, 9)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._words)
        if self._peek:
            column.addWidget(self.canvas)
            self.text.setFixedHeight(theme.px(_TEXT_HEIGHT))
            column.addWidget(self.text)
        else:
            self._scroll = QScrollArea()
            self._scroll.setFrameShape(QFrame.Shape.NoFrame)
            self._scroll.setAccessibleName(self.tr("Page"))
            self._scroll.setWidget(self.canvas)
            column.addWidget(self._scroll, 1)
            column.addWidget(self.text, 1)

    def _show(self) -> None:
        citation = self._citation
        if citation is None:
            return
        self._name.setText(PurePath(citation.path).name)
        problem = self._problem(citation)
        count = 0
        if not problem and citation.unit is PageUnit.PAGE:
            count = self._images.page_count(citation)
            if count == 0:
                problem = self.tr("The page cannot be drawn. This is its text.")
        if count:
            self._show_printed(citation, count)
        else:
            self._show_text(citation, problem)

    def _refused(self, path: str) -> None:
        if self._citation is not None and self._citation.path == path:
            self._show()

    def _problem(self, citation: Citation) -> str:
        path = Path(citation.path)
        # A file inside another one is there as long as the outer one is.
        if any(each.is_file() for each in (path, *path.parents)):
            return ""
        words = self.tr("The file is no longer at {0}. This is its text as it was read.")
        return words.format(citation.path)

    def _show_printed(self, citation: Citation, count: int) -> None:
        self._number = min(max(self._number, 1), count)
        here = self._number == citation.page_number
        boxes: tuple[Box, ...] = citation.boxes if here else ()
        self.canvas.show_page(citation.path, self._number - 1, boxes)
        self._turn_state(self._number > 1, self._number < count)
        self._place.setText(self.tr("page {0} of {1}").format(self._number, count))
        self._show_parts(printed=True, words="")

    def _show_text(self, citation: Citation, problem: str) -> None:
        try:
            page = self._assistant.library.page(citation.document_id, self._number)
        except CarrelError:
            if self._number > citation.page_number:
                self._number -= 1
                self._turn_state(self._number > 1, False)
                return
            gone = self.tr("This document is no longer in the collection.")
            self.text.show_text(citation.quote, 0, 0)
            self._turn_state(False, False)
            self._place.setText("")
            self._show_parts(printed=False, words=gone)
            return
        here = self._number == citation.page_number
        start, end = (citation.start, citation.end) if here else (0, 0)
        self.text.show_text(page.text, start, end)
        name = f" · {page.name}" if page.name else ""
        self._place.setText(long_place(citation.unit, self._number) + name)
        self._turn_state(self._number > 1, True)
        self._show_parts(printed=False, words=problem)

    def _turn_state(self, back: bool, forward: bool) -> None:
        self._back.setEnabled(back)
        self._next.setEnabled(forward)

    def _show_parts(self, *, printed: bool, words: str) -> None:
        (self.canvas if self._peek else self._scroll).setVisible(printed)
        self.text.setVisible(not printed)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        for button in (self._out, self._in):
            button.setVisible(printed and not self._peek)

    def _zoom_by(self, factor: float) -> None:
        self._zoom = min(max(self._zoom * factor, 0.5), _ZOOM_MOST)
        self.canvas.set_zoom(self._zoom)

    def _scroll_to_mark(self) -> None:
        place = self.canvas.marked_rect().center().toPoint()
        if not self.canvas.marked_rect().isEmpty():
            self._scroll.ensureVisible(place.x(), place.y(), 80, self._scroll.height() // 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._peek:
            self.canvas.set_zoom(self._zoom)
