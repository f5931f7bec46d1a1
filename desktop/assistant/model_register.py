"""The model register as a face sees it: what there is, and what happened to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.assistant.model_changes import change_of
from desktop.assistant.tunings import Tunings
from desktop.domain.errors import InvalidName, UnknownModel
from desktop.domain.licences import LicenceTerms
from desktop.domain.models import (
    Approval,
    ModelChange,
    ModelChangeKind,
    ModelEntry,
    ModelKind,
    ModelStatus,
)
from desktop.domain.register import RegisterRecord
from desktop.storage.model_store import ModelStore

_NAME_CHARACTERS = 100

Edit = Callable[[ModelEntry], ModelEntry]
Line = Callable[[ModelEntry], ModelChange]


class ModelRegister:
    """Entries and their history; small reads and one-row writes, answered at once."""

    def __init__(self, models: ModelStore, tunings: Tunings) -> None:
        self._models = models
        self._tunings = tunings

    def entries(self) -> list[ModelEntry]:
        """The chat models: included ones first, then in the order of import.

        Files that were refused on import are among them, without a path.
        """
        return self._of_kind(ModelKind.CHAT)

    def embedders(self) -> list[ModelEntry]:
        """The imported embedding models, in the order of import."""
        return self._of_kind(ModelKind.EMBEDDER)

    def rerankers(self) -> list[ModelEntry]:
        """The imported rerankers, in the order of import."""
        return self._of_kind(ModelKind.RERANKER)

    def adapters(self) -> list[ModelEntry]:
        """The imported LoRA adapters, in the order of import."""
        return self._of_kind(ModelKind.ADAPTER)

    def entry(self, model_id: str) -> ModelEntry | None:
        entry = self._models.entry(model_id)
        return as_found(entry) if entry is not None else None

    def history(self, model_id: str) -> list[ModelChange]:
        """What happened to a model, newest first; also after it was removed."""
        return self._models.history(model_id)

    def rename(self, model_id: str, name: str) -> ModelEntry:
        """Show a model under another name; raises `InvalidName`, `UnknownModel`."""
        wanted = name.strip()
        if not wanted or len(wanted) > _NAME_CHARACTERS or not wanted.isprintable():
            raise InvalidName(name)

        def line(entry: ModelEntry) -> ModelChange:
            told = f"from “{entry.name}” to “{wanted}”"
            return change_of(entry, ModelChangeKind.RENAMED, told)

        return self._amended(model_id, lambda entry: replace(entry, name=wanted), line)

    def approve(self, model_id: str, note: str = "") -> ModelEntry:
        """Note that this person allows the model, and why; raises `UnknownModel`."""
        line = change_of(known(self._models, model_id), ModelChangeKind.APPROVED, note)
        approval = Approval(line.by, line.at, note)
        return self._amended(
            model_id, lambda entry: replace(entry, approval=approval), lambda _: line
        )

    def withdraw_approval(self, model_id: str) -> ModelEntry:
        """Take an approval back, nothing where there is none; raises `UnknownModel`."""
        entry = known(self._models, model_id)
        if entry.approval is None:
            return as_found(entry)
        line = change_of(entry, ModelChangeKind.APPROVAL_WITHDRAWN)
        return self._amended(model_id, lambda entry: replace(entry, approval=None), lambda _: line)

    def licence(self, model_id: str) -> LicenceTerms:
        """The licence in plain words, as the file names it; raises `UnknownModel`."""
        from desktop.governance.licences import terms_of

        return terms_of(known(self._models, model_id))

    def card(self, model_id: str) -> str:
        """All that is known of a model, in Markdown; raises `UnknownModel`."""
        from desktop.governance.model_card import model_card

        return model_card(self._record(known(self._models, model_id)), time.time())

    def export(self, model_ids: Sequence[str] = ()) -> str:
        """The register with its history in JSON, or these models of it; raises `UnknownModel`."""
        from desktop.governance.register_export import register_export

        entries = self._models.entries()
        there = {entry.id for entry in entries}
        removed = [each for each in self._models.history() if each.model_id not in there]
        if model_ids:
            removed = [each for each in removed if each.model_id in model_ids]
            gone = {each.model_id for each in removed}
            entries = [known(self._models, each) for each in model_ids if each not in gone]
        return register_export([self._record(entry) for entry in entries], removed, time.time())

    def _record(self, entry: ModelEntry) -> RegisterRecord:
        return RegisterRecord(
            entry=as_found(entry),
            history=tuple(self._models.history(entry.id)),
            choices=self._models.choices(entry.id),
            tuning=self._tunings.of(entry),
        )

    def _amended(self, model_id: str, edit: Edit, line: Line) -> ModelEntry:
        return as_found(amended(self._models, model_id, edit, line))

    def _of_kind(self, kind: ModelKind) -> list[ModelEntry]:
        return [as_found(entry) for entry in self._models.entries() if entry.kind is kind]


def known(models: ModelStore, model_id: str) -> ModelEntry:
    """The entry with this id; raises `UnknownModel`."""
    entry = models.entry(model_id)
    if entry is None:
        raise UnknownModel(model_id)
    return entry


def amended(models: ModelStore, model_id: str, edit: Edit, line: Line) -> ModelEntry:
    """Change an entry as it is now, with a line of its history; raises `UnknownModel`."""
    entry = models.amend(model_id, edit, line)
    if entry is None:
        raise UnknownModel(model_id)
    return entry


def as_found(entry: ModelEntry) -> ModelEntry:
    """The entry, said to be missing where its file is gone."""
    missing = entry.status is ModelStatus.READY and not Path(entry.path).exists()
    return replace(entry, status=ModelStatus.MISSING) if missing else entry
