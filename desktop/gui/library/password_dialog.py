"""A question for the password of a file, or of several at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.documents import Document
from desktop.gui.library.document_words import name_text
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label


class PasswordDialog(QDialog):
    """Enter tries the password, Esc leaves; what was typed is never shown and never kept here."""

    chosen = Signal(str)

    def __init__(self, documents: Sequence[Document], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.tr("Password for {0}").format(name_text(documents[0]))
        if len(documents) > 1:
            title = self.tr("Password for {0} files").format(f"{len(documents):,}")
        self.setWindowTitle(title)
        self.setMinimumWidth(400)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(title)
        self._open = Button(self.tr("Open"), "primary")
        self._open.setDefault(True)
        self._open.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(12)
        column.addWidget(Label(title, size=15, weight=600, wrap=True))
        column.addWidget(self.field)
        words = self.tr(
            "Kept in memory until Carrel is closed, and never written down. The file's text is "
            "stored in this collection."
        )
        column.addWidget(Label(words, size=12, tone="mute", wrap=True))
        column.addLayout(self._buttons())
        self.field.textChanged.connect(lambda text: self._open.setEnabled(bool(text)))

    def _buttons(self) -> QHBoxLayout:
        cancel = Button(self.tr("Cancel"), "secondary")
        cancel.clicked.connect(self.reject)
        self._open.clicked.connect(self._finish)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self._open)
        return row

    def _finish(self) -> None:
        password = self.field.text()
        self.field.clear()
        self.accept()
        self.chosen.emit(password)
