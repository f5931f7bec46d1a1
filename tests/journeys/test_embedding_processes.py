"""Several processes embed at once, and give the same vectors as one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest

from desktop.domain.models import EmbedderPrecision
from desktop.inference.embedder_loading import included_place
from desktop.retrieval.embedding_processes import EmbeddingProcesses

pytestmark = pytest.mark.journey

TEXTS = [f"Clause {number} governs the notice period of the lease." for number in range(24)]


def test_calls_at_once_run_in_processes_of_their_own_and_agree() -> None:
    place = included_place(EmbedderPrecision.FAST)
    alone, several = EmbeddingProcesses(place, 1), EmbeddingProcesses(place, 2)
    before = len(psutil.Process().children())
    try:
        expected = alone.embed(TEXTS, None)
        with ThreadPoolExecutor(2) as callers:
            both = list(callers.map(lambda texts: several.embed(texts, None), (TEXTS, TEXTS)))
            assert len(psutil.Process().children()) == before + 3
            for vectors in both:
                assert np.allclose(vectors, expected, atol=1e-5)
        assert several.embedder == alone.embedder
    finally:
        alone.close()
        several.close()


def test_a_question_alone_starts_one_process() -> None:
    several = EmbeddingProcesses(included_place(EmbedderPrecision.FAST), 3)
    before = len(psutil.Process().children())
    try:
        assert several.embed_question("Which clause?", None).shape == (384,)
        assert len(psutil.Process().children()) == before + 1
    finally:
        several.close()
