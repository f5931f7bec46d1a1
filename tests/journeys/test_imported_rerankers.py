"""Rerankers and adapters of one's own: told apart, tried, and used as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.model_errors import AdapterNotForBase, ModelDamaged, ModelUseUnknown
from desktop.domain.models import ModelEntry, ModelKind
from desktop.inference.gguf_adapter import check_over_base
from desktop.inference.gguf_check import check_file, check_header
from desktop.inference.gguf_embedder import GgufEmbedder
from desktop.inference.included_models import (
    chat_model_path,
    embedder_folder,
    included_chat_model,
)
from desktop.inference.model_import import import_model, verify_model
from desktop.inference.reranker import load_reranker
from desktop.retrieval.reranker_process import RerankerProcess
from tests.support.gguf_builder import Part, adapter
from tests.support.gguf_embedder_file import RANK, write_gguf_embedder

PASSAGES = ["rent of the flat", "annual leave in days", "the boiler was paid"]


def imported(source: Path, models: Path, known: tuple[ModelEntry, ...] = ()) -> ModelEntry:
    *_, entry = import_model(source, models, CancelToken(), known=known)
    assert isinstance(entry, ModelEntry)
    return entry


@pytest.fixture(scope="module")
def reranker_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reranker of one file: the included embedder's layers under a judgement drawn by chance."""
    path = tmp_path_factory.mktemp("reranker") / "mini-reranker.gguf"
    write_gguf_embedder(embedder_folder(), path, RANK)
    return path


def test_a_gguf_reranker_is_tried_registered_and_orders_passages(
    reranker_file: Path, tmp_path: Path
) -> None:
    entry = imported(reranker_file, tmp_path / "models")
    assert entry.kind is ModelKind.RERANKER
    assert entry.trial is not None
    assert entry.trial.passed
    process = RerankerProcess(Path(entry.path))
    scores = process.scores("rent", PASSAGES)
    assert len(set(scores)) == 3
    assert process.scores("rent", PASSAGES[::-1]) == pytest.approx(scores[::-1], abs=1e-4)
    assert process.scores("leave", PASSAGES) != pytest.approx(scores, abs=1e-6)
    assert len(process.scores("rent " * 2000, ["word " * 2000, "x"])) == 2
    process.close()


def test_a_reranker_s_score_is_of_question_and_passage_together(reranker_file: Path) -> None:
    loaded = load_reranker(reranker_file)
    once = loaded.scores("rent of the flat", ["annual leave"])
    assert loaded.scores("annual leave", ["rent of the flat"]) != pytest.approx(once, abs=1e-6)
    assert loaded.scores("rent", []) == []


def test_a_reranker_is_no_embedder(reranker_file: Path) -> None:
    with pytest.raises(ModelDamaged):
        GgufEmbedder(reranker_file)


@pytest.fixture
def adapter_file(tmp_path: Path) -> Path:
    """An adapter for the queries of the included model's first layers, of no small strength."""
    draft = adapter()
    draft.parts = []
    for layer in range(8):
        name = f"blk.{layer}.attn_q.weight"
        draft.parts += [
            Part(f"{name}.lora_a".encode(), (576, 8)),
            Part(f"{name}.lora_b".encode(), (8, 576)),
        ]
    return draft.save(tmp_path / "style.gguf")


def test_an_adapter_is_tried_over_its_base(adapter_file: Path, tmp_path: Path) -> None:
    entry = imported(adapter_file, tmp_path / "models", (included_chat_model(),))
    assert (entry.kind, entry.base_architecture) == (ModelKind.ADAPTER, "llama")
    assert entry.name == "Tiny style"
    assert entry.trial is not None
    assert entry.trial.passed
    assert list(verify_model(entry, CancelToken()))


def test_an_adapter_without_its_base_is_kept_untried(tmp_path: Path) -> None:
    # For a model of another width: it fits nothing that is here.
    entry = imported(
        adapter().save(tmp_path / "a.gguf"), tmp_path / "models", (included_chat_model(),)
    )
    assert entry.trial is None
    with pytest.raises(AdapterNotForBase) as refused:
        check_over_base(
            check_file(Path(entry.path))[0],
            Path(entry.path),
            check_header(chat_model_path()),
            "SmolLM2",
        )
    assert "another size" in refused.value.reason


@pytest.mark.parametrize(
    ("architecture", "tensor", "reason"),
    [("qwen2", "blk.0.attn_q.weight", "qwen2"), ("llama", "blk.77.attn_q.weight", "blk.77")],
)
def test_an_adapter_for_another_model_says_why_it_does_not_fit(
    architecture: str, tensor: str, reason: str, tmp_path: Path
) -> None:
    draft = adapter(architecture)
    draft.parts = [
        Part(f"{tensor}.lora_a".encode(), (576, 8)),
        Part(f"{tensor}.lora_b".encode(), (8, 576)),
    ]
    path = draft.save(tmp_path / "a.gguf")
    base = check_header(chat_model_path())
    with pytest.raises(AdapterNotForBase) as refused:
        check_over_base(check_file(path)[0], path, base, "SmolLM2")
    assert reason in refused.value.reason


def test_an_adapter_alone_is_no_model_to_load(adapter_file: Path) -> None:
    with pytest.raises(ModelUseUnknown) as refused:
        check_header(adapter_file)
    assert "LoRA adapter" in refused.value.use
