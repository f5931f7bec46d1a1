"""A model's facts in the words of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.domain.engine import MemoryFit
from desktop.domain.models import ModelChange, ModelChangeKind, ModelEntry, ModelKind, ModelStatus
from desktop.gui.amounts import day_words, memory_words, size_words
from desktop.gui.widgets.pill import PillKind

_tr = QCoreApplication.translate

# The last of these tells whether the file is what it was.
_HASHED = (
    ModelChangeKind.IMPORTED,
    ModelChangeKind.VERIFIED,
    ModelChangeKind.CHANGED_ON_DISK,
)


def parameter_words(parameters: int) -> str:
    if parameters >= 10**9:
        return f"{parameters / 10**9:.1f} B"
    if parameters >= 10**6:
        return f"{round(parameters / 10**6)} M"
    return f"{parameters:,}"


def licence_words(entry: ModelEntry) -> str:
    """A licence as its keepers write it; model files say it in small letters."""
    known = {"apache-2.0": "Apache-2.0", "mit": "MIT", "cc-by-4.0": "CC-BY-4.0"}
    licence = entry.licence_name if entry.licence in ("", "other") else entry.licence
    licence = licence or entry.licence
    return known.get(licence.lower(), licence)


def file_name(entry: ModelEntry) -> str:
    """The file without its folders, whichever system wrote the path."""
    return entry.path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def hash_words(sha256: str) -> str:
    """The first and last digits: enough to compare by eye."""
    return f"{sha256[:4]}…{sha256[-4:]}" if sha256 else "–"


def facts_line(entry: ModelEntry, licence: str = "") -> str:
    """`Q4_1 · 135 M parameters · 98 MB · context 8,192 · Apache-2.0`.

    `licence` is its name where the file has a short one alone.
    """
    if entry.status is ModelStatus.REFUSED:
        text = _tr("Models", "Imported {day} from {origin}")
        return text.format(day=day_words(entry.imported_at), origin=_origin(entry))
    parts = [
        entry.quantization,
        _tr("Models", "{n} parameters").format(n=parameter_words(entry.parameters))
        if entry.parameters
        else "",
        size_words(entry.size_bytes) if entry.size_bytes else "",
        _size_of(entry),
        licence or licence_words(entry) or _tr("Models", "licence not stated"),
    ]
    return " · ".join(part for part in parts if part)


def fit_pill(fit: MemoryFit, total_bytes: int) -> tuple[str, PillKind]:
    """`Fits: 3.1 of 24 GB`, or what it needs and what there is."""
    needed = memory_words(fit.needed.total)
    if fit.fits:
        text = _tr("Models", "Fits: {needed} of {total} GB")
        return text.format(needed=needed, total=memory_words(total_bytes, 0)), "good"
    # Counted like the file's size, which stands above it.
    text = _tr("Models", "Needs {needed}; {free} is free")
    needed, free = size_words(fit.needed.total), size_words(fit.free_bytes)
    return text.format(needed=needed, free=free), "bad"


def speed_of(entry: ModelEntry) -> float:
    """Tokens per second written here: as measured, else as the trial run showed."""
    if entry.speed is not None:
        return entry.speed.writing_speed
    if entry.tokens_per_second > 0:
        return entry.tokens_per_second
    return entry.trial.tokens_per_second if entry.trial is not None else 0.0


def is_verified(history: Sequence[ModelChange]) -> bool:
    """Whether the last look at the file found it as it was imported; newest change first."""
    last = next((change.kind for change in history if change.kind in _HASHED), None)
    return last in (ModelChangeKind.IMPORTED, ModelChangeKind.VERIFIED)


def _size_of(entry: ModelEntry) -> str:
    if entry.kind is ModelKind.EMBEDDER and entry.dimensions:
        return _tr("Models", "{n} dimensions").format(n=entry.dimensions)
    if entry.kind is ModelKind.ADAPTER and entry.base_architecture:
        return _tr("Models", "for {name} models").format(name=entry.base_architecture)
    if not entry.context_tokens:
        return ""
    return _tr("Models", "context {n}").format(n=f"{entry.context_tokens:,}")


def _origin(entry: ModelEntry) -> str:
    """The folder or drive; the whole path stands in the details."""
    origin = (entry.origin or entry.path).replace("\\", "/").rstrip("/")
    folder = origin.rpartition("/")[0].rpartition("/")[2]
    return folder or origin or _tr("Models", "a file")
