"""The real embedding model: what its vectors are, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.model_errors import EmbedderMissing, ModelDamaged
from desktop.domain.models import EmbedderFacts, EmbedderPlace, EmbedderPrecision
from desktop.inference.embedder import identity_of
from desktop.inference.embedder_loading import included_place, load_embedder, load_exact
from desktop.inference.included_models import (
    EMBEDDER_WEIGHTS_SHA256,
    embedder_folder,
    included_embedder,
)
from desktop.inference.onnx_embedder import FP32, INT8, OnnxEmbedder
from desktop.inference.sentence_embedder import SentenceEmbedder
from desktop.storage.resources import resource_path

RENT = "The tenant pays the rent on the first working day of each month."
OVEN = "Bake the bread for forty minutes at two hundred degrees."
QUESTION = "When is the rent due?"


def real_texts() -> list[str]:
    """Passages as they come: paragraphs of the samples, other scripts, numbers, long and empty."""
    paragraphs: list[str] = []
    for file in sorted(resource_path("samples").glob("*.md")):
        paragraphs += file.read_text(encoding="utf-8").split("\n\n")
    others = [
        "",
        " ",
        "INV-2024-001 1.234,50 €",
        "租金应于每月第一天支付。",
        "الإيجار",
        "naïve Straße\t\n",
    ]
    return [*paragraphs[:24], *others, "word " * 2_000]


@pytest.fixture(scope="module")
def fast() -> OnnxEmbedder:
    return OnnxEmbedder(embedder_folder(), INT8)


@pytest.fixture(scope="module")
def exact() -> OnnxEmbedder:
    return OnnxEmbedder(embedder_folder(), FP32)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> SentenceEmbedder:
    # Under another name: there it is an imported folder like any other.
    folder = tmp_path_factory.mktemp("imported") / "mini"
    shutil.copytree(embedder_folder(), folder, ignore=shutil.ignore_patterns("*.onnx"))
    return SentenceEmbedder(folder)


def test_both_graphs_agree_with_sentence_transformers(
    fast: OnnxEmbedder, exact: OnnxEmbedder, reference: SentenceEmbedder
) -> None:
    texts = real_texts()
    expected = reference.embed(texts)
    assert (exact.embed(texts) * expected).sum(axis=1).min() > 0.99999
    agreement = (fast.embed(texts) * expected).sum(axis=1)
    assert agreement.mean() > 0.998
    assert agreement.min() > 0.99


def test_texts_are_cut_into_the_same_tokens_as_by_the_reference(
    exact: OnnxEmbedder, reference: SentenceEmbedder
) -> None:
    for text in real_texts()[:-1]:
        assert exact.pieces(text) == reference.pieces(text)


@pytest.mark.parametrize("precision", [INT8, FP32])
def test_vectors_are_of_length_one_and_depend_on_no_other_text(precision: str) -> None:
    embedder = OnnxEmbedder(embedder_folder(), precision)
    texts = [RENT, OVEN, "short", RENT + " " + OVEN, QUESTION] * 4
    vectors = embedder.embed(texts)
    assert vectors.shape == (20, embedder.dimensions) == (20, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    alone = np.vstack([embedder.embed([text]) for text in texts[:5]])
    np.testing.assert_array_equal(alone, vectors[:5])


def test_a_question_is_nearest_to_the_text_that_answers_it(fast: OnnxEmbedder) -> None:
    question, rent, oven = fast.embed([QUESTION, RENT, OVEN])
    assert question @ rent > question @ oven + 0.3


def test_its_identity_says_the_weights_and_the_precision(
    fast: OnnxEmbedder, exact: OnnxEmbedder
) -> None:
    assert identity_of(fast) == f"all-MiniLM-L6-v2@{EMBEDDER_WEIGHTS_SHA256}:int8"
    assert identity_of(exact) == f"all-MiniLM-L6-v2@{EMBEDDER_WEIGHTS_SHA256}:fp32"
    assert included_embedder() == EmbedderFacts("all-MiniLM-L6-v2", fast.dimensions)


def test_the_precision_is_as_wished() -> None:
    folder = str(embedder_folder())
    assert included_place(EmbedderPrecision.FAST) == EmbedderPlace(folder, INT8)
    assert included_place(EmbedderPrecision.EXACT) == EmbedderPlace(folder, FP32)
    loaded = load_embedder(included_place(EmbedderPrecision.AUTO))
    assert loaded.precision in (INT8, FP32)
    assert load_exact(included_place(EmbedderPrecision.AUTO), loaded).precision == FP32


def test_no_text_an_empty_text_and_a_very_long_one_have_vectors(fast: OnnxEmbedder) -> None:
    assert fast.embed([]).shape == (0, 384)
    empty, long = fast.embed(["", "word " * 20_000])
    assert np.isfinite(empty).all()
    assert np.isfinite(long).all()


@pytest.mark.parametrize("name", ["tokenizer.json", "embedder-int8.onnx", "model.safetensors"])
def test_a_folder_that_misses_a_file_is_refused_with_its_path(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "embedder"
    shutil.copytree(embedder_folder(), folder)
    (folder / name).unlink()
    with pytest.raises(EmbedderMissing) as refused:
        OnnxEmbedder(folder, INT8)
    assert refused.value.path == str(folder)


def test_a_damaged_graph_is_not_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "embedder"
    shutil.copytree(embedder_folder(), folder)
    graph = folder / "embedder-int8.onnx"
    damaged = bytearray(graph.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    graph.write_bytes(damaged)
    with pytest.raises(EmbedderMissing):
        OnnxEmbedder(folder, INT8)


def test_weights_that_are_not_safetensors_are_not_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "embedder"
    shutil.copytree(embedder_folder(), folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelDamaged):
        SentenceEmbedder(folder)
