"""A model with everything that a register can know of it."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.engine import (
    AdapterUse,
    EngineSettings,
    EngineTuning,
    KvCacheType,
    ModelChoices,
    SamplerSettings,
)
from desktop.domain.models import (
    Approval,
    ModelChange,
    ModelChangeKind,
    ModelEntry,
    ModelKind,
    ModelShape,
    ModelSpeed,
    ModelStatus,
    TrialResult,
)
from desktop.domain.register import RegisterRecord

WRITTEN = 1_795_000_000.0
SHA256 = "ab" * 32
BARE = ModelEntry(
    id="bare",
    name="Bare",
    path="/models/bare.gguf",
    sha256=SHA256,
    size_bytes=5,
    architecture="llama",
)
FULL = replace(
    BARE,
    id="full",
    name="Full",
    path="/models/Otto's full.gguf",
    parameters=135_000_000,
    quantization="Q4_1",
    context_tokens=8192,
    licence="llama3.2",
    licence_link="https://example.org/licence",
    origin="/media/stick/full.gguf",
    maker="Makers",
    source="https://example.org/full",
    imported_at=WRITTEN,
    imported_by="clerk",
    memory_bytes=200_000_000,
    shape=ModelShape(layers=30, head_widths=(64, 64)),
    trial=TrialResult(WRITTEN, True, 0.8, 55.5, "b7000"),
    speed=ModelSpeed(305.0, 95.5, 1.7, 246_000_000, WRITTEN, "AMD EPYC", 0.15, 512, 128, 5),
    approval=Approval("partner", WRITTEN, "for letters"),
    chat_template="{{ messages }}",
)
RECORD = RegisterRecord(
    FULL,
    (
        ModelChange("full", WRITTEN, "partner", ModelChangeKind.APPROVED, "for letters", SHA256),
        ModelChange("full", WRITTEN - 1, "clerk", ModelChangeKind.IMPORTED, "", SHA256),
    ),
    ModelChoices(
        EngineSettings(context_tokens=2048, kv_type=KvCacheType.Q8_0),
        SamplerSettings(temperature=0.33),
        "{{ messages[0] }}",
        (AdapterUse("legal", 0.5),),
    ),
    EngineTuning(
        "AMD EPYC", WRITTEN, 1, 2, 256, True, True, KvCacheType.F16, 305.0, 95.5, lookup_ratio=1.1
    ),
)
REFUSED = replace(
    BARE, id="refused", path="", sha256="", status=ModelStatus.REFUSED, refusal="it is empty"
)
EMBEDDER = replace(
    BARE, id="embedder", path="/models/folder", kind=ModelKind.EMBEDDER, dimensions=384
)
