"""Small dialogs of the models page: a licence in plain words, an approval with its note."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.licences import LicenceTerms
from desktop.domain.models import ModelEntry
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label, SectionLabel


class LicenceDialog(QDialog):
    """What the licence allows and does not; Esc and Enter close it."""

    def __init__(
        self, theme: Theme, entry: ModelEntry, terms: LicenceTerms, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Licence of {name}").format(name=entry.name))
        self.setMinimumWidth(min(theme.px(520), 760))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(10)
        column.addWidget(Label(terms.name, size=15, weight=600, wrap=True))
        column.addWidget(Label(entry.name, size=13, tone="mute", wrap=True))
        column.addWidget(Label(terms.use, size=14, wrap=True))
        self._list(column, self.tr("Not allowed"), terms.limits)
        self._list(column, self.tr("When it is passed on"), terms.conditions)
        note = self.tr("A summary in plain words; the licence's own text counts.")
        column.addWidget(Label(note, size=12, tone="mute", wrap=True))
        where = " · ".join(part for part in (terms.full_text, terms.link) if part)
        if where:
            text = Label(where, size=12, tone="mute", wrap=True)
            text.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            column.addWidget(text)
        close = Button(self.tr("Close"), "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignTrailing)

    def _list(self, column: QVBoxLayout, title: str, lines: Sequence[str]) -> None:
        if not lines:
            return
        column.addSpacing(4)
        column.addWidget(SectionLabel(title))
        for line in lines:
            column.addWidget(Label(f"•  {line}", size=13, wrap=True))


class ApproveDialog(QDialog):
    """Enter approves, Esc leaves; the note may stay empty."""

    def __init__(
        self, theme: Theme, entry: ModelEntry, approved: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.tr("Approve {name}").format(name=entry.name)
        self.setWindowTitle(title)
        self.setMinimumWidth(min(theme.px(460), 700))
        self._approved = approved
        self.note = QLineEdit()
        self.note.setMaxLength(500)
        self.note.setPlaceholderText(self.tr("Why, or on whose word"))
        self.note.setAccessibleName(self.tr("Note"))
        words = self.tr("Your name, the time and this note go into the model's history.")
        take = Button(self.tr("Approve"), "primary")
        take.setDefault(True)
        take.clicked.connect(self._finish)
        cancel = Button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(12)
        column.addWidget(Label(title, size=15, weight=600, wrap=True))
        column.addWidget(self.note)
        column.addWidget(Label(words, size=12, tone="mute", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(take)
        column.addLayout(row)

    def _finish(self) -> None:
        note = " ".join(self.note.text().split())
        self.accept()
        self._approved(note)
