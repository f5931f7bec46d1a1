"""A model register in memory; files are judged by their first bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from desktop.assistant.events import (
    EngineTuned,
    Failed,
    Finished,
    JobId,
    ModelLoaded,
    ModelLoading,
    ModelLoadProgress,
)
from desktop.domain.engine import (
    EnginePlan,
    EngineSettings,
    EngineTuning,
    FitRemedy,
    KvCacheType,
    MemoryFit,
    MemoryNeeded,
    ModelChoices,
)
from desktop.domain.errors import (
    CarrelError,
    InvalidName,
    ModelDamaged,
    ModelIncluded,
    UnknownModel,
)
from desktop.domain.licences import LicenceKind, LicenceTerms
from desktop.domain.models import (
    Approval,
    EmbedderFacts,
    ImportProgress,
    ModelChange,
    ModelChangeKind,
    ModelEntry,
    ModelKind,
    ModelSpeed,
    ModelStatus,
)
from tests.support.fake_desk import Desk

_PERSON = "alex"
_CONTEXT = 8192
_KV_BYTES = 90_000  # of one token


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
        entry = replace(_known(self._desk, model_id), name=name.strip())
        return _put(self._desk, entry, ModelChangeKind.RENAMED, f"to “{name.strip()}”")

    def approve(self, model_id: str, note: str = "") -> ModelEntry:
        approval = Approval(_PERSON, self._desk.now(), note)
        entry = replace(_known(self._desk, model_id), approval=approval)
        return _put(self._desk, entry, ModelChangeKind.APPROVED, note)

    def withdraw_approval(self, model_id: str) -> ModelEntry:
        entry = replace(_known(self._desk, model_id), approval=None)
        return _put(self._desk, entry, ModelChangeKind.APPROVAL_WITHDRAWN)

    def licence(self, model_id: str) -> LicenceTerms:
        licence = _known(self._desk, model_id).licence
        if "llama" in licence.lower():
            limits = ("Services with over 700 million users a month need leave from the maker.",)
            use = "May be used for work, within limits."
            return LicenceTerms("llama3.3", licence, LicenceKind.LIMITS, use, limits)
        return LicenceTerms("apache-2.0", licence, LicenceKind.FREE, "May be used for any work.")

    def card(self, model_id: str) -> str:
        return f"# {_known(self._desk, model_id).name}\n"

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
        _put(self._desk, entry, ModelChangeKind.IMPORTED, f"from {path.parent}")
        steps = [ImportProgress(step, size // 2, size) for step in ("checking", "hashing")]
        return self._desk.run([*steps, entry], Finished(entry))

    def verify(self, model_id: str) -> JobId:
        entry = self._desk.models[model_id]
        if entry.status is ModelStatus.REFUSED:
            return _failed(self._desk, ModelDamaged(entry.path or entry.origin, entry.refusal))
        progress = ImportProgress("hashing", entry.size_bytes // 2, entry.size_bytes)
        _note(self._desk, entry, ModelChangeKind.VERIFIED)
        return self._desk.run([progress], Finished(entry))

    def remove(self, model_id: str) -> JobId:
        entry = self._desk.models[model_id]
        if entry.included:
            return _failed(self._desk, ModelIncluded(entry.name))
        del self._desk.models[model_id]
        _note(self._desk, entry, ModelChangeKind.REMOVED)
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
        _put(self._desk, refused, ModelChangeKind.REFUSED, reason)
        return _failed(self._desk, ModelDamaged(str(path), reason))


class FakeRunningModels:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def chosen(self) -> ModelEntry | None:
        wanted = self._desk.settings.model_id
        included = next((e for e in self._desk.models.values() if e.included), None)
        return self._desk.models.get(wanted, included)

    def current(self) -> ModelEntry | None:
        return self._desk.models.get(self._desk.current)

    def plan(self) -> EnginePlan | None:
        current = self.current()
        if current is None:
            return None
        fit = FakeModelOptions(self._desk).fit(current.id)
        return EnginePlan(
            context_tokens=fit.context_tokens,
            batch_tokens=256,
            threads=1,
            reading_threads=2,
            gpu_layers=0,
            all_layers=36,
            device="cpu",
            flash_attention=True,
            memory_map=True,
            kv_type=KvCacheType.F16,
            prompt_lookup=False,
            memory=fit.needed,
        )

    def warm(self) -> JobId:
        chosen = self.chosen()
        if chosen is None:
            return self._desk.run([], Failed(UnknownModel("")))
        return self.use(chosen.id)

    def use(self, model_id: str) -> JobId:
        entry = self._desk.models.get(model_id)
        if entry is None:
            return self._desk.run([], Failed(UnknownModel(model_id)))
        if entry.status is not ModelStatus.READY:
            return _failed(self._desk, ModelDamaged(entry.path or entry.origin, entry.refusal))
        self._desk.current = model_id
        if self._desk.settings.model_id != model_id:
            self._desk.settings = replace(self._desk.settings, model_id=model_id)
            _note(self._desk, entry, ModelChangeKind.USED)
        bodies = [ModelLoading(model_id), ModelLoadProgress(model_id, 0.5), ModelLoaded(entry)]
        return self._desk.run(bodies, Finished(entry))

    def unload(self) -> JobId:
        self._desk.current = ""
        return self._desk.run([], Finished(None), shown_first=0)

    def tend(self) -> JobId | None:
        return None

    def tuning(self, model_id: str) -> EngineTuning | None:
        return self._desk.tunings.get(model_id)

    def tune(self, model_id: str) -> JobId:
        _known(self._desk, model_id)
        tuning = EngineTuning(
            machine="AMD EPYC",
            measured_at=self._desk.now(),
            threads=1,
            reading_threads=2,
            batch_tokens=256,
            flash_attention=True,
            memory_map=True,
            kv_type=KvCacheType.F16,
            reading_speed=305.0,
            writing_speed=67.0,
            lookup_ratio=1.2,
        )
        self._desk.tunings[model_id] = tuning
        return self._desk.run([EngineTuned(model_id, tuning)], Finished(tuning), shown_first=0)

    def bench(self, model_id: str) -> JobId:
        entry = _known(self._desk, model_id)
        speed = ModelSpeed(305.0, 67.0, 0.4, 300_000_000, self._desk.now(), "AMD EPYC", 0.2)
        _put(self._desk, replace(entry, speed=speed), ModelChangeKind.MEASURED)
        return self._desk.run([], Finished(speed), shown_first=0)


class FakeModelOptions:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def choices(self, model_id: str) -> ModelChoices:
        return self._desk.choices.get(model_id, ModelChoices())

    def change_choices(self, model_id: str, choices: ModelChoices) -> None:
        entry = _known(self._desk, model_id)
        self._desk.write()
        self._desk.choices[model_id] = choices
        _note(self._desk, entry, ModelChangeKind.CHOICES_CHANGED)

    def fit(self, model_id: str, engine: EngineSettings | None = None) -> MemoryFit:
        entry = _known(self._desk, model_id)
        chosen = engine or self.choices(model_id).engine or self._desk.settings.engine
        trained = entry.context_tokens or _CONTEXT
        context = min(chosen.context_tokens or _CONTEXT, trained)
        needed = MemoryNeeded(entry.size_bytes, context * _KV_BYTES, 100_000_000)
        free = self._desk.memory_total - self._desk.memory_used
        fits = needed.total <= free
        room = (free - needed.weights - needed.compute) // _KV_BYTES // 1024 * 1024
        remedy = FitRemedy("context_tokens", room) if not fits and room >= 1024 else None
        return MemoryFit(needed, free, fits, context, remedy=remedy)

    def check_schema(self, text: str) -> str:
        return "" if '"type"' in text else "the schema names no type"

    def template_of(self, model_id: str) -> str:
        return self.choices(model_id).chat_template or _known(self._desk, model_id).chat_template

    def check_template(self, text: str) -> str:
        return "" if text.count("{%") == text.count("%}") else "the chat template cannot be parsed"


class FakeSearchModels:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def embedder(self) -> EmbedderFacts:
        return EmbedderFacts("all-MiniLM-L6-v2", 384)

    def use_embedder(self, model_id: str) -> EmbedderFacts:
        if model_id:
            _known(self._desk, model_id)
        documents = replace(self._desk.settings.documents, embedder_id=model_id)
        self._desk.settings = replace(self._desk.settings, documents=documents)
        return self.embedder()

    def reranker(self) -> ModelEntry | None:
        return self._desk.models.get(self._desk.reranker)

    def use_reranker(self, model_id: str) -> None:
        if model_id:
            _known(self._desk, model_id)
        self._desk.reranker = model_id


def _known(desk: Desk, model_id: str) -> ModelEntry:
    if model_id not in desk.models:
        raise UnknownModel(model_id)
    return desk.models[model_id]


def _put(desk: Desk, entry: ModelEntry, kind: ModelChangeKind, detail: str = "") -> ModelEntry:
    desk.write()
    desk.models[entry.id] = entry
    _note(desk, entry, kind, detail)
    return entry


def _note(desk: Desk, entry: ModelEntry, kind: ModelChangeKind, detail: str = "") -> None:
    desk.changes.append(ModelChange(entry.id, desk.now(), _PERSON, kind, detail, entry.sha256))


def _failed(desk: Desk, error: CarrelError) -> JobId:
    return desk.run([], Failed(error), shown_first=0)


def _blank(path: Path, now: float) -> ModelEntry:
    return ModelEntry(
        id=path.stem.lower(),
        name=path.stem,
        path=str(path),
        sha256="",
        size_bytes=0,
        architecture="",
        parameters=0,
        quantization="",
        context_tokens=0,
        licence="",
        origin=str(path.parent),
        included=False,
        imported_at=now,
        imported_by=_PERSON,
        status=ModelStatus.READY,
    )
