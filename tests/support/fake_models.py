"""A model register in memory; files are judged by their first bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.assistant.events import (
    Finished,
    JobId,
)
from desktop.domain.errors import InvalidName, ModelIncluded
from desktop.domain.licences import LicenceKind, LicenceTerms
from desktop.domain.model_errors import ModelDamaged
from desktop.domain.models import (
    Approval,
    ImportProgress,
    ModelChange,
    ModelChangeKind,
    ModelEntry,
    ModelKind,
    ModelStatus,
)
from tests.support.fake_desk import Desk
from tests.support.fake_model_desk import PERSON, failed, known, note, put
from tests.support.fake_running_models import FakeModelOptions, FakeRunningModels, FakeSearchModels


class FakeModels:
    """The subjects of `desktop.assistant.models.Models` over one `Desk`."""

    def __init__(self, desk: Desk) -> None:
        self.register = FakeRegister(desk)
        self.files = FakeModelFiles(desk)
        self.running = FakeRunningModels(desk)
        self.options = FakeModelOptions(desk)
        self.searching = FakeSearchModels(desk)


class FakeRegister:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def entries(self) -> list[ModelEntry]:
        return self._of_kind(ModelKind.CHAT)

    def embedders(self) -> list[ModelEntry]:
        return self._of_kind(ModelKind.EMBEDDER)

    def rerankers(self) -> list[ModelEntry]:
        return self._of_kind(ModelKind.RERANKER)

    def adapters(self) -> list[ModelEntry]:
        return self._of_kind(ModelKind.ADAPTER)

    def entry(self, model_id: str) -> ModelEntry | None:
        return self._desk.models.get(model_id)

    def history(self, model_id: str) -> list[ModelChange]:
        return [each for each in reversed(self._desk.changes) if each.model_id == model_id]

    def rename(self, model_id: str, name: str) -> ModelEntry:
        if not name.strip():
            raise InvalidName(name)
        entry = replace(known(self._desk, model_id), name=name.strip())
        return put(self._desk, entry, ModelChangeKind.RENAMED, f"to “{name.strip()}”")

    def approve(self, model_id: str, note: str = "") -> ModelEntry:
        approval = Approval(PERSON, self._desk.now(), note)
        entry = replace(known(self._desk, model_id), approval=approval)
        return put(self._desk, entry, ModelChangeKind.APPROVED, note)

    def withdraw_approval(self, model_id: str) -> ModelEntry:
        entry = replace(known(self._desk, model_id), approval=None)
        return put(self._desk, entry, ModelChangeKind.APPROVAL_WITHDRAWN)

    def licence(self, model_id: str) -> LicenceTerms:
        licence = known(self._desk, model_id).licence
        if "llama" in licence.lower():
            limits = ("Services with over 700 million users a month need leave from the maker.",)
            use = "May be used for work, within limits."
            return LicenceTerms("llama3.3", licence, LicenceKind.LIMITS, use, limits)
        return LicenceTerms("apache-2.0", licence, LicenceKind.FREE, "May be used for any work.")

    def card(self, model_id: str) -> str:
        return f"# {known(self._desk, model_id).name}\n"

    def export(self, model_ids: Sequence[str] = ()) -> str:
        ids = [f'"{each}"' for each in self._desk.models if not model_ids or each in model_ids]
        return f'{{"models": [{", ".join(ids)}]}}'

    def _of_kind(self, kind: ModelKind) -> list[ModelEntry]:
        return [entry for entry in self._desk.models.values() if entry.kind is kind]


class FakeModelFiles:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def import_file(self, path: Path, in_place: bool = False) -> JobId:
        if not path.is_file() or path.read_bytes()[:4] != b"GGUF":
            return self._refuse(path, "it does not begin like a GGUF file")
        size = path.stat().st_size
        entry = replace(
            _blank(path, self._desk.now()),
            size_bytes=size,
            sha256="9f2c" + "0" * 56 + "e17a",
            architecture="llama",
            parameters=4_000_000_000,
            quantization="Q4_K_M",
            context_tokens=32_768,
            licence="Apache-2.0",
            memory_bytes=2 * size,
            in_place=in_place,
        )
        put(self._desk, entry, ModelChangeKind.IMPORTED, f"from {path.parent}")
        steps = [ImportProgress(step, size // 2, size) for step in ("checking", "hashing")]
        return self._desk.run([*steps, entry], Finished(entry))

    def verify(self, model_id: str) -> JobId:
        entry = self._desk.models[model_id]
        if entry.status is ModelStatus.REFUSED:
            return failed(self._desk, ModelDamaged(entry.path or entry.origin, entry.refusal))
        progress = ImportProgress("hashing", entry.size_bytes // 2, entry.size_bytes)
        note(self._desk, entry, ModelChangeKind.VERIFIED)
        return self._desk.run([progress], Finished(entry))

    def remove(self, model_id: str) -> JobId:
        entry = self._desk.models[model_id]
        if entry.included:
            return failed(self._desk, ModelIncluded(entry.name))
        del self._desk.models[model_id]
        note(self._desk, entry, ModelChangeKind.REMOVED)
        if self._desk.current == model_id:
            self._desk.current = ""
        return self._desk.run([], Finished(entry), shown_first=0)

    def look_for_new(self) -> JobId:
        return self._desk.run([], Finished(()), shown_first=0)

    def _refuse(self, path: Path, reason: str) -> JobId:
        refused = replace(
            _blank(path, self._desk.now()),
            path="",
            origin=str(path),
            status=ModelStatus.REFUSED,
            refusal=reason,
        )
        put(self._desk, refused, ModelChangeKind.REFUSED, reason)
        return failed(self._desk, ModelDamaged(str(path), reason))


def _blank(path: Path, now: float) -> ModelEntry:
    return ModelEntry(
        id=path.stem.lower(),
        name=path.stem,
        path=str(path),
        origin=str(path.parent),
        imported_at=now,
        imported_by=PERSON,
    )
