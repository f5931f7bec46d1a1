"""A small question for one name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label


class NameDialog(QDialog):
    """Enter takes the name, Esc leaves; the button waits until there is one."""

    def __init__(
        self, parent: QWidget, title: str, action: str, chosen: Callable[[str], None]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(360)
        self._chosen = chosen
        self.name = QLineEdit()
        self.name.setMaxLength(100)
        self.name.setAccessibleName(title)
        self._take = Button(action, "primary")
        self._take.setDefault(True)
        self._take.setEnabled(False)
        cancel = Button(self.tr("Cancel"), "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(12)
        column.addWidget(Label(title, size=15, weight=600))
        column.addWidget(self.name)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self._take)
        column.addLayout(row)
        self.name.textChanged.connect(lambda text: self._take.setEnabled(bool(text.strip())))
        self._take.clicked.connect(self._finish)
        cancel.clicked.connect(self.reject)

    def _finish(self) -> None:
        name = " ".join(self.name.text().split())
        self.accept()
        self._chosen(name)
