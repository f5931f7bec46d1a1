"""A model's facts in the words of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.engine import Device
from desktop.domain.models import ModelEntry, ModelStatus
from desktop.gui.amounts import day_words, memory_words, size_words
from desktop.gui.widgets.pill import PillKind

_tr = QCoreApplication.translate


def parameter_words(parameters: int) -> str:
    if parameters >= 10**9:
        return f"{parameters / 10**9:.1f} B"
    return f"{round(parameters / 10**6)} M"


def licence_words(licence: str) -> str:
    """A licence as its keepers write it; model files say it in small letters."""
    known = {"apache-2.0": "Apache-2.0", "mit": "MIT", "cc-by-4.0": "CC-BY-4.0"}
    return known.get(licence.lower(), licence)


def facts_line(entry: ModelEntry) -> str:
    """`Q4_1 · 135 M parameters · 98 MB · context 8,192 · Apache-2.0`."""
    if entry.status is ModelStatus.REFUSED:
        text = _tr("Models", "Imported {day} from {origin}")
        return text.format(day=day_words(entry.imported_at), origin=entry.origin or entry.path)
    parts = [
        entry.quantization,
        _tr("Models", "{n} parameters").format(n=parameter_words(entry.parameters))
        if entry.parameters
        else "",
        size_words(entry.size_bytes),
        _tr("Models", "context {n}").format(n=f"{entry.context_tokens:,}")
        if entry.context_tokens
        else "",
        licence_words(entry.licence) or _tr("Models", "licence not stated"),
    ]
    return " · ".join(part for part in parts if part)


def fact_pills(
    entry: ModelEntry, processor: Device | None, verified: bool
) -> list[tuple[str, PillKind]]:
    """What stands under a model's facts: each a short claim that was checked."""
    if entry.status is ModelStatus.REFUSED:
        text = _tr("Models", "Refused: {reason}").format(reason=entry.refusal)
        return [(text, "bad")]
    if entry.status is ModelStatus.MISSING:
        return [(_tr("Models", "The file is not where it was"), "warn")]
    pills = [*_fit(entry, processor)]
    pills.append(
        (_tr("Models", "Checksum verified"), "good")
        if verified
        else (_tr("Models", "Checksum recorded"), "plain")
    )
    if entry.tokens_per_second > 0:
        text = _tr("Models", "{n} tokens/s here")
        pills.append((text.format(n=f"{entry.tokens_per_second:.0f}"), "plain"))
    return pills


def fits(entry: ModelEntry, processor: Device | None) -> bool:
    """Whether the model's need is below what is free; True where neither is known."""
    if processor is None or not entry.memory_bytes:
        return True
    return entry.memory_bytes <= processor.memory_free_bytes


def _fit(entry: ModelEntry, processor: Device | None) -> list[tuple[str, PillKind]]:
    if processor is None or not entry.memory_bytes:
        return []
    needed = memory_words(entry.memory_bytes)
    if fits(entry, processor):
        text = _tr("Models", "Fits: {needed} of {total} GB")
        total = memory_words(processor.memory_total_bytes, 0)
        return [(text.format(needed=needed, total=total), "good")]
    text = _tr("Models", "Needs {needed} GB; {free} GB is free")
    free = memory_words(processor.memory_free_bytes)
    return [(text.format(needed=needed, free=free), "bad")]
