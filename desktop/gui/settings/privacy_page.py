"""The network lock as it stands, and the proof on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.assistant.events import Broken, Event, Failed, Finished, JobId
from desktop.assistant.sentences import sentence_for
from desktop.domain.machine import Check, LockState
from desktop.gui.settings.page import SettingsPage
from desktop.gui.settings.values_page import hairline
from desktop.gui.status_foot import lock_words
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.pill import Pill, PillKind

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class PrivacyPage(SettingsPage):
    """Says what holds the network closed; `Check now` tries it and everything else."""

    def __init__(self, assistant: Assistant, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "", parent=parent)
        self.header.title.setText(self.tr("Privacy"))
        self.setAccessibleName(self.tr("Privacy"))
        self._assistant = assistant
        self._job: JobId | None = None
        self._state = Pill("")
        self._words = Label(size=13, wrap=True)
        self._detail = Label(size=12, tone="mute", wrap=True)
        self.column.addWidget(self._lock_card())
        self.check_button = Button(self.tr("Check now"), "secondary")
        self.check_button.clicked.connect(self._start)
        self._results = QVBoxLayout()
        self._results.setSpacing(10)
        self._summary = Label(
            self.tr("Tries to reach the network and looks at the database, models and folders."),
            size=12,
            tone="mute",
            wrap=True,
        )
        self.column.addWidget(self._proof_card())
        self.refresh()

    def refresh(self) -> None:
        lock = self._assistant.machine.status().lock
        kinds: dict[LockState, PillKind] = {
            LockState.ENFORCED: "good",
            LockState.WATCHED: "warn",
            LockState.OPEN: "bad",
        }
        self._state.set_fact(lock_words(lock.state), kinds[lock.state])
        self._words.setText(self._explanation(lock.state))
        self._detail.setText(lock.detail)
        self._detail.setVisible(bool(lock.detail))

    def show_event(self, event: object) -> None:
        if not isinstance(event, Event) or event.job != self._job:
            return
        body = event.body
        if isinstance(body, Check):
            self._add(body)
        if event.closing:
            self._job = None
            self.check_button.setEnabled(True)
            self._close(body)

    def _lock_card(self) -> Card:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(Label(self.tr("Network lock"), size=15, weight=600))
        row.addWidget(self._state)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._words)
        column.addWidget(self._detail)
        return card

    def _proof_card(self) -> Card:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        row = QHBoxLayout()
        row.addWidget(Label(self.tr("Proof"), size=15, weight=600))
        row.addStretch(1)
        row.addWidget(self.check_button)
        column.addLayout(row)
        column.addWidget(self._summary)
        column.addLayout(self._results)
        return card

    def _start(self) -> None:
        self._clear()
        self.check_button.setEnabled(False)
        self._summary.setText(self.tr("Checking…"))
        self._job = self._assistant.machine.doctor()

    def _clear(self) -> None:
        while (item := self._results.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()

    def _add(self, check: Check) -> None:
        if self._results.count():
            self._results.addWidget(hairline())
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(check.name, size=13, weight=500, wrap=True))
        words.addWidget(Label(check.detail, size=12, tone="mute", wrap=True))
        row.addLayout(words, 1)
        passed = Pill(self.tr("Passed"), "good") if check.ok else Pill(self.tr("Failed"), "bad")
        row.addWidget(passed)
        self._results.addWidget(line)

    def _close(self, body: object) -> None:
        if isinstance(body, Finished) and isinstance(body.result, tuple):
            passed = sum(check.ok for check in body.result)
            self._clear()
            for check in sorted(body.result, key=_weight):
                self._add(check)
            text = self.tr("{passed} of {all} checks passed.")
            self._summary.setText(text.format(passed=passed, all=len(body.result)))
        elif isinstance(body, Failed):
            self._summary.setText(sentence_for(body.error).line)
        elif isinstance(body, Broken):
            self._summary.setText(self.tr("The check itself broke; the log has the details."))
        else:
            self._summary.setText(self.tr("Stopped."))

    def _explanation(self, state: LockState) -> str:
        if state is LockState.ENFORCED:
            return self.tr(
                "The operating system refuses every internet connection of Carrel and of the "
                "processes it starts. The lock was set at start and cannot be taken off while "
                "Carrel runs."
            )
        if state is LockState.WATCHED:
            return self.tr(
                "Carrel itself refuses every connection that its own code tries to open. On this "
                "system the operating system does not enforce it too."
            )
        return self.tr(
            "Nothing closes the network to Carrel. It opens no connection by itself, but this is "
            "not enforced."
        )


def _weight(check: Check) -> tuple[bool, bool]:
    """What failed stands first, then the attempts to reach the network."""
    return check.ok, not check.name.startswith("Network")
