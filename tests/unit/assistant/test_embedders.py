"""Which embedder is in use, and which one a collection's vectors came from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.assistant.embedders import Embedders
from desktop.domain.model_errors import EmbedderGone
from desktop.domain.models import (
    EmbedderFacts,
    EmbedderPlace,
    EmbedderPrecision,
    ModelEntry,
    ModelKind,
    ModelStatus,
)
from desktop.domain.settings import DocumentSettings, Settings
from desktop.inference.included_models import EMBEDDER_WEIGHTS_SHA256, embedder_folder

IMPORTED = ModelEntry(
    id="mini-1",
    name="mini",
    path="/models/mini-1",
    sha256="a" * 64,
    size_bytes=1,
    architecture="bert",
    origin="/downloads/mini",
    imported_at=1.0,
    kind=ModelKind.EMBEDDER,
    dimensions=768,
)
EXACT = EmbedderPrecision.EXACT


def embedders(
    embedder_id: str = "", precision: EmbedderPrecision = EXACT, *entries: ModelEntry
) -> Embedders:
    documents = DocumentSettings(embedder_id=embedder_id, embedder_precision=precision)
    return Embedders(lambda: Settings(documents=documents), entries)


def test_the_included_one_is_used_at_the_precision_wished() -> None:
    assert embedders().find("") == EmbedderPlace(str(embedder_folder()), "fp32")
    fast = embedders("", EmbedderPrecision.FAST)
    assert fast.find("") == EmbedderPlace(str(embedder_folder()), "int8")
    assert fast.facts() == EmbedderFacts("all-MiniLM-L6-v2", 384, "int8")


def test_a_chosen_one_takes_its_place_and_gives_it_back_when_it_is_gone() -> None:
    both = embedders("mini-1", EXACT, IMPORTED)
    assert both.find("") == EmbedderPlace("/models/mini-1", "fp32")
    assert both.facts() == EmbedderFacts("mini", 768, "fp32")
    both.know([])
    assert both.facts().name == "all-MiniLM-L6-v2"
    refused = replace(IMPORTED, status=ModelStatus.REFUSED)
    assert embedders("mini-1", EXACT, refused).facts().name == "all-MiniLM-L6-v2"


def test_a_gguf_file_keeps_its_own_precision() -> None:
    file = replace(IMPORTED, path="/models/mini-1.gguf", quantization="Q8_0")
    assert embedders("mini-1", EXACT, file).find("") == EmbedderPlace("/models/mini-1.gguf", "Q8_0")


def test_vectors_are_searched_with_what_made_them_whatever_is_in_use() -> None:
    both = embedders("mini-1", EXACT, IMPORTED)
    included = f"all-MiniLM-L6-v2@{EMBEDDER_WEIGHTS_SHA256}"
    assert both.find(f"{included}:int8") == EmbedderPlace(str(embedder_folder()), "int8")
    assert both.find(included) == EmbedderPlace(str(embedder_folder()), "fp32")
    assert both.find(f"mini-1@{'a' * 64}:bf16") == EmbedderPlace("/models/mini-1", "bf16")
    with pytest.raises(EmbedderGone) as gone:
        both.find(f"other@{'b' * 64}:fp32")
    assert gone.value.name == "other"
