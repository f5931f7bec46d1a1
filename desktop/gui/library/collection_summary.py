"""Four cards over a collection: files, pages, what embeds them, and what they weigh."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.documents import Collection
from desktop.domain.models import EmbedderFacts
from desktop.gui.amounts import ago_words, size_words
from desktop.gui.theme import Theme
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import ElidedLabel


class SummaryCard(Card):
    """A name, a figure, and a line about the figure."""

    def __init__(self, theme: Theme, name: str, *, size: int = 22) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._figure = ElidedLabel(size=size, weight=600)
        self._line = ElidedLabel(size=12, tone="mute")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(4)
        column.addWidget(ElidedLabel(name, size=12, tone="mute"))
        column.addWidget(self._figure)
        column.addWidget(self._line)
        self._scale()
        theme.changed.connect(self._scale)

    def show_facts(self, figure: str, line: str) -> None:
        self._figure.setText(figure)
        self._line.setText(line)
        self.setAccessibleName(f"{self._name}: {figure}. {line}")

    def _scale(self) -> None:
        # The same for figures and for names, which are smaller.
        self._figure.setMinimumHeight(self._theme.px(28))


class CollectionSummary(QWidget):
    """The cards stand side by side, two by two where there is little room."""

    def __init__(
        self, theme: Theme, embedder: EmbedderFacts, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._files = SummaryCard(theme, self.tr("Files"))
        self._pages = SummaryCard(theme, self.tr("Pages"))
        self._embedder = SummaryCard(theme, self.tr("Embedding model"), size=15)
        self._disk = SummaryCard(theme, self.tr("On disk"))
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._columns = 0
        self._arrange(4)
        dimensions = self.tr("{0} dimensions · on this computer").format(embedder.dimensions)
        if embedder.precision:
            dimensions = self.tr("{0} dimensions · {1} · on this computer").format(
                embedder.dimensions, embedder.precision
            )
        self._embedder.show_facts(embedder.name, dimensions)

    def show_collection(self, collection: Collection | None, size_bytes: int) -> None:
        """Show the figures as the database has them."""
        found = collection or Collection(0, "", 0.0)
        waiting = max(0, found.documents - found.ready - found.attention)
        parts = [self.tr("{0} ready").format(f"{found.ready:,}")]
        if waiting:
            parts.append(self.tr("{0} waiting").format(f"{waiting:,}"))
        if found.attention:
            parts.append(self.tr("{0} need attention").format(f"{found.attention:,}"))
        self._files.show_facts(f"{found.documents:,}", " · ".join(parts))
        passages = self.tr("{0} passages").format(f"{found.chunks:,}")
        self._pages.show_facts(f"{found.pages:,}", passages)
        checked = self.tr("The files themselves")
        if found.checked_at:
            checked = self.tr("Last checked {0}").format(ago_words(found.checked_at))
        self._disk.show_facts(size_words(size_bytes), checked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        need = 4 * max(card.sizeHint().width() for card in self._cards()) + 36
        self._arrange(4 if self.width() >= need else 2)

    def _cards(self) -> list[SummaryCard]:
        return [self._files, self._pages, self._embedder, self._disk]

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards()):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
