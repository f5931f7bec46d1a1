"""What to import, and whether it is copied or used where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.amounts import size_words
from desktop.gui.file_dialogs import ask_files, ask_folder
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import ElidedLabel, Label


class ImportDialog(QDialog):
    """Enter imports, Esc leaves; nothing is touched before."""

    accepted_files = Signal(object, bool)  # list of Path; whether they are used in place

    def __init__(self, theme: Theme, paths: Sequence[Path], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Import model files"))
        self.setMinimumWidth(min(theme.px(520), 760))
        self._paths: list[Path] = []
        self._files = QVBoxLayout()
        self._files.setSpacing(4)
        self.copy = QRadioButton(self.tr("Copy into Carrel's folder"))
        self.in_place = QRadioButton(self.tr("Use it where it is"))
        self.take = Button(self.tr("Import"), "primary")
        self._lay_out()
        self.add(paths)

    def add(self, paths: Sequence[Path]) -> None:
        """Take more files along; one that is there already stays once."""
        for path in paths:
            if path not in self._paths:
                self._paths.append(path)
                self._files.addLayout(_row(path))
        self.take.setEnabled(bool(self._paths))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(12)
        column.addWidget(Label(self.tr("Import model files"), size=15, weight=600))
        words = self.tr(
            "Chat models, embedding models, rerankers and LoRA adapters as GGUF files; of a model "
            "in several files, any one. Each is checked and tried before it is taken up."
        )
        column.addWidget(Label(words, size=13, tone="mute", wrap=True))
        column.addLayout(self._files)
        column.addLayout(self._more())
        column.addLayout(self._ways())
        column.addLayout(self._buttons())

    def _more(self) -> QHBoxLayout:
        files = Button(self.tr("Add files…"))
        files.clicked.connect(self._ask_files)
        folder = Button(self.tr("Add a model folder…"))
        folder.setToolTip(self.tr("An embedding model or a reranker that is a folder of files"))
        folder.clicked.connect(
            lambda: ask_folder(self, self.tr("Folder of a model"), lambda path: self.add([path]))
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(files)
        row.addWidget(folder)
        row.addStretch(1)
        return row

    def _ways(self) -> QVBoxLayout:
        group = QButtonGroup(self)
        column = QVBoxLayout()
        column.setSpacing(2)
        details = (
            self.tr("It stays when the drive is taken away. A copy that was cut off goes on."),
            self.tr("Saves the room. It must stay where it is, unchanged."),
        )
        for button, detail in zip((self.copy, self.in_place), details, strict=True):
            group.addButton(button)
            button.setAccessibleName(button.text())
            button.setAccessibleDescription(detail)
            words = Label(detail, size=12, tone="mute", wrap=True)
            words.setContentsMargins(24, 0, 0, 4)
            column.addWidget(button)
            column.addWidget(words)
        self.copy.setChecked(True)
        return column

    def _buttons(self) -> QHBoxLayout:
        cancel = Button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.take.setDefault(True)
        self.take.clicked.connect(self._finish)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.take)
        return row

    def _ask_files(self) -> None:
        ask_files(self, self.tr("Model files"), self.tr("Model files (*.gguf)"), self.add)

    def _finish(self) -> None:
        paths, in_place = list(self._paths), self.in_place.isChecked()
        self.accept()
        self.accepted_files.emit(paths, in_place)


def _row(path: Path) -> QHBoxLayout:
    try:
        size = size_words(path.stat().st_size) if path.is_file() else ""
    except OSError:
        size = ""
    row = QHBoxLayout()
    row.setSpacing(10)
    # A name may hold bytes that are no text.
    name = path.name.encode("utf-8", "replace").decode("utf-8")
    shown = ElidedLabel(name, size=13, weight=500, mode=Qt.TextElideMode.ElideMiddle)
    row.addWidget(shown, 1)
    row.addWidget(Label(size, size=13, tone="mute"))
    return row
