"""What a model's card claims, each claim short and checked."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.models import ModelEntry, ModelKind, ModelStatus
from desktop.gui.model_words import fit_pill, speed_of
from desktop.gui.settings.models.model_state import ModelState
from desktop.gui.widgets.pill import PillKind

_tr = QCoreApplication.translate


def claims(state: ModelState) -> list[tuple[str, PillKind]]:
    """The pills under a model's facts, the weightiest first."""
    entry = state.entry
    if entry.status is ModelStatus.REFUSED:
        return [(_tr("Models", "Refused: {reason}").format(reason=_sentence(entry.refusal)), "bad")]
    if entry.status is ModelStatus.MISSING:
        return [(_tr("Models", "The file is not where it was"), "warn")]
    fit = [fit_pill(state.fit, state.total_bytes)] if state.fit is not None else []
    checksum = [_checksum(state)] if entry.sha256 else []
    return [*fit, *checksum, *((words, "plain") for words in _plain_claims(entry))]


def use_words(kind: ModelKind, in_use: bool) -> tuple[str, str]:
    """The button of a card, and what it does in full."""
    taken = {
        ModelKind.CHAT: (_tr("Models", "Unload"), _tr("Models", "Give its memory back")),
        ModelKind.RERANKER: (_tr("Models", "Stop using"), _tr("Models", "Search without it")),
        ModelKind.ADAPTER: (
            _tr("Models", "Take off"),
            _tr("Models", "Take it off the model it is laid over"),
        ),
    }
    free = {
        ModelKind.CHAT: (_tr("Models", "Use"), _tr("Models", "Answer with this model")),
        ModelKind.EMBEDDER: (
            _tr("Models", "Use for documents"),
            _tr("Models", "Embed what is read from now on"),
        ),
        ModelKind.RERANKER: (
            _tr("Models", "Use for documents"),
            _tr("Models", "Order the best passages anew"),
        ),
        ModelKind.ADAPTER: (
            _tr("Models", "Lay over the model"),
            _tr("Models", "Lay it over the chosen model"),
        ),
    }
    return (taken if in_use else free).get(kind, ("", ""))


def _plain_claims(entry: ModelEntry) -> list[str]:
    speed = speed_of(entry)
    said = [_tr("Models", "{n} tokens/s here").format(n=f"{speed:.0f}")] if speed > 0 else []
    if entry.approval is not None:
        said.append(_tr("Models", "Approved"))
    if entry.parts:
        said.append(_tr("Models", "in {n} files").format(n=len(entry.parts) + 1))
    if entry.in_place:
        said.append(_tr("Models", "used in place"))
    return said


def _checksum(state: ModelState) -> tuple[str, PillKind]:
    if state.verified:
        return _tr("Models", "Checksum verified"), "good"
    return _tr("Models", "Checksum recorded"), "plain"


def _sentence(reason: str) -> str:
    return reason if reason.endswith((".", "?")) else f"{reason}."
