"""The panel beside the models: the chosen file's facts, and how it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.models import ModelEntry, ModelStatus
from desktop.gui.amounts import day_words, size_words
from desktop.gui.fonts import mono_font
from desktop.gui.settings.fields import NumberField, context_field, temperature_field
from desktop.gui.settings.model_words import licence_words
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.theme import Theme
from desktop.gui.tokens import HEADER_HEIGHT
from desktop.gui.widgets.buttons import Button, TabButton
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.restyle import set_style_property

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

_WIDTH = 380


class ModelDetails(QFrame):
    """Rebuilt for every model that is chosen."""

    verify_wanted = Signal(str)
    remove_wanted = Signal(str)

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setAccessibleName(self.tr("Details"))
        self._assistant = assistant
        self._beside = True
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = QFrame()
        self._head.setObjectName("panelHeader")
        row = QHBoxLayout(self._head)
        row.setContentsMargins(18, 12, 18, 0)
        tab = TabButton(self.tr("Details"))
        tab.setChecked(True)
        row.addWidget(tab)
        row.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(self.tr("Details"))
        column.addWidget(self._head)
        column.addWidget(self._scroll, 1)
        self._scale()
        theme.changed.connect(self._scale)

    def show_model(self, entry: ModelEntry, *, in_use: bool, verified: bool) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 16, 18, 18)
        column.setSpacing(14)
        names = QVBoxLayout()
        names.setSpacing(4)
        names.addWidget(Label(entry.name, size=13, weight=600, wrap=True))
        use = self.tr("Used for chat") if in_use else self.tr("Not in memory")
        names.addWidget(Label(use, size=13, tone="mute"))
        column.addLayout(names)
        column.addLayout(self._facts(entry, verified))
        if entry.status is ModelStatus.READY:
            for field in self._fields(entry):
                column.addWidget(self._setting(field))
            note = self.tr("A change of context or threads loads the model anew when it is asked.")
            column.addWidget(Label(note, size=12, tone="mute", wrap=True))
        column.addLayout(self._actions(entry))
        column.addStretch(1)
        self._scroll.setWidget(body)

    def set_beside(self, beside: bool) -> None:
        """Stand beside the cards at a fixed width, or below them in a narrow window."""
        self._beside = beside
        set_style_property(self, "below", not beside)
        width = min(self._theme.px(_WIDTH), 520)
        self.setMinimumWidth(width if beside else 0)
        self.setMaximumWidth(width if beside else 16_777_215)

    def _facts(self, entry: ModelEntry, verified: bool) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnMinimumWidth(0, self._theme.px(118))
        grid.setColumnStretch(1, 1)
        imported = self.tr("with Carrel") if entry.included else day_words(entry.imported_at)
        file_name = entry.path.replace("\\", "/").rpartition("/")[2]
        digest = f"{entry.sha256[:4]}…{entry.sha256[-4:]}" if entry.sha256 else "–"
        for name, value in (
            (self.tr("File"), file_name),
            (self.tr("SHA-256"), digest + (self.tr(" ✓ matches") if verified else "")),
            (self.tr("Size"), size_words(entry.size_bytes)),
            (self.tr("Architecture"), entry.architecture),
            (self.tr("Licence"), licence_words(entry.licence) or self.tr("not stated")),
            (self.tr("Imported"), imported),
        ):
            row = grid.rowCount()
            grid.addWidget(Label(name, size=13, tone="mute"), row, 0)
            shown = ElidedLabel(value, size=13, mode=Qt.TextElideMode.ElideMiddle)
            if name == self.tr("SHA-256"):
                shown.setStyleSheet(f"font-family: '{mono_font(12).family()}';")
                shown.setToolTip(entry.sha256)
                shown.setAccessibleDescription(entry.sha256)
            grid.addWidget(shown, row, 1)
        return grid

    def _fields(self, entry: ModelEntry) -> tuple[NumberField, ...]:
        threads = NumberField(
            ("engine", "threads"),
            self.tr("Threads"),
            self.tr("0 leaves the choice to Carrel."),
            0,
            _processors(),
            zero=self.tr("Automatic"),
        )
        return context_field(min(entry.context_tokens, 131_072)), threads, temperature_field()

    def _setting(self, field: NumberField) -> SettingRow:
        preferences = self._assistant.preferences
        return SettingRow(
            self._theme, field, preferences.settings, preferences.change, compact=True
        )

    def _actions(self, entry: ModelEntry) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        if entry.status is not ModelStatus.MISSING:
            verify = Button(self.tr("Verify checksum"))
            verify.clicked.connect(lambda: self.verify_wanted.emit(entry.id))
            row.addWidget(verify)
        if not entry.included:
            remove = Button(self.tr("Remove"))
            remove.clicked.connect(lambda: self.remove_wanted.emit(entry.id))
            row.addWidget(remove)
        row.addStretch(1)
        return row

    def _scale(self) -> None:
        self.set_beside(self._beside)
        self._head.setFixedHeight(self._theme.px(HEADER_HEIGHT))


def _processors() -> int:
    import os

    return os.cpu_count() or 1
