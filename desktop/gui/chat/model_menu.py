"""The menu under the model's name: what answers this chat or all chats, and how freely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.engine import SamplerSettings
from desktop.gui.chat.model_row import ModelRow
from desktop.gui.chat.wording_row import WordingRow
from desktop.gui.theme import Theme
from desktop.gui.widgets.choice_pill import ChoicePill
from desktop.gui.widgets.labels import Label

_WIDTH = 380
_ROWS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model as the menu shows it; one that is not `usable` can be seen and not chosen."""

    id: str
    name: str
    detail: str
    usable: bool = True


@dataclass(frozen=True, slots=True)
class MenuState:
    """`own_id` is the chat's own model, "" where it follows all chats, whose is `chosen_id`."""

    offers: Sequence[ModelOffer]
    chosen_id: str
    own_id: str
    sampler: SamplerSettings | None
    general_sampler: SamplerSettings
    answering: bool = False


class ModelMenu(QFrame):
    """Esc closes it, the arrows walk it, Enter chooses."""

    chosen = Signal(str, bool)  # model id, whether for this chat alone; "" follows all chats
    sampler_chosen = Signal(object)  # SamplerSettings or None
    manage_wanted = Signal()
    compare_wanted = Signal()

    def __init__(self, theme: Theme, state: MenuState, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("modelMenu")
        self.setAccessibleName(self.tr("Model"))
        self._theme = theme
        self._state = state
        self.rows: list[ModelRow] = []
        self.this_chat = ChoicePill(theme, self.tr("This chat"))
        self.all_chats = ChoicePill(theme, self.tr("All chats"))
        self.wording = WordingRow(theme)
        self.wording.show_sampler(state.sampler, state.general_sampler)
        self.wording.chosen.connect(self._wording_chosen)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._lay_out()
        (self.this_chat if state.own_id else self.all_chats).setChecked(True)
        self._fill()

    def open_under(self, button: QWidget) -> None:
        """Below the button, its right edge on the button's."""
        self.setFixedWidth(min(self._theme.px(_WIDTH), 640))
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 4))
        self.move(max(0, corner.x()), corner.y())
        self.show()
        focused = next((row for row in self.rows if row.isChecked()), None)
        (focused or self.all_chats).setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(focused, QAbstractButton):
                focused.click()
        else:
            super().keyPressEvent(event)  # Esc closes a popup by itself

    def _fill(self) -> None:
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []
        mine = self.this_chat.isChecked()
        state = self._state
        if mine:
            self._add(ModelOffer("", self.tr("As in all chats"), ""), ticked=not state.own_id)
        wanted = state.own_id if mine else state.chosen_id
        for offer in state.offers:
            self._add(offer, ticked=offer.id == wanted)

    def _add(self, offer: ModelOffer, *, ticked: bool) -> None:
        row = ModelRow(self._theme, offer.name, offer.detail, "mute" if offer.usable else "bad")
        row.setChecked(ticked)
        row.setEnabled(offer.usable)
        row.clicked.connect(lambda: self._choose(offer.id))
        self.rows.append(row)
        self._list.addWidget(row)

    def _choose(self, model_id: str) -> None:
        mine = self.this_chat.isChecked()
        self.close()
        self.chosen.emit(model_id, mine)

    def _wording_chosen(self, sampler: SamplerSettings | None) -> None:
        self.sampler_chosen.emit(sampler)
        if sampler is None:
            self.wording.show_sampler(None, self._state.general_sampler)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 10, 6, 6)
        column.setSpacing(4)
        scope = QHBoxLayout()
        scope.setContentsMargins(10, 0, 10, 4)
        scope.setSpacing(6)
        scope.addWidget(Label(self.tr("Answered by"), size=13, weight=600))
        scope.addStretch(1)
        group = QButtonGroup(self)
        for pill in (self.this_chat, self.all_chats):
            pill.setAccessibleName(self.tr("For: {0}").format(pill.text()))
            pill.clicked.connect(self._fill)
            group.addButton(pill)
            scope.addWidget(pill)
        column.addLayout(scope)
        column.addWidget(self._area())
        if self._state.answering:
            words = self.tr("A change takes effect with the next question.")
            note = Label(words, size=12, tone="mute", wrap=True)
            note.setContentsMargins(10, 0, 10, 2)
            column.addWidget(note)
        column.addWidget(_line())
        column.addWidget(self.wording)
        column.addWidget(_line())
        for text, signal in (
            (self.tr("Compare models…"), self.compare_wanted),
            (self.tr("Manage models…"), self.manage_wanted),
        ):
            row = ModelRow(self._theme, text, "")
            row.setCheckable(False)
            row.clicked.connect(self.close)
            row.clicked.connect(signal)
            column.addWidget(row)

    def _area(self) -> QScrollArea:
        inside = QWidget()
        inside.setLayout(self._list)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Models"))
        area.setWidget(inside)
        rows = min(len(self._state.offers) + 1, _ROWS_SHOWN)
        area.setFixedHeight(rows * self._theme.px(32) + 2)
        return area


def _line() -> QFrame:
    line = QFrame()
    line.setObjectName("hairline")
    line.setFixedHeight(1)
    return line
