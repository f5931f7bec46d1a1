"""The folder in which new model files are looked for, and what was found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.assistant.events import Event, Finished
from desktop.domain.errors import CarrelError
from desktop.domain.models import ModelEntry, NewModelFile
from desktop.domain.settings import ModelSettings
from desktop.gui.amounts import size_words
from desktop.gui.file_dialogs import ask_folder
from desktop.gui.settings.models.model_actions import ModelActions
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.switch import Switch

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class ModelFolderCard(Card):
    """Everything applies at once."""

    changed = Signal()

    def __init__(
        self, assistant: Assistant, theme: Theme, doing: ModelActions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Model folder"))
        self._assistant = assistant
        self._theme = theme
        self._doing = doing
        self._found: tuple[NewModelFile, ...] = ()
        self._path = ElidedLabel(size=13, tone="mute", mode=Qt.TextElideMode.ElideMiddle)
        self.choose = Button(self.tr("Choose…"))
        self.choose.setAccessibleName(self.tr("Choose the model folder"))
        self.choose.clicked.connect(self._ask)
        self.forget = Button(self.tr("Stop watching"), "quiet")
        self.forget.clicked.connect(lambda: self.take(""))
        self.by_itself = Switch(theme, self.tr("Import new files without asking"))
        self.by_itself.toggled.connect(self._take_import_new)
        self._new = QVBoxLayout()
        self._new.setSpacing(6)
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        settings = self._settings()
        words = self.tr("None. New model files in such a folder are offered here.")
        self._path.setText(settings.folder or words)
        self.forget.setVisible(bool(settings.folder))
        self.by_itself.setVisible(bool(settings.folder))
        self.by_itself.blockSignals(True)
        self.by_itself.setChecked(settings.import_new)
        self.by_itself.blockSignals(False)

    def show_event(self, event: Event) -> None:
        """Take what a look into the folder found, whoever asked for it."""
        body = event.body
        if not isinstance(body, Finished) or not isinstance(body.result, tuple):
            return
        new = [each for each in body.result if isinstance(each, NewModelFile)]
        if new:
            self.show_new(new)
        if any(isinstance(each, ModelEntry) for each in body.result):
            self.changed.emit()  # some were imported without asking

    def show_new(self, found: Sequence[NewModelFile]) -> None:
        """Offer files that the register does not know."""
        if tuple(found) == self._found:
            return
        self._found = tuple(found)
        while (item := self._new.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for file in self._found:
            self._new.addWidget(self._offer(file))

    def take(self, folder: str) -> None:
        """Watch this folder from now on; "" none."""
        if self._change(replace(self._settings(), folder=folder)):
            self.show_new(())
            if folder:
                self._assistant.models.files.look_for_new()

    def _offer(self, file: NewModelFile) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(ElidedLabel(file.name, size=13, weight=500), 1)
        line.addWidget(Label(size_words(file.size_bytes), size=13, tone="mute"))
        button = Button(self.tr("Import"))
        button.setAccessibleName(self.tr("Import {name}").format(name=file.name))
        button.clicked.connect(lambda: self._import(file))
        line.addWidget(button)
        return row

    def _import(self, file: NewModelFile) -> None:
        self.show_new([each for each in self._found if each != file])
        self._doing.import_files([Path(file.path)])

    def _take_import_new(self, wanted: bool) -> None:
        self._change(replace(self._settings(), import_new=wanted))

    def _change(self, models: ModelSettings) -> bool:
        preferences = self._assistant.preferences
        changed = replace(preferences.settings(), models=models)
        try:
            taken = self._doing.try_change(lambda: preferences.change(changed))
        except CarrelError:
            taken = False
        self.refresh()
        return taken

    def _settings(self) -> ModelSettings:
        return self._assistant.preferences.settings().models

    def _ask(self) -> None:
        title = self.tr("Folder to look for model files in")
        ask_folder(self.window(), title, lambda folder: self.take(str(folder)))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 12, 15, 13)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(self.tr("Model folder"), size=14, weight=600))
        words.addWidget(self._path)
        top.addLayout(words, 1)
        top.addWidget(self.forget)
        top.addWidget(self.choose)
        column.addLayout(top)
        column.addWidget(self.by_itself)
        column.addLayout(self._new)
