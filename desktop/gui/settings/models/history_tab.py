"""Every change of a model with who and when, and the papers made of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.models import ModelChange
from desktop.gui.amounts import moment_words
from desktop.gui.model_words import hash_words
from desktop.gui.settings.models.change_words import change_tone, change_words
from desktop.gui.settings.values_page import hairline
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.labels import Label

_MOST = 200  # lines shown; the export has all of them


class HistoryTab(QWidget):
    """Newest first; nothing in it can be changed."""

    card_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, history: Sequence[ModelChange], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 18)
        column.setSpacing(10)
        column.addLayout(self._buttons())
        if not history:
            words = self.tr("Nothing has happened to this model since it came with Carrel.")
            column.addWidget(Label(words, size=13, tone="mute", wrap=True))
        for change in history[:_MOST]:
            column.addWidget(hairline())
            column.addLayout(_line(change))
        if len(history) > _MOST:
            more = self.tr("{n} earlier changes are in the export.")
            words = more.format(n=f"{len(history) - _MOST:,}")
            column.addWidget(Label(words, size=12, tone="mute", wrap=True))
        column.addStretch(1)

    def _buttons(self) -> FlowLayout:
        card = Button(self.tr("Model card…"))
        card.setToolTip(self.tr("Save what is known of the model as Markdown"))
        card.clicked.connect(self.card_wanted)
        export = Button(self.tr("Export as JSON…"))
        export.clicked.connect(self.export_wanted)
        row = FlowLayout(spacing=8)
        row.addWidget(card)
        row.addWidget(export)
        return row


def _line(change: ModelChange) -> QVBoxLayout:
    tone = {"bad": "bad", "good": "acc"}.get(change_tone(change), "text")
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(Label(change_words(change), size=13, weight=600, tone=tone, wrap=True))
    if change.detail:
        column.addWidget(Label(change.detail, size=13, wrap=True))
    parts = [moment_words(change.at), change.by]
    if change.sha256:
        parts.append(hash_words(change.sha256))
    under = " · ".join(part for part in parts if part)
    column.addWidget(Label(under, size=12, tone="mute", wrap=True))
    return column
