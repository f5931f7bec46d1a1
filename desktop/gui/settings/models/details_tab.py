"""The first tab beside the models: the chosen file's facts, and how it is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.engine import Device
from desktop.domain.models import ModelChangeKind, ModelKind, ModelStatus
from desktop.gui.amounts import day_words
from desktop.gui.name_dialog import NameDialog
from desktop.gui.settings.models.choices_lens import ChoicesLens
from desktop.gui.settings.models.how_it_runs import HowItRuns
from desktop.gui.settings.models.model_actions import ModelActions
from desktop.gui.settings.models.model_facts import ModelFacts
from desktop.gui.settings.models.model_papers import ModelPapers
from desktop.gui.settings.models.model_state import ModelState
from desktop.gui.settings.models.run_settings import RunSettings
from desktop.gui.settings.models.text_dialogs import ApproveDialog
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.fold import Fold
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class DetailsTab(QWidget):
    """Made anew for every model and after every change in the register; choices it refreshes."""

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        state: ModelState,
        actions: ModelActions,
        papers: ModelPapers,
        lens: ChoicesLens | None,
        *,
        devices: tuple[Device, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._theme = theme
        self._state = state
        self._actions = actions
        self._papers = papers
        self.run: RunSettings | None = None
        self.how: Fold | None = None
        self._facts: ModelFacts | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 16, 18, 18)
        self._column.setSpacing(14)
        self._column.addLayout(self._names())
        if state.entry.id:
            self._add_facts(lens)
        if lens is not None:
            self.run = RunSettings(assistant, theme, state.entry, lens, devices=devices)
            self._column.addWidget(self.run)
            self.how = Fold(theme, self.tr("How it runs here"), self._how)
            self._column.addWidget(self.how)
        if state.entry.id:
            self._column.addLayout(self._buttons())
        self._column.addStretch(1)

    def refresh(self) -> None:
        """Show the choices in force."""
        if self._facts is not None:
            self._facts.refresh()
        if self.run is not None:
            self.run.refresh()

    def read_figures(self) -> None:
        """Show what was measured meanwhile."""
        if self.how is not None:
            self.how.remake()

    def _names(self) -> QVBoxLayout:
        names = QVBoxLayout()
        names.setSpacing(4)
        names.addWidget(Label(self._state.entry.name, size=13, weight=600, wrap=True))
        names.addWidget(Label(self._use_words(), size=13, tone="mute", wrap=True))
        return names

    def _use_words(self) -> str:
        entry = self._state.entry
        if entry.status is ModelStatus.REFUSED:
            return self.tr("Refused; nothing was loaded from it")
        if entry.status is ModelStatus.MISSING:
            return self.tr("The file is not where it was")
        if not self._state.in_use:
            chat = entry.kind is ModelKind.CHAT
            return self.tr("Not in memory") if chat else self.tr("Not in use")
        if entry.kind is not ModelKind.CHAT:
            return self.tr("In use")
        history = self._assistant.models.register.history(entry.id)
        used = next((each.at for each in history if each.kind is ModelChangeKind.USED), None)
        if used is None:
            return self.tr("Used for chat")
        return self.tr("Used for chat since {day}").format(day=day_words(used))

    def _add_facts(self, lens: ChoicesLens | None) -> None:
        entry = self._state.entry
        self._facts = facts = ModelFacts(self._assistant, self._theme, self._state, lens)
        facts.copy_wanted.connect(lambda: self._papers.copy_hash(entry.id))
        facts.licence_wanted.connect(lambda: self._papers.read_licence(entry.id))
        facts.approve_wanted.connect(self.ask_approval)
        facts.withdraw_wanted.connect(lambda: self._actions.withdraw_approval(entry.id))
        self._column.addWidget(facts)

    def ask_approval(self) -> ApproveDialog:
        entry = self._state.entry
        dialog = ApproveDialog(
            self._theme,
            entry,
            lambda note: self._actions.approve(entry.id, note),
            self.window(),
        )
        dialog.open()
        return dialog

    def ask_name(self) -> NameDialog:
        entry = self._state.entry
        dialog = NameDialog(
            self.window(),
            self.tr("Name of the model"),
            self.tr("Rename"),
            lambda name: self._actions.rename(entry.id, name),
        )
        dialog.name.setText(entry.name)
        dialog.name.selectAll()
        dialog.open()
        return dialog

    def _how(self) -> QWidget:
        entry = self._state.entry
        how = HowItRuns(self._assistant, self._theme, entry)
        how.tune_wanted.connect(lambda: self._actions.tune(entry.id))
        how.measure_wanted.connect(lambda: self._actions.measure(entry.id))
        return how

    def _buttons(self) -> FlowLayout:
        entry = self._state.entry
        flow = FlowLayout(spacing=8)
        if entry.path and entry.status is not ModelStatus.MISSING:
            verify = Button(self.tr("Verify checksum"))
            verify.clicked.connect(lambda: self._actions.verify(entry.id))
            flow.addWidget(verify)
        rename = Button(self.tr("Rename…"))
        rename.clicked.connect(self.ask_name)
        flow.addWidget(rename)
        if not entry.included:
            remove = Button(self.tr("Remove…"))
            remove.clicked.connect(lambda: self._actions.remove(entry.id))
            flow.addWidget(remove)
        return flow
