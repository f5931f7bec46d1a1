"""`make bench`: prints what is reached; asserts only what must hold on any machine."""

from __future__ import annotations

import pytest

from tests.bench import bench_indexing, bench_retrieval

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]


def test_both_searches_together_find_more_than_either_alone() -> None:
    reached = bench_retrieval.run("squad", None, None)
    alone = max(reached["keyword"].ndcg_at_10, reached["vector"].ndcg_at_10)
    assert reached["hybrid"].ndcg_at_10 > alone


@pytest.mark.parametrize("name", ["xquad/de", "xquad/es", "legal"])
def test_both_searches_together_are_no_worse_than_the_better_one(name: str) -> None:
    reached = bench_retrieval.run(name, None, None)
    alone = max(reached["keyword"].ndcg_at_10, reached["vector"].ndcg_at_10)
    assert reached["hybrid"].ndcg_at_10 >= alone - 0.01


def test_indexing_is_no_slower_than_the_plain_pipeline() -> None:
    assert bench_indexing.run(bench_indexing.sample(8)) > 1.0
