"""The real embedding model: what its vectors are, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.errors import EmbedderMissing
from desktop.domain.models import EmbedderFacts
from desktop.inference.included_models import (
    EMBEDDER_WEIGHTS_SHA256,
    embedder_folder,
    included_embedder,
)
from desktop.inference.sentence_embedder import SentenceEmbedder

RENT = "The tenant pays the rent on the first working day of each month."
OVEN = "Bake the bread for forty minutes at two hundred degrees."
QUESTION = "When is the rent due?"


@pytest.fixture(scope="module")
def embedder() -> SentenceEmbedder:
    return SentenceEmbedder(embedder_folder())


def test_vectors_are_of_length_one_and_in_the_order_of_the_texts(
    embedder: SentenceEmbedder,
) -> None:
    texts = [RENT, OVEN, "short", RENT + " " + OVEN, QUESTION] * 4
    vectors = embedder.embed(texts)
    assert vectors.shape == (20, embedder.dimensions) == (20, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    alone = np.vstack([embedder.embed([text]) for text in texts[:5]])
    assert (alone * vectors[:5]).sum(axis=1).min() > 0.999


def test_a_question_is_nearest_to_the_text_that_answers_it(embedder: SentenceEmbedder) -> None:
    question, rent, oven = embedder.embed([QUESTION, RENT, OVEN])
    assert question @ rent > question @ oven + 0.3


def test_its_identity_is_the_hash_of_its_weights(embedder: SentenceEmbedder) -> None:
    assert embedder.sha256 == EMBEDDER_WEIGHTS_SHA256
    assert included_embedder() == EmbedderFacts("all-MiniLM-L6-v2", embedder.dimensions)
    assert embedder.name == included_embedder().name


def test_no_text_an_empty_text_and_a_very_long_one_have_vectors(
    embedder: SentenceEmbedder,
) -> None:
    assert embedder.embed([]).shape == (0, 384)
    empty, long = embedder.embed(["", "word " * 20_000])
    assert np.isfinite(empty).all()
    assert np.isfinite(long).all()


def test_an_incomplete_folder_is_refused_with_its_path(tmp_path: Path) -> None:
    folder = tmp_path / "embedder"
    shutil.copytree(embedder_folder(), folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(EmbedderMissing) as refused:
        SentenceEmbedder(folder)
    assert refused.value.path == str(folder)


def test_weights_that_are_not_safetensors_are_not_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "embedder"
    shutil.copytree(embedder_folder(), folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(EmbedderMissing):
        SentenceEmbedder(folder)
