"""The models that come with Carrel: where they lie and which bytes they must be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from desktop.domain.model_errors import ModelDamaged, ModelError
from desktop.domain.models import EmbedderFacts, ModelEntry, ModelStatus
from desktop.storage.resources import resource_path

CHAT_MODEL_ID = "smollm2-135m-instruct"
CHAT_MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
EMBEDDER_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# What the embedder is run from; the two graphs are made by the set-up, the same on every machine.
EMBEDDER_FILES = MappingProxyType(
    {
        "model.safetensors": EMBEDDER_WEIGHTS_SHA256,
        "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "embedder-fp32.onnx": "78bf98ed62627a8892910120bfc3c2c2bf34a8f4693af5539b956bd889006ff2",
        "embedder-int8.onnx": "7d2edc63bc859f33bf1f6a1bc9897b0bef4914a1f21710b2d9ba0bb85f3d46bd",
    }
)

_CHAT_MODEL_FILE = "models/chat/SmolLM2-135M-Instruct.Q4_1.gguf"
_EMBEDDER_FOLDER = "models/embedding/all-MiniLM-L6-v2"
_EMBEDDER_DIMENSIONS = 384


def chat_model_path() -> Path:
    return resource_path(_CHAT_MODEL_FILE)


def embedder_folder() -> Path:
    return resource_path(_EMBEDDER_FOLDER)


def included_embedder() -> EmbedderFacts:
    """What is known of it without loading it."""
    return EmbedderFacts(embedder_folder().name, _EMBEDDER_DIMENSIONS)


def included_chat_model() -> ModelEntry:
    """The included chat model as a register entry, whatever state its file is in."""
    # Needed once, when the file is first seen; most starts know it already.
    from desktop.inference.gguf_check import check_header
    from desktop.inference.model_entry import described

    path = chat_model_path()
    if not path.is_file():
        return replace(_named(path), status=ModelStatus.MISSING)
    try:
        header = check_header(path)
    except ModelError as error:
        reason = error.reason if isinstance(error, ModelDamaged) else "it is no model file"
        return replace(_named(path), status=ModelStatus.REFUSED, refusal=reason)
    return described(_named(path), header)


def _named(path: Path) -> ModelEntry:
    return ModelEntry(
        id=CHAT_MODEL_ID,
        name="SmolLM2 135M Instruct",
        path=str(path),
        sha256=CHAT_MODEL_SHA256,
        origin="included with Carrel",
        included=True,
    )
