"""A machine of a chosen size, and scripted models that take their room in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from desktop.assistant.model_loading import Progress, Want
from desktop.domain.errors import Cancelled
from desktop.domain.model_errors import ModelDamaged
from desktop.domain.models import ModelEntry, ModelShape
from desktop.inference.memory_fit import FreeMemory
from tests.support.scripted_chat_model import ScriptedChatModel

GB = 1_000_000_000
SHAPE = ModelShape(
    layers=4,
    embedding_length=64,
    feed_forward_length=128,
    heads=4,
    kv_heads=4,
    head_widths=(16, 16),
    vocabulary=100,
    weights_bytes=GB,
    layer_bytes=GB // 4,
    kv_layers=4,
    kv_values=512,
)


def entry(name: str) -> ModelEntry:
    return ModelEntry(
        id=name,
        name=name.title(),
        path=f"/models/{name}.gguf",
        sha256=name * 8,
        size_bytes=GB,
        architecture="llama",
        parameters=7_000_000_000,
        quantization="Q8_0",
        context_tokens=4096,
        included=name == "old",
        imported_at=1.0,
        shape=SHAPE,
    )


class Answering(ScriptedChatModel):
    """A scripted model that knows its entry, and may fail on its first token."""

    def __init__(self, want: Want, says: str) -> None:
        super().__init__(says)
        self.model_id = want.entry.id
        memory = replace(self.plan.memory, weights=GB)
        self.plan = replace(self.plan, memory=memory, memory_map=False)


@dataclass
class Room:
    """A machine with so much memory, and the models that were loaded into it."""

    free_bytes: int = 10 * GB
    models: list[Answering] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    fell_back: str = ""
    said: list[object] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def load(self, want: Want, progress: Progress) -> Answering:
        if not progress(0.5):
            raise Cancelled
        if want.entry.id in self.broken:
            raise ModelDamaged(want.entry.path, "its bytes are others")
        model = Answering(want, "It is due.")
        model.plan = replace(model.plan, fell_back=self.fell_back)
        self.models.append(model)
        return model

    def free(self, _: str, returned: int) -> FreeMemory:
        held = sum(model.plan.memory.total for model in self.models if not model.closed)
        return FreeMemory(self.free_bytes - held + returned)

    @property
    def open(self) -> list[str]:
        return [model.model_id for model in self.models if not model.closed]
