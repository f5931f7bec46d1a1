"""A printed page, drawn at any size, with the words of a citation marked as with a pen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.domain.documents import Box
from desktop.gui.sources.page_images import PageImages
from desktop.gui.theme import Theme
from desktop.gui.tokens import LIGHT

_PEEK = 0.92  # height of the part shown in a card, over its width
_MARGIN = 0.08  # of the page's width, cut on each side of that part


class PageCanvas(QWidget):
    """The whole page as high as it needs, or with `peek` the part around the marked words."""

    clicked = Signal()

    def __init__(
        self, images: PageImages, theme: Theme, *, peek: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._images = images
        self._theme = theme
        self._peek = peek
        self._path = ""
        self._index = 0
        self._boxes: tuple[Box, ...] = ()
        self._zoom = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(80)
        if peek:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        images.rendered.connect(self._rendered)

    def show_page(self, path: str, index: int, boxes: tuple[Box, ...]) -> None:
        """Show page `index` (from 0) with `boxes` marked."""
        self._path, self._index, self._boxes = path, index, boxes
        self._fit()
        self.update()

    def set_zoom(self, zoom: float) -> None:
        """1 fits the page to the width that is there."""
        self._zoom = zoom
        self._fit()

    def marked_rect(self) -> QRectF:
        """The marked words' place on this widget; empty when nothing is marked."""
        place = QRectF()
        for box in self._boxes:
            place = place.united(self._on_widget(box))
        return place

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(self.rect(), QColor(self._theme.tokens.page))
        page = self._page_rect()
        ratio = self.devicePixelRatioF()
        image = self._images.image(self._path, self._index, round(page.width() * ratio))
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(page, image)
            # Multiplied, the colour lies on the paper and the letters stay black.
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            for box in self._boxes:
                painter.fillRect(self._on_widget(box).adjusted(-1, -1, 1, 1), QColor(LIGHT.hl))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QColor(self._theme.tokens.line))
        painter.drawRect(frame)

    def _points(self) -> QSizeF:
        return self._images.page_size(self._path, self._index) if self._path else QSizeF()

    def _page_rect(self) -> QRectF:
        """Where the whole page lies; with `peek` part of it is outside the widget."""
        size = self._points()
        if size.isEmpty():
            return QRectF()
        cut = self._cut(size) if self._peek else 0.0
        width = self.width() / (1 - 2 * cut) if self._peek else self._width()
        height = width * size.height() / size.width()
        return QRectF(-cut * width, -self._shift(width / size.width(), height), width, height)

    def _cut(self, size: QSizeF) -> float:
        """How much of the side margins a part may lose; nothing that is marked."""
        lefts = [box.left for box in self._boxes]
        rights = [size.width() - box.right for box in self._boxes]
        return max(0.0, min([_MARGIN, *(room / size.width() for room in lefts + rights)]))

    def _shift(self, scale: float, height: float) -> float:
        if not self._peek or not self._boxes:
            return 0.0
        top = min(box.top for box in self._boxes) * scale
        return max(0.0, min(top - self.height() * 0.25, height - self.height()))

    def _on_widget(self, box: Box) -> QRectF:
        page, size = self._page_rect(), self._points()
        if size.isEmpty():
            return QRectF()
        scale = page.width() / size.width()
        width, height = box.right - box.left, box.bottom - box.top
        place = QRectF(box.left * scale, box.top * scale, width * scale, height * scale)
        return place.translated(page.topLeft())

    def _width(self) -> float:
        holder = self.parentWidget()
        there = holder.width() if holder is not None else self.width()
        return max(80.0, there * self._zoom)

    def _fit(self) -> None:
        size = self._points()
        if self._peek:
            whole = self.width() * size.height() / size.width() if not size.isEmpty() else 0.0
            self.setFixedHeight(max(40, round(min(whole or 1e9, self.width() * _PEEK))))
        elif not size.isEmpty():
            width = self._width()
            self.setFixedSize(round(width), round(width * size.height() / size.width()))

    def _rendered(self, path: str, index: int) -> None:
        if (path, index) == (self._path, self._index):
            self.update()
