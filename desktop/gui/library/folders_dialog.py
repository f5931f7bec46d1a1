"""The folders a collection follows: what is taken from each, and the way to let go of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.documents import WatchedFolder
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel, Label

if TYPE_CHECKING:
    from desktop.domain.documents import Collection


class FolderCard(Card):
    """One folder with its patterns; a changed pattern counts as soon as the field is left."""

    changed = Signal(object)  # WatchedFolder
    forgotten = Signal(object)  # WatchedFolder

    def __init__(self, folder: WatchedFolder) -> None:
        super().__init__()
        self._folder = folder
        self._include = self._field(self.tr("All files"), folder.include)
        self._exclude = self._field(self.tr("None"), folder.exclude)
        self._include.setAccessibleName(self.tr("Take only, in {0}").format(folder.path))
        self._exclude.setAccessibleName(self.tr("Leave out, in {0}").format(folder.path))
        forget = Button(self.tr("Remove"), "quiet")
        forget.setAccessibleName(self.tr("Remove {0} from the collection").format(folder.path))
        forget.clicked.connect(lambda: self.forgotten.emit(self._folder))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 10, 12)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(ElidedLabel(folder.path, size=13, weight=600), 1)
        top.addWidget(forget)
        column.addLayout(top)
        if not folder.reachable:
            words = self.tr("Not to be found right now. What was read from it is kept.")
            column.addWidget(Label(words, size=12, tone="warn", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.addWidget(Label(self.tr("Take only"), size=12, tone="mute"), 0, 0)
        grid.addWidget(self._include, 0, 1)
        grid.addWidget(Label(self.tr("Leave out"), size=12, tone="mute"), 1, 0)
        grid.addWidget(self._exclude, 1, 1)
        column.addLayout(grid)

    def _field(self, placeholder: str, patterns: tuple[str, ...]) -> QLineEdit:
        field = QLineEdit("; ".join(patterns))
        field.setPlaceholderText(placeholder)
        field.editingFinished.connect(self._take)
        return field

    def _take(self) -> None:
        wanted = replace(
            self._folder,
            include=_patterns(self._include.text()),
            exclude=_patterns(self._exclude.text()),
        )
        if wanted != self._folder:
            self._folder = wanted
            self.changed.emit(wanted)


class FoldersDialog(QDialog):
    """Everything applies at once."""

    changed = Signal(object)  # WatchedFolder
    forgotten = Signal(object)  # WatchedFolder
    rescan_wanted = Signal()

    def __init__(
        self, collection: Collection, folders: list[WatchedFolder], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.tr("Folders of {0}").format(collection.name)
        self.setWindowTitle(title)
        self.resize(560, 420)
        words = self.tr(
            "New and changed files are read by themselves, deleted ones leave the collection. "
            "Removing a folder here leaves its files where they are. Patterns such as *.pdf or "
            "drafts/* are parted by semicolons."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(Label(title, size=15, weight=600, wrap=True))
        column.addWidget(Label(words, size=13, tone="mute", wrap=True))
        column.addWidget(self._list(folders), 1)
        column.addLayout(self._buttons())

    def _list(self, folders: list[WatchedFolder]) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for folder in folders:
            card = FolderCard(folder)
            card.changed.connect(self.changed)
            card.forgotten.connect(self.forgotten)
            card.forgotten.connect(lambda _folder, gone=card: gone.hide())
            column.addWidget(card)
        if not folders:
            column.addWidget(Label(self.tr("No folder is followed."), size=13, tone="mute"))
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        return area

    def _buttons(self) -> QHBoxLayout:
        rescan = Button(self.tr("Look for changes now"))
        rescan.clicked.connect(self.rescan_wanted)
        close = Button(self.tr("Close"), "primary")
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addWidget(rescan)
        row.addStretch(1)
        row.addWidget(close)
        return row


def _patterns(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
