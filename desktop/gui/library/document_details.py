"""All that is known of one file, and what can be done about it."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.documents import Document
from desktop.gui.amounts import size_words
from desktop.gui.library.document_words import (
    changed_text,
    kind_text,
    needs_attention,
    status_text,
)
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label


class DocumentDetails(QDialog):
    """Shows the sentence that the error had when it happened."""

    retry_clicked = Signal(object)  # Document
    remove_clicked = Signal(object)  # Document

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = PurePath(document.path).name
        self.setWindowTitle(name)
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(Label(name, size=15, weight=600, wrap=True))
        if needs_attention(document):
            column.addWidget(Label(document.error_detail or status_text(document), wrap=True))
        column.addLayout(self._facts())
        column.addLayout(self._buttons())

    def _facts(self) -> QFormLayout:
        document = self._document
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        facts = [
            (self.tr("Path"), document.path),
            (self.tr("Kind"), kind_text(document)),
            (self.tr("Size"), size_words(document.size_bytes)),
            (self.tr("Changed"), changed_text(document)),
            (self.tr("Pages"), f"{document.pages:,}"),
            (self.tr("Passages"), f"{document.chunks:,}"),
            ("SHA-256", document.sha256),
        ]
        for name, value in facts:
            label = Label(_breakable(value), size=13, wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(Label(name, size=13, tone="mute"), label)
        return form

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        retry = Button(self.tr("Read again"))
        retry.clicked.connect(lambda: self._done(self.retry_clicked))
        remove = Button(self.tr("Remove"))
        remove.clicked.connect(lambda: self._done(self.remove_clicked))
        close = Button(self.tr("Close"), "primary")
        close.clicked.connect(self.close)
        close.setDefault(True)
        for button in (retry, remove):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        return row

    def _done(self, signal: SignalInstance) -> None:
        signal.emit(self._document)
        self.close()


def _breakable(text: str) -> str:
    """A long path or hash may break after any separator, or it would widen the dialog."""
    broken = text.replace("/", "/\u200b").replace("\\", "\\\u200b")
    if len(broken) == len(text) and len(text) > 40:
        broken = "\u200b".join(text[at : at + 16] for at in range(0, len(text), 16))
    return broken
