"""The bar over a collection: its name, and the ways to add to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu, QMessageBox, QWidget

from desktop.domain.documents import Collection
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.header import Header


class LibraryHeader(Header):
    """Asks for files and folders; says which were chosen."""

    paths_chosen = Signal(object)  # list of Path
    removal_confirmed = Signal()
    filter_changed = Signal(str)
    folders_wanted = Signal()
    rescan_wanted = Signal()
    check_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self._collection: Collection | None = None
        self._theme = theme
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(self.tr("Filter files"))
        self._filter.setAccessibleName(self.tr("Filter files by name or status"))
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self.filter_changed)
        folder = Button(self.tr("Add folder…"))
        folder.clicked.connect(self.ask_folder)
        files = Button(self.tr("Add files…"), "primary")
        files.clicked.connect(self.ask_files)
        self._more = Button("", "icon")
        self._more.set_icon(theme, "more")
        self._more.setAccessibleName(self.tr("More"))
        self._more.clicked.connect(self._open_menu)
        self._watching = Button("", "chip")
        self._watching.clicked.connect(self.folders_wanted)
        self._watching.hide()
        self.add_left(self._watching)
        for widget in (self._filter, self._more, folder, files):
            self.add_right(widget)
        self.menu = QMenu(self)
        self._narrow()
        theme.changed.connect(self._narrow)

    def show_collection(self, collection: Collection | None) -> None:
        self._collection = collection
        self.title.setText(collection.name if collection else self.tr("Library"))
        self._show_watching(collection.watched_folders if collection else 0)
        self._more.setVisible(collection is not None)
        self._filter.setVisible(collection is not None)

    def _show_watching(self, folders: int) -> None:
        one = folders == 1
        words = self.tr("Watching 1 folder") if one else self.tr("Watching {0} folders")
        self._watching.setText(words.format(folders))
        self._watching.setAccessibleName(words.format(folders))
        self._watching.setVisible(folders > 0)

    def focus_filter(self) -> None:
        self._filter.setFocus()
        self._filter.selectAll()

    def clear_filter(self) -> None:
        self._filter.clear()

    def _narrow(self) -> None:
        self._filter.setMaximumWidth(self._theme.px(200))

    def ask_folder(self) -> None:
        dialog = self._dialog(self.tr("Add a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    def ask_files(self) -> None:
        dialog = self._dialog(self.tr("Add files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(
            lambda names: self.paths_chosen.emit([Path(name) for name in names])
        )
        return dialog

    def _open_menu(self) -> None:
        self.menu.clear()
        self._offer(self.tr("Watched folders…"), self.folders_wanted.emit)
        self._offer(self.tr("Look for changes now"), self.rescan_wanted.emit)
        self._offer(self.tr("Check the collection"), self.check_wanted.emit)
        self.menu.addSeparator()
        self._offer(self.tr("Remove the collection…"), self._confirm_removal)
        self.menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))

    def _offer(self, text: str, do: Callable[[], object]) -> None:
        action = QAction(text, self.menu)
        action.triggered.connect(lambda _checked=False: do())
        self.menu.addAction(action)

    def _confirm_removal(self) -> None:
        if self._collection is None:
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Remove the collection “{0}”?").format(self._collection.name))
        box.setInformativeText(
            self.tr("Its passages are deleted. The files themselves and the chats stay.")
        )
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        remove.clicked.connect(self.removal_confirmed)
        box.open()
