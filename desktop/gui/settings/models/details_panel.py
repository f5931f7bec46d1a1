"""The panel beside the models: details, a prompt to try, and the history, as tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.domain.engine import Device
from desktop.domain.models import ModelEntry, ModelKind, ModelStatus
from desktop.gui.settings.models.choices_lens import ChoicesLens
from desktop.gui.settings.models.details_tab import DetailsTab
from desktop.gui.settings.models.history_tab import HistoryTab
from desktop.gui.settings.models.model_actions import ModelActions
from desktop.gui.settings.models.model_papers import ModelPapers
from desktop.gui.settings.models.model_state import ModelState
from desktop.gui.settings.models.try_it_tab import TryItTab
from desktop.gui.theme import Theme
from desktop.gui.tokens import HEADER_HEIGHT
from desktop.gui.widgets.buttons import TabButton
from desktop.gui.widgets.restyle import set_style_property

if TYPE_CHECKING:
    from desktop.assistant.events import Event
    from desktop.assistant.facade import Assistant

_WIDTH = 380
_WIDEST = 520


class DetailsPanel(QFrame):
    """Follows the card that is chosen; what is open and what has the focus stays so."""

    choice_changed = Signal()

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        actions: ModelActions,
        papers: ModelPapers,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("details")
        self.setAccessibleName(self.tr("Details"))
        self._assistant = assistant
        self._theme = theme
        self._actions = actions
        self._papers = papers
        self._state: ModelState | None = None
        self._devices: tuple[Device, ...] = ()
        self._beside = True
        self.try_it = TryItTab(assistant, theme)
        titles = (self.tr("Details"), self.tr("Try it"), self.tr("History"))
        self.tabs = [TabButton(title) for title in titles]
        self._pages = [_area(title) for title in titles]
        self._pages[1].setWidget(self.try_it)
        self._lay_out()
        theme.changed.connect(self._scale)

    @property
    def tab(self) -> DetailsTab | None:
        """The details as they stand; made anew when the model changes."""
        widget = self._pages[0].widget()
        return widget if isinstance(widget, DetailsTab) else None

    def show_model(self, state: ModelState) -> None:
        """Show a model; nothing happens when it is shown as it is."""
        if self._state is not None and _lasting(state) == _lasting(self._state):
            self._state = state
            return
        same = self._state is not None and self._state.entry.id == state.entry.id
        self._state = state
        self._fill(keep=same)
        asks = state.entry.kind is ModelKind.CHAT and state.entry.status is ModelStatus.READY
        self.tabs[1].setVisible(asks)
        self.tabs[2].setVisible(bool(state.entry.id))
        self.try_it.show_model(state.entry.id)
        if not self.tabs[self._shown()].isVisibleTo(self):
            self.open_tab(0)

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Offer what this computer can compute on."""
        if tuple(devices) != self._devices:
            self._devices = tuple(devices)
            self._fill(keep=True)

    def show_event(self, event: Event) -> None:
        self.try_it.show_event(event)

    def read_again(self) -> None:
        """Show figures that were measured meanwhile."""
        if self._state is not None and self.tab is not None:
            focused = self._focused_name()
            self.tab.read_figures()
            self._fill_history(self._state.entry)
            self._give_focus(self.tab, focused)

    def open_tab(self, number: int) -> None:
        self.tabs[number].setChecked(True)
        self._stack.setCurrentIndex(number)

    def scroll_to_end(self) -> None:
        """Show what stands last in the details."""
        bar = self._pages[0].verticalScrollBar()
        bar.setValue(bar.maximum())

    def set_beside(self, beside: bool) -> None:
        """Stand beside the cards at a fixed width, or below them in a narrow window."""
        self._beside = beside
        set_style_property(self, "below", not beside)
        width = min(self._theme.px(_WIDTH), _WIDEST)
        self.setMinimumWidth(width if beside else 0)
        self.setMaximumWidth(width if beside else 16_777_215)

    def _fill(self, *, keep: bool) -> None:
        """Make the tabs anew; `keep` what is unfolded, scrolled to and focused."""
        state = self._state
        if state is None:
            return
        before = self.tab if keep else None
        unfolded = (
            before is not None and before.run is not None and before.run.advanced.is_open,
            before is not None and before.how is not None and before.how.is_open,
        )
        place = self._pages[0].verticalScrollBar().value() if keep else 0
        focused = self._focused_name() if keep else ""
        made = DetailsTab(
            self._assistant,
            self._theme,
            state,
            self._actions,
            self._papers,
            self._lens(state.entry),
            devices=self._devices,
        )
        if unfolded[0] and made.run is not None:
            made.run.advanced.open()
        if unfolded[1] and made.how is not None:
            made.how.open()
        _put(self._pages[0], made)
        self._fill_history(state.entry)
        self._pages[0].verticalScrollBar().setValue(place)
        self._give_focus(made, focused)

    def _fill_history(self, entry: ModelEntry) -> None:
        history = self._assistant.models.register.history(entry.id) if entry.id else []
        tab = HistoryTab(history)
        tab.card_wanted.connect(lambda: self._papers.save_card(entry.id))
        tab.export_wanted.connect(lambda: self._papers.export(entry.id))
        _put(self._pages[2], tab)

    def _lens(self, entry: ModelEntry) -> ChoicesLens | None:
        runs = entry.kind is ModelKind.CHAT and entry.status is ModelStatus.READY
        return ChoicesLens(self._assistant, entry.id, self._choice_changed) if runs else None

    def _choice_changed(self) -> None:
        if self.tab is not None:
            self.tab.refresh()
        if self._state is not None:
            self._fill_history(self._state.entry)
        self.choice_changed.emit()

    def _focused_name(self) -> str:
        tab, focused = self.tab, self.focusWidget()
        if tab is None or focused is None or not tab.isAncestorOf(focused):
            return ""
        return focused.accessibleName() if focused.hasFocus() else ""

    def _give_focus(self, tab: DetailsTab, name: str) -> None:
        if not name:
            return
        shown = (each for each in tab.findChildren(QWidget) if each.isVisibleTo(tab))
        target = next((each for each in shown if each.accessibleName() == name), None)
        if target is not None:
            target.setFocus()

    def _shown(self) -> int:
        return self._stack.currentIndex()

    def _lay_out(self) -> None:
        self._head = QFrame()
        self._head.setObjectName("panelHeader")
        row = QHBoxLayout(self._head)
        row.setContentsMargins(18, 12, 18, 0)
        row.setSpacing(18)
        self._stack = QStackedWidget()
        for number, (tab, page) in enumerate(zip(self.tabs, self._pages, strict=True)):
            tab.clicked.connect(lambda _=False, at=number: self.open_tab(at))
            row.addWidget(tab)
            self._stack.addWidget(page)
        self.tabs[0].setChecked(True)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)
        self._scale()

    def _scale(self) -> None:
        self.set_beside(self._beside)
        self._head.setFixedHeight(self._theme.px(HEADER_HEIGHT))


def _lasting(state: ModelState) -> ModelState:
    """What the details are made of; whether the model fits is arithmetic that they do anew."""
    return replace(state, fit=None, total_bytes=0)


def _put(area: QScrollArea, widget: QWidget) -> None:
    """Show another widget; the old one may still be in the middle of what it was asked."""
    before = area.takeWidget()
    if before is not None:
        before.hide()
        before.deleteLater()
    area.setWidget(widget)


def _area(name: str) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    return area
