"""One model of the register: what it is, what was checked, and the thing to do with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.models import ModelEntry, ModelKind, ModelStatus
from desktop.gui.model_words import facts_line
from desktop.gui.settings.models.card_words import claims, use_words
from desktop.gui.settings.models.model_state import ModelState
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.labels import ElidedLabel, Label
from desktop.gui.widgets.pill import Pill
from desktop.gui.widgets.progress import ProgressLine


class ModelCard(Card):
    """A click shows the details; the button uses, unloads or removes; loading shows in place."""

    use_wanted = Signal(str)
    unuse_wanted = Signal(str)
    remove_wanted = Signal(str)
    licence_wanted = Signal(str)
    stop_wanted = Signal()

    def __init__(self, state: ModelState, parent: QWidget | None = None) -> None:
        super().__init__(parent, clickable=True)
        self._state = state
        self._name = ElidedLabel(size=15, weight=600)
        self._in_use = Pill(self.tr("In use"), "good")
        self._included = Pill(self.tr("Included"))
        self._facts = Label(size=13, tone="mute", wrap=True)
        self._pills = FlowLayout(spacing=8)
        self._licence = Button(self.tr("Licence has use limits · Read"), "pill")
        self._licence.clicked.connect(lambda: self.licence_wanted.emit(self.entry.id))
        self.button = Button(self.tr("Use"))
        self.button.clicked.connect(self._press)
        self._loading = _Loading(self)
        self._loading.stop.clicked.connect(self.stop_wanted)
        self._lay_out()
        self._show()

    @property
    def entry(self) -> ModelEntry:
        return self._state.entry

    @property
    def state(self) -> ModelState:
        return self._state

    @property
    def loading(self) -> bool:
        return not self._loading.isHidden()

    def show_state(self, state: ModelState) -> None:
        """Show what is so now; the button keeps the focus that it has."""
        if state != self._state:
            self._state = state
            self._show()

    def show_loading(self, share: float | None) -> None:
        """How much of the model is loaded; None when nothing is on its way."""
        self._loading.setVisible(share is not None)
        # Switched off it would lose the focus that it may have; meanwhile it does nothing.
        held = self.button.hasFocus()
        self.button.setEnabled(self._can_press() and (share is None or held))
        if share is not None:
            self._loading.say(self.entry.name, share)

    def _show(self) -> None:
        state, entry = self._state, self.entry
        self.setAccessibleName(entry.name)
        self._name.setText(entry.name)
        self._in_use.setVisible(state.in_use)
        self._included.setVisible(entry.included)
        line = facts_line(entry, state.licence_name)
        self._facts.setText(line)
        while (item := self._pills.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self._licence:
                widget.hide()
                widget.deleteLater()
        said = claims(state)
        for text, kind in said:
            self._pills.addWidget(Pill(text, kind))
        if state.limited:
            self._pills.addWidget(self._licence)
        self._licence.setVisible(state.limited)
        self._licence.setAccessibleName(
            self.tr("The licence of {name} has use limits: read them").format(name=entry.name)
        )
        self.setAccessibleDescription(", ".join((line, *(text for text, _ in said))))
        self._show_button()

    def _show_button(self) -> None:
        if self._removes():
            words, does = self.tr("Remove"), self.tr("Take it out of the list")
        else:
            words, does = use_words(self.entry.kind, self._state.in_use)
        self.button.setText(words)
        self.button.setAccessibleName(f"{words}: {self.entry.name}")
        self.button.setToolTip(does)
        self.button.setEnabled(self._can_press())
        # What embeds cannot be switched off, only replaced by another.
        embeds = self.entry.kind is ModelKind.EMBEDDER and self._state.in_use
        self.button.setVisible(not embeds)

    def _removes(self) -> bool:
        return self.entry.status is not ModelStatus.READY and not self.entry.included

    def _can_press(self) -> bool:
        return self._removes() or self._state.in_use or self._state.usable

    def _press(self) -> None:
        if self.loading:
            return
        if self._removes():
            self.remove_wanted.emit(self.entry.id)
        elif self._state.in_use:
            self.unuse_wanted.emit(self.entry.id)
        else:
            self.use_wanted.emit(self.entry.id)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 12, 15, 13)
        column.setSpacing(9)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._name)
        top.addWidget(self._in_use)
        top.addWidget(self._included)
        top.addStretch(1)
        top.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        column.addWidget(self._facts)
        column.addLayout(self._pills)
        column.addWidget(self._loading)


class _Loading(QWidget):
    """How far a load is, and the way to stop it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = Label(size=12, tone="mute")
        self._line = ProgressLine(self.tr("Loading"))
        self.stop = Button(self.tr("Stop"), "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._words)
        row.addWidget(self._line, 1)
        row.addWidget(self.stop)
        self.hide()

    def say(self, name: str, share: float) -> None:
        self._words.setText(self.tr("Loading into memory · {share}").format(share=f"{share:.0%}"))
        self._line.set_share(share)
        self.stop.setAccessibleName(self.tr("Stop loading {name}").format(name=name))
