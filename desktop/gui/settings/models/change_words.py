"""A line of a model's history in plain words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.models import ModelChange, ModelChangeKind
from desktop.gui.widgets.pill import PillKind


def change_words(change: ModelChange) -> str:
    """What happened, without the details."""
    words = {
        ModelChangeKind.IMPORTED: _tr("Imported"),
        ModelChangeKind.REFUSED: _tr("Refused"),
        ModelChangeKind.VERIFIED: _tr("Checksum verified"),
        ModelChangeKind.CHANGED_ON_DISK: _tr("The file has changed"),
        ModelChangeKind.APPROVED: _tr("Approved"),
        ModelChangeKind.APPROVAL_WITHDRAWN: _tr("Approval withdrawn"),
        ModelChangeKind.USED: _tr("Used for chat"),
        ModelChangeKind.MEASURED: _tr("Speed measured"),
        ModelChangeKind.CHOICES_CHANGED: _tr("Settings changed"),
        ModelChangeKind.RENAMED: _tr("Renamed"),
        ModelChangeKind.REMOVED: _tr("Removed"),
    }
    return words.get(change.kind, change.kind.value)


def change_tone(change: ModelChange) -> PillKind:
    """The colour that repeats what the words say."""
    if change.kind in (ModelChangeKind.REFUSED, ModelChangeKind.CHANGED_ON_DISK):
        return "bad"
    if change.kind in (ModelChangeKind.APPROVED, ModelChangeKind.VERIFIED):
        return "good"
    return "plain"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Models", text)
