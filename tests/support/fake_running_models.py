"""The fake doors to models that run: what answers, how each is run, what searches."""

from __future__ import annotations

from dataclasses import replace

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
from desktop.domain.errors import UnknownModel
from desktop.domain.model_errors import ModelDamaged
from desktop.domain.models import (
    EmbedderFacts,
    ModelChangeKind,
    ModelEntry,
    ModelSpeed,
    ModelStatus,
)
from tests.support.fake_desk import Desk
from tests.support.fake_model_desk import failed, known, note, put

_CONTEXT = 8192
_KV_BYTES = 90_000  # of one token


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
            return failed(self._desk, ModelDamaged(entry.path or entry.origin, entry.refusal))
        self._desk.current = model_id
        if self._desk.settings.model_id != model_id:
            self._desk.settings = replace(self._desk.settings, model_id=model_id)
            note(self._desk, entry, ModelChangeKind.USED)
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
        known(self._desk, model_id)
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
        entry = known(self._desk, model_id)
        speed = ModelSpeed(305.0, 67.0, 0.4, 300_000_000, self._desk.now(), "AMD EPYC", 0.2)
        put(self._desk, replace(entry, speed=speed), ModelChangeKind.MEASURED)
        return self._desk.run([], Finished(speed), shown_first=0)


class FakeModelOptions:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def choices(self, model_id: str) -> ModelChoices:
        return self._desk.choices.get(model_id, ModelChoices())

    def change_choices(self, model_id: str, choices: ModelChoices) -> None:
        entry = known(self._desk, model_id)
        self._desk.write()
        self._desk.choices[model_id] = choices
        note(self._desk, entry, ModelChangeKind.CHOICES_CHANGED)

    def fit(self, model_id: str, engine: EngineSettings | None = None) -> MemoryFit:
        entry = known(self._desk, model_id)
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
        return self.choices(model_id).chat_template or known(self._desk, model_id).chat_template

    def check_template(self, text: str) -> str:
        return "" if text.count("{%") == text.count("%}") else "the chat template cannot be parsed"


class FakeSearchModels:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def embedder(self) -> EmbedderFacts:
        return EmbedderFacts("all-MiniLM-L6-v2", 384)

    def use_embedder(self, model_id: str) -> EmbedderFacts:
        if model_id:
            known(self._desk, model_id)
        documents = replace(self._desk.settings.documents, embedder_id=model_id)
        self._desk.settings = replace(self._desk.settings, documents=documents)
        return self.embedder()

    def reranker(self) -> ModelEntry | None:
        return self._desk.models.get(self._desk.reranker)

    def use_reranker(self, model_id: str) -> None:
        if model_id:
            known(self._desk, model_id)
        self._desk.reranker = model_id
