"""Two lists of scored chunks become one."""

from __future__ import annotations

from desktop.retrieval.fusion import fuse


def test_what_both_searches_found_comes_before_what_one_found() -> None:
    keyword = [(1, 10.0), (2, 9.0), (3, 1.0)]
    vector = [(4, 0.9), (2, 0.8), (5, 0.1)]
    assert fuse(keyword, vector)[0].chunk_id == 2


def test_one_list_alone_keeps_its_order() -> None:
    assert [item.chunk_id for item in fuse([(3, 5.0), (1, 4.0), (2, 3.0)], [])] == [3, 1, 2]
    assert [item.chunk_id for item in fuse([], [(3, 0.5), (1, 0.4), (2, 0.3)])] == [3, 1, 2]


def test_the_best_of_one_list_alone_scores_one() -> None:
    assert fuse([], [(3, 0.5), (1, 0.4)])[0].score == 1.0
    assert fuse([(3, 0.5), (1, 0.4)], [])[0].score == 1.0


def test_ranks_and_scores_of_each_search_are_kept() -> None:
    first, second = fuse([(1, 7.0)], [(1, 0.5), (2, 0.25)])
    assert (first.keyword_rank, first.keyword_score, first.vector_rank) == (1, 7.0, 1)
    assert (second.keyword_rank, second.keyword_score, second.vector_rank) == (None, None, 2)
    assert second.vector_score == 0.25


def test_a_chunk_found_by_words_alone_keeps_its_similarity() -> None:
    near, far = fuse([(1, 5.0), (2, 5.0)], [(9, 0.9)], {1: 0.8, 2: 0.1})[:2]
    assert (near.chunk_id, near.vector_rank, near.vector_score) == (1, None, 0.8)
    assert far.chunk_id == 9 or far.score < near.score


def test_a_similarity_alone_makes_no_candidate() -> None:
    assert [item.chunk_id for item in fuse([], [(9, 0.9)], {1: 0.8})] == [9]


def test_equal_scores_are_ordered_by_id() -> None:
    assert [item.chunk_id for item in fuse([(9, 1.0), (4, 1.0)], [])] == [4, 9]


def test_nothing_found_is_nothing() -> None:
    assert fuse([], []) == []


def test_the_weight_moves_the_order() -> None:
    keyword, vector = [(1, 2.0), (2, 1.0)], [(2, 0.9), (1, 0.1)]
    assert fuse(keyword, vector, vector_weight=0.1)[0].chunk_id == 1
    assert fuse(keyword, vector, vector_weight=0.9)[0].chunk_id == 2
