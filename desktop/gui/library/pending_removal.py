"""Files that are gone from the table and can still be brought back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.domain.documents import Document


class PendingRemoval(QObject):
    """Waits before it removes: until then, undoing is only showing the rows again."""

    changed = Signal()
    due = Signal(object)  # list of Document

    def __init__(self, seconds: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._documents: list[Document] = []
        self._timer = QTimer(self, singleShot=True, interval=round(seconds * 1000))
        self._timer.timeout.connect(self.settle)

    def ids(self) -> set[int]:
        return {document.id for document in self._documents}

    def add(self, documents: Sequence[Document]) -> None:
        self._documents += documents
        self._timer.start()
        self.changed.emit()

    def undo(self) -> None:
        self._timer.stop()
        self._documents.clear()
        self.changed.emit()

    def settle(self) -> None:
        """Remove now what is waiting."""
        self._timer.stop()
        documents, self._documents = self._documents, []
        if documents:
            self.due.emit(documents)
