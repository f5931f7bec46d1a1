"""Lines for the history of models: who did what to which file, and when."""

from __future__ import annotations

import time

from desktop.domain.models import ModelChange, ModelChangeKind, ModelEntry


def change_of(entry: ModelEntry, kind: ModelChangeKind, detail: str = "") -> ModelChange:
    """The line that says what is done to `entry` now, by the person at this computer."""
    from desktop.inference.who import current_user

    return ModelChange(entry.id, time.time(), current_user(), kind, detail, entry.sha256)
