"""`make bench`: checking and refusing, held to be better than the baselines of the same run."""

from __future__ import annotations

import pytest

from tests.bench import bench_answers

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]


def test_the_checker_beats_words_and_cosine_and_refusal_tells_what_is_missing() -> None:
    figures = bench_answers.run(100, None)
    assert figures.checked.balanced_accuracy >= 0.9
    for balanced, _ in figures.baselines.values():
        assert figures.checked.balanced_accuracy > balanced
    assert figures.refusal.refused["answerable"] <= 0.05
    assert figures.refusal.refused["document left out"] >= 0.5
