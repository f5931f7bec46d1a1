"""The content of the pictures: a small office's chats, collections and models."""

from __future__ import annotations

from dataclasses import replace

from desktop.domain.conversations import Conversation
from desktop.domain.documents import Collection
from desktop.domain.models import ModelEntry, ModelStatus
from tests.support.fake_assistant import NOW, FakeAssistant

_DAY = 86_400.0
_GIB = 2**30

# Title and age in days.
_CHATS = (
    ("Harbor lease: rent and notice", 0.01),
    ("Summary of Q3 board minutes", 0.1),
    ("Which vendors lack a DPA?", 1.0),
    ("Compare indemnity clauses", 1.1),
    ("Travel policy, per-diem limits", 1.2),
    ("Audit findings 2025, owners", 12.0),
    ("Draft reply to the regulator", 20.0),
)

_COLLECTIONS = (
    Collection(1, "Contracts 2024", NOW - 90 * _DAY, 212, 198, 3, 6480, 41_207),
    Collection(2, "Board minutes", NOW - 60 * _DAY, 48, 48, 0, 512, 3_904),
    Collection(3, "Policies and procedures", NOW - 30 * _DAY, 31, 31, 0, 402, 2_760),
    Collection(4, "Correspondence", NOW - 10 * _DAY, 1_204, 1_204, 0, 3_311, 9_870),
)

_SMALL = ModelEntry(
    id="smollm2-135m",
    name="SmolLM2 135M Instruct",
    path="resources/models/chat/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="5e3a" + "0" * 56 + "91bc",
    size_bytes=98_000_000,
    architecture="llama",
    parameters=135_000_000,
    quantization="Q4_1",
    context_tokens=8_192,
    licence="Apache-2.0",
    included=True,
    imported_at=NOW - 40 * _DAY,
    memory_bytes=round(0.3 * _GIB),
    tokens_per_second=139.0,
)

_MODELS = (
    replace(
        _SMALL,
        id="qwen3-4b",
        name="Qwen3 4B Instruct",
        path="models/Qwen3-4B-Instruct-Q4_K_M.gguf",
        sha256="9f2c" + "0" * 56 + "e17a",
        size_bytes=2_500_000_000,
        parameters=4_000_000_000,
        quantization="Q4_K_M",
        context_tokens=32_768,
        included=False,
        architecture="qwen3",
        imported_at=NOW - 6 * _DAY,
        origin="a USB drive",
        memory_bytes=round(3.1 * _GIB),
        tokens_per_second=31.0,
    ),
    _SMALL,
    replace(
        _SMALL,
        id="llama-70b",
        name="Llama 3.3 70B Instruct",
        path="models/Llama-3.3-70B-Instruct-Q4_K_M.gguf",
        size_bytes=42_500_000_000,
        parameters=70_600_000_000,
        quantization="Q4_K_M",
        context_tokens=131_072,
        licence="Llama 3.3 Community Licence",
        included=False,
        memory_bytes=round(44.8 * _GIB),
        tokens_per_second=0.0,
    ),
    replace(
        _SMALL,
        id="mistral-finance",
        name="mistral-finance-v2.gguf",
        path="models/mistral-finance-v2.gguf",
        included=False,
        status=ModelStatus.REFUSED,
        refusal="the file ends after 61% of its tensors. Copy it again.",
        imported_at=NOW - _DAY,
        origin="a USB drive",
    ),
)


def fill(assistant: FakeAssistant) -> None:
    """Lay the content on the assistant's desk."""
    desk = assistant.desk
    for number, (title, days) in enumerate(_CHATS, start=1):
        moment = NOW - days * _DAY
        desk.conversations[number] = Conversation(number, title, 1, moment, moment)
        desk.messages[number] = []
    desk.collections = {collection.id: collection for collection in _COLLECTIONS}
    desk.models = {entry.id: entry for entry in _MODELS}
    desk.current = "qwen3-4b"
    desk.settings = replace(desk.settings, model_id="qwen3-4b")
    desk.memory_used = round(3.1 * _GIB)
    desk.memory_total = 24 * _GIB
