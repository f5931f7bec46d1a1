"""A model register in memory; files are judged by their first bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from desktop.assistant.events import Failed, Finished, JobId, ModelLoaded, ModelLoading
from desktop.domain.errors import CarrelError, ModelDamaged, ModelIncluded, UnknownModel
from desktop.domain.models import EmbedderFacts, ImportProgress, ModelEntry, ModelStatus
from tests.support.fake_desk import Desk


class FakeModels:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def entries(self) -> list[ModelEntry]:
        return list(self._desk.models.values())

    def current(self) -> ModelEntry | None:
        return self._desk.models.get(self._desk.current)

    def chosen(self) -> ModelEntry | None:
        wanted = self._desk.settings.model_id
        included = next((e for e in self._desk.models.values() if e.included), None)
        return self._desk.models.get(wanted, included)

    def embedder(self) -> EmbedderFacts:
        return EmbedderFacts("all-MiniLM-L6-v2", 384)

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
            return self._failed(ModelDamaged(entry.path, entry.refusal))
        self._desk.current = model_id
        self._desk.settings = replace(self._desk.settings, model_id=model_id)
        return self._desk.run([ModelLoading(model_id), ModelLoaded(entry)], Finished(entry))

    def unload(self) -> JobId:
        self._desk.current = ""
        return self._desk.run([], Finished(None), shown_first=0)

    def import_file(self, path: Path) -> JobId:
        if not path.is_file() or path.read_bytes()[:4] != b"GGUF":
            return self._failed(ModelDamaged(str(path), "it does not begin like a GGUF file"))
        size = path.stat().st_size
        entry = ModelEntry(
            id=path.stem.lower(),
            name=path.stem,
            path=str(path),
            sha256="9f2c" + "0" * 56 + "e17a",
            size_bytes=size,
            architecture="llama",
            parameters=4_000_000_000,
            quantization="Q4_K_M",
            context_tokens=32_768,
            licence="Apache-2.0",
            origin=str(path.parent),
            included=False,
            imported_at=self._desk.now(),
            imported_by="",
            status=ModelStatus.READY,
            memory_bytes=2 * size,
        )
        self._desk.models[entry.id] = entry
        steps = [ImportProgress(step, size // 2, size) for step in ("checking", "hashing")]
        return self._desk.run([*steps, entry], Finished(entry))

    def verify(self, model_id: str) -> JobId:
        entry = self._desk.models[model_id]
        if entry.status is ModelStatus.REFUSED:
            return self._failed(ModelDamaged(entry.path, entry.refusal))
        progress = ImportProgress("hashing", entry.size_bytes // 2, entry.size_bytes)
        return self._desk.run([progress], Finished(entry))

    def remove(self, model_id: str) -> JobId:
        entry = self._desk.models[model_id]
        if entry.included:
            return self._failed(ModelIncluded(entry.name))
        del self._desk.models[model_id]
        if self._desk.current == model_id:
            self._desk.current = ""
        return self._desk.run([], Finished(entry), shown_first=0)

    def _failed(self, error: CarrelError) -> JobId:
        return self._desk.run([], Failed(error), shown_first=0)
