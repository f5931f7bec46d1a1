"""What every import begins and ends with, whatever kind of model comes in."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.models import ModelEntry, ModelKind, ModelStatus
from desktop.inference.plain_line import plain_line
from desktop.inference.who import current_user

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_STEM = 80
_LONGEST_NAME = 200
_HASH_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Import:
    """What is to be brought in: from where, to where, and what is here already.

    `known` are the entries of the register; `in_place` leaves the files where they lie.
    """

    path: Path
    models_folder: Path
    cancel: CancelToken
    in_place: bool = False
    known: Sequence[ModelEntry] = ()

    def twin(self, sha256: str) -> ModelEntry | None:
        """The entry whose files have this hash, usable and where they should be."""
        same = (entry for entry in self.known if entry.sha256 == sha256)
        return next((entry for entry in same if _usable(entry)), None)


def _usable(entry: ModelEntry) -> bool:
    there = all(Path(one).exists() for one in (entry.path, *entry.parts))
    return there and entry.status is ModelStatus.READY


def stored_stem(name: str, sha256: str) -> str:
    """A file name's beginning that every file system takes, unlike for unlike contents."""
    stem = _UNSAFE.sub("-", name).strip("-.")[:_LONGEST_STEM].strip("-.") or "model"
    return f"{stem}-{sha256[:_HASH_DIGITS]}"


def new_entry(request: Import, name: str, sha256: str, kind: ModelKind) -> ModelEntry:
    """An entry without the facts that its file states."""
    return ModelEntry(
        id=stored_stem(name, sha256),
        name=plain_line(name, _LONGEST_NAME) or "model",
        sha256=sha256,
        origin=str(request.path),
        imported_at=time.time(),
        imported_by=current_user(),
        kind=kind,
        in_place=request.in_place,
    )
