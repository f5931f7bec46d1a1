"""The model register as one JSON document, for another program or an auditor to read.

Its shape is `docs/model-register.schema.json`; `VERSION` rises when a field changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from desktop import __version__
from desktop.domain.models import ModelChange, ModelEntry, TrialResult
from desktop.domain.register import RegisterRecord
from desktop.governance.licences import SUMMARY_NOTE, terms_of
from desktop.storage.value_codec import to_plain

FORMAT = "carrel-model-register"
VERSION = 1


def register_export(
    records: Sequence[RegisterRecord], removed: Sequence[ModelChange], at: float
) -> str:
    """Return the register as JSON text.

    `removed` is the history of models that are no longer there, `at` the time of writing.
    """
    document = {
        "format": FORMAT,
        "version": VERSION,
        "written_at": _time(at),
        "written_by": f"Carrel {__version__}",
        "models": [_model(record) for record in records],
        "removed": _removed(removed),
    }
    return json.dumps(document, indent=2) + "\n"


def _model(record: RegisterRecord) -> dict[str, Any]:
    entry = record.entry
    return {
        "id": entry.id,
        "name": entry.name,
        "kind": entry.kind.value,
        "status": entry.status.value,
        "refusal": entry.refusal,
        "file": _file(entry),
        "facts": _facts(entry),
        "licence": _licence(entry),
        "origin": _origin(entry),
        "approval": _approval(entry),
        "trial": _trial(entry.trial),
        "speed": _timed(entry.speed, "measured_at"),
        "tuning": _timed(record.tuning, "measured_at"),
        "choices": to_plain(record.choices),
        "question_sets": [],  # none are run on models yet
        "history": [_change(change) for change in record.history],
    }


def _file(entry: ModelEntry) -> dict[str, Any]:
    return {
        "path": entry.path,
        "sha256": entry.sha256,
        "size_bytes": entry.size_bytes,
        "parts": list(entry.parts),
        "in_place": entry.in_place,
    }


def _facts(entry: ModelEntry) -> dict[str, Any]:
    return {
        "architecture": entry.architecture,
        "base_architecture": entry.base_architecture,
        "parameters": entry.parameters,
        "quantization": entry.quantization,
        "context_tokens": entry.context_tokens,
        "dimensions": entry.dimensions,
        "memory_bytes": entry.memory_bytes,
        "layers": entry.shape.layers,
        "embedding_length": entry.shape.embedding_length,
        "heads": entry.shape.heads,
        "kv_heads": entry.shape.kv_heads,
        "vocabulary": entry.shape.vocabulary,
        "chat_template": entry.chat_template,
    }


def _licence(entry: ModelEntry) -> dict[str, Any]:
    terms = terms_of(entry)
    return {
        "stated": terms.stated,
        "id": terms.id,
        "name": terms.name,
        "kind": terms.kind.value,
        "use": terms.use,
        "limits": list(terms.limits),
        "conditions": list(terms.conditions),
        "full_text": terms.full_text,
        "link": terms.link,
        "note": SUMMARY_NOTE,
    }


def _origin(entry: ModelEntry) -> dict[str, Any]:
    return {
        "included": entry.included,
        "from": entry.origin,
        "maker": entry.maker,
        "source": entry.source,
        "imported_at": None if entry.included else _time(entry.imported_at),
        "imported_by": entry.imported_by,
    }


def _approval(entry: ModelEntry) -> dict[str, Any] | None:
    approval = entry.approval
    if approval is None:
        return None
    return {"by": approval.by, "at": _time(approval.at), "note": approval.note}


def _trial(trial: TrialResult | None) -> dict[str, Any] | None:
    return _timed(trial, "at")


def _timed(value: object | None, name: str) -> dict[str, Any] | None:
    """A value's fields, its time as text."""
    if value is None:
        return None
    plain: dict[str, Any] = to_plain(value)
    return plain | {name: _time(plain[name])}


def _removed(changes: Sequence[ModelChange]) -> list[dict[str, Any]]:
    by_model: dict[str, list[dict[str, Any]]] = {}
    for change in changes:
        by_model.setdefault(change.model_id, []).append(_change(change))
    return [{"id": model_id, "history": history} for model_id, history in by_model.items()]


def _change(change: ModelChange) -> dict[str, Any]:
    return {
        "at": _time(change.at),
        "by": change.by,
        "change": change.kind.value,
        "detail": change.detail,
        "sha256": change.sha256,
    }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
