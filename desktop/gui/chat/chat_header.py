"""The bar over a conversation: its title, its collection, and the model that answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.documents import Collection
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.choice_pill import ChoicePill
from desktop.gui.widgets.header import Header

_NAME_WIDTH = 220


class ChatHeader(Header):
    """The pill opens a menu of collections, the chip asks for the menu of models."""

    collection_chosen = Signal(object)  # int or None
    model_clicked = Signal()
    copy_chat_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent)
        self._collections: Sequence[Collection] = ()
        self._chosen: int | None = None
        self._pill = ChoicePill(theme)
        self._pill.clicked.connect(self._open_collections)
        self._model = Button("", "chip")
        self._model.clicked.connect(self.model_clicked)
        self._more = Button("", "icon")
        self._more.set_icon(theme, "more")
        self._more.setAccessibleName(self.tr("More"))
        self._more.clicked.connect(self._open_more)
        for button in (self._pill, self._model, self._more):
            self.add_right(button)
        self.menu = QMenu(self)
        self.show_collection((), None)
        self.show_model("")

    @property
    def model_button(self) -> Button:
        """What the menu of models hangs under."""
        return self._model

    def show_title(self, title: str) -> None:
        self.title.setText(title or self.tr("New chat"))

    def show_collection(self, collections: Sequence[Collection], chosen: int | None) -> None:
        """Name the collection that answers, and keep the others for the menu."""
        self._collections = collections
        self._chosen = chosen
        collection = next((each for each in collections if each.id == chosen), None)
        shown = ""
        if collection is None:
            text = self.tr("No collection")
        else:
            files = self.tr("1 file") if collection.documents == 1 else self.tr("{0} files")
            count = files.format(f"{collection.documents:,}")
            text = f"{collection.name} · {count}"
            shown = f"{self._short(collection.name)} · {count}"
        self._pill.setText((shown or text).replace("&", "&&"))
        self._pill.updateGeometry()
        self._pill.setChecked(collection is not None)
        self._pill.setAccessibleName(self.tr("Collection: {0}").format(text))

    def _short(self, name: str) -> str:
        room = self._theme.px(_NAME_WIDTH)
        return self._pill.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)

    def show_model(self, name: str) -> None:
        text = name or self.tr("No model")
        room = self._theme.px(_NAME_WIDTH)
        middle = Qt.TextElideMode.ElideRight
        shown = self._model.fontMetrics().elidedText(_short_name(text), middle, room)
        self._model.setText(shown.replace("&", "&&") + " ▾")
        self._model.setAccessibleName(self.tr("Model: {0}").format(text))

    def _open_collections(self) -> None:
        self._pill.setChecked(self._chosen is not None)
        self.menu.clear()
        for collection in self._collections:
            self._offer(collection.name, collection.id)
        if self._collections:
            self.menu.addSeparator()
        self._offer(self.tr("No collection, model only"), None)
        self.menu.popup(self._pill.mapToGlobal(QPoint(0, self._pill.height() + 4)))

    def _offer(self, text: str, collection_id: int | None) -> None:
        action = QAction(text.replace("&", "&&"), self.menu)
        action.setCheckable(True)
        action.setChecked(collection_id == self._chosen)
        action.triggered.connect(lambda: self.collection_chosen.emit(collection_id))
        self.menu.addAction(action)

    def _open_more(self) -> None:
        self.menu.clear()
        action = QAction(self.tr("Copy the whole chat"), self.menu)
        action.triggered.connect(self.copy_chat_clicked)
        self.menu.addAction(action)
        self.menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 4)))


def _short_name(name: str) -> str:
    # "Instruct" tells a chat model from its base; here all of them are for chat.
    return name.removesuffix(" Instruct")
