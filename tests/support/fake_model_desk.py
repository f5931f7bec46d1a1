"""What the fake doors to models share: entries, their history, failures."""

from __future__ import annotations

from desktop.assistant.events import (
    Failed,
    JobId,
)
from desktop.domain.errors import (
    CarrelError,
    UnknownModel,
)
from desktop.domain.models import (
    ModelChange,
    ModelChangeKind,
    ModelEntry,
)
from tests.support.fake_desk import Desk

PERSON = "alex"


def known(desk: Desk, model_id: str) -> ModelEntry:
    if model_id not in desk.models:
        raise UnknownModel(model_id)
    return desk.models[model_id]


def put(desk: Desk, entry: ModelEntry, kind: ModelChangeKind, detail: str = "") -> ModelEntry:
    desk.write()
    desk.models[entry.id] = entry
    note(desk, entry, kind, detail)
    return entry


def note(desk: Desk, entry: ModelEntry, kind: ModelChangeKind, detail: str = "") -> None:
    desk.changes.append(ModelChange(entry.id, desk.now(), PERSON, kind, detail, entry.sha256))


def failed(desk: Desk, error: CarrelError) -> JobId:
    return desk.run([], Failed(error), shown_first=0)
