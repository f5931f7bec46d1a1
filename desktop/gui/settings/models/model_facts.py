"""The facts about a model's file in the details panel, each with what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.models import ModelEntry, ModelKind, ModelStatus
from desktop.gui.amounts import day_words, size_words
from desktop.gui.model_words import file_name, hash_words, licence_words
from desktop.gui.settings.models.adapter_rows import AdapterRows
from desktop.gui.settings.models.fact_rows import FactRows, inline
from desktop.gui.settings.models.model_state import ModelState
from desktop.gui.settings.models.template_row import add_template_row, template_words
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.fold import Fold
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant
    from desktop.gui.settings.models.choices_lens import ChoicesLens


class ModelFacts(QWidget):
    """What stands in the register."""

    copy_wanted = Signal()
    approve_wanted = Signal()
    withdraw_wanted = Signal()
    licence_wanted = Signal()

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        state: ModelState,
        lens: ChoicesLens | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._theme = theme
        self._state = state
        self._rows = FactRows(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._rows)
        self._add_file()
        self._add_approval()
        self._lens = lens
        self._template: Label | None = None
        self._adapters: AdapterRows | None = None
        if lens is not None:
            entry = state.entry
            self._template = add_template_row(self._rows, assistant, theme, entry, lens, self)
            self._adapters = AdapterRows(assistant, theme, entry, lens)
            column.addWidget(self._adapters)
        column.addWidget(Fold(theme, self.tr("File and licence"), self._more))

    def refresh(self) -> None:
        """Show the choices in force."""
        if self._lens is not None and self._template is not None:
            self._template.setText(template_words(self._lens))
        if self._adapters is not None:
            self._adapters.refresh()

    def _add_file(self) -> None:
        entry = self._state.entry
        self._rows.add(self.tr("File"), file_name(entry), full=entry.path)
        if entry.sha256:
            copy = inline(self.tr("Copy"), self.tr("Copy the SHA-256"))
            copy.clicked.connect(self.copy_wanted)
            said = self.tr("✓ matches pin") if entry.included else self.tr("✓ matches")
            self._rows.add(
                self.tr("SHA-256"),
                hash_words(entry.sha256),
                (copy,),
                mono=True,
                full=entry.sha256,
                after=said if self._state.verified else "",
            )

    def _add_approval(self) -> None:
        approval = self._state.entry.approval
        if approval is None:
            button = inline(self.tr("Approve…"), self.tr("Approve this model"))
            button.clicked.connect(self.approve_wanted)
            self._rows.add(self.tr("Approved by"), self.tr("nobody"), (button,))
            return
        button = inline(self.tr("Withdraw"), self.tr("Withdraw the approval"))
        button.clicked.connect(self.withdraw_wanted)
        words = f"{approval.by}, {day_words(approval.at)}"
        self._rows.add(self.tr("Approved by"), words, (button,), full=approval.note)
        if approval.note:
            self._rows.add("", f"“{approval.note}”", wrap=True)

    def _more(self) -> QWidget:
        entry = self._state.entry
        rows = FactRows(self._theme)
        for name, value in self._origin_of(entry):
            if value:
                rows.add(name, value, wrap=True)
        buttons: tuple[Button, ...] = ()
        if self._state.licence is not None:
            read = inline(self.tr("Read"), self.tr("Read the licence in plain words"))
            read.clicked.connect(self.licence_wanted)
            buttons = (read,)
        licence = licence_words(entry) or self.tr("not stated")
        rows.add(self.tr("Licence"), licence, buttons)
        return rows

    def _origin_of(self, entry: ModelEntry) -> tuple[tuple[str, str], ...]:
        trial = entry.trial
        seconds = f"{trial.seconds:.1f}" if trial is not None else ""
        passed = self.tr("passed in {seconds} s").format(seconds=seconds)
        imported = day_words(entry.imported_at) if entry.imported_at else ""
        if entry.imported_by:
            imported = self.tr("{day} by {who}").format(day=imported, who=entry.imported_by)
        dimensions = entry.dimensions if entry.kind is ModelKind.EMBEDDER else 0
        return (
            (self.tr("Size"), size_words(entry.size_bytes) if entry.size_bytes else ""),
            (self.tr("Architecture"), entry.architecture),
            (self.tr("For models of"), entry.base_architecture),
            (self.tr("Dimensions"), str(dimensions) if dimensions else ""),
            (self.tr("Made by"), entry.maker),
            (self.tr("Published at"), entry.source),
            (self.tr("Came from"), self.tr("with Carrel") if entry.included else entry.origin),
            (self.tr("Imported"), "" if entry.included else imported),
            (self.tr("Trial run"), passed if trial is not None and trial.passed else ""),
            (self.tr("Refused"), entry.refusal if entry.status is ModelStatus.REFUSED else ""),
        )
