"""The cards of the register: chat models first, what serves documents and adapters below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.models import ModelKind
from desktop.gui.settings.models.model_card import ModelCard
from desktop.gui.settings.models.model_state import ModelState
from desktop.gui.widgets.labels import Label

_ORDER = (ModelKind.CHAT, ModelKind.EMBEDDER, ModelKind.RERANKER, ModelKind.ADAPTER)


class ModelSections(QWidget):
    """Keeps the cards that stay: what has the focus keeps it when the register changes."""

    chosen = Signal(str)
    use_wanted = Signal(str)
    unuse_wanted = Signal(str)
    remove_wanted = Signal(str)
    licence_wanted = Signal(str)
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, ModelCard] = {}
        self._columns: dict[ModelKind, QVBoxLayout] = {}
        self._heads: dict[ModelKind, QWidget] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for kind in _ORDER:
            self._heads[kind] = self._head(kind)
            self._columns[kind] = QVBoxLayout()
            self._columns[kind].setSpacing(12)
            column.addWidget(self._heads[kind])
            column.addLayout(self._columns[kind])

    @property
    def cards(self) -> list[ModelCard]:
        """In the order they are shown."""
        return list(self._cards.values())

    def card(self, model_id: str) -> ModelCard | None:
        return self._cards.get(model_id)

    def show_states(self, states: Sequence[ModelState]) -> None:
        """Show these models in this order; each kind goes into its section."""
        ids = {state.entry.id for state in states}
        for gone in [model_id for model_id in self._cards if model_id not in ids]:
            card = self._cards.pop(gone)
            card.hide()
            card.deleteLater()
        for state in states:
            card = self._cards.get(state.entry.id) or self._make(state)
            card.show_state(state)
        self._cards = {state.entry.id: self._cards[state.entry.id] for state in states}
        for kind in _ORDER:
            shown = [card for card in self.cards if card.entry.kind is kind]
            for place, card in enumerate(shown):
                if self._columns[kind].indexOf(card) != place:
                    self._columns[kind].insertWidget(place, card)
            self._heads[kind].setVisible(bool(shown) and kind is not ModelKind.CHAT)

    def mark(self, model_id: str) -> None:
        """Show which model's details stand beside."""
        for card in self.cards:
            card.set_selected(card.entry.id == model_id)

    def _make(self, state: ModelState) -> ModelCard:
        card = ModelCard(state)
        model_id = state.entry.id
        card.clicked.connect(lambda: self.chosen.emit(model_id))
        card.use_wanted.connect(self.use_wanted)
        card.unuse_wanted.connect(self.unuse_wanted)
        card.remove_wanted.connect(self.remove_wanted)
        card.licence_wanted.connect(self.licence_wanted)
        card.stop_wanted.connect(self.stop_wanted)
        self._cards[model_id] = card
        return card

    def _head(self, kind: ModelKind) -> QWidget:
        title, detail = {
            ModelKind.CHAT: ("", ""),
            ModelKind.EMBEDDER: (
                self.tr("Embedding models"),
                self.tr(
                    "They find passages by meaning. After a change, collections read before are "
                    "embedded anew; until then they are searched as before."
                ),
            ),
            ModelKind.RERANKER: (
                self.tr("Rerankers"),
                self.tr("They put the best of the passages found into a better order."),
            ),
            ModelKind.ADAPTER: (
                self.tr("Adapters"),
                self.tr("LoRA files laid over a model of their kind change how it answers."),
            ),
        }[kind]
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(1, 12, 1, 0)
        column.setSpacing(2)
        column.addWidget(Label(title, size=14, weight=600))
        column.addWidget(Label(detail, size=12, tone="mute", wrap=True))
        return head
