"""A read-only text that is as high as its content and never opens anything it names."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QMimeData, QSizeF, Qt, QUrl
from PySide6.QtGui import QPixmap, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

# A chip with the spaces of no or little width that hold it in its place.
_CHIP = re.compile("[\u00a0\u202f\u200b]*\ufffc[\u202f]?")


class TextPane(QTextBrowser):
    """Selectable text without frame, background or scroll bars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit(QSizeF(self.document().size()))

    def loadResource(self, kind: int, _name: QUrl | str) -> object:
        """Answer with one empty pixel: without an answer Qt would open the path itself."""
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return QPixmap(1, 1)
        return ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page around it scrolls

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy plain words only, without the places where chips stood."""
        data = QMimeData()
        text = self.textCursor().selectedText().replace("\u2029", "\n").replace("\u2028", "\n")
        data.setText(_CHIP.sub("", text))
        return data

    def _fit(self, size: QSizeF) -> None:
        height = max(1, math.ceil(size.height()))
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)
