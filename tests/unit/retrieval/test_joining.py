"""Neighbours become one passage, copies are folded, and no page crowds out the others."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.documents import Chunk, Document, DocumentKind, DocumentStatus, PageUnit
from desktop.retrieval.fusion import Fused
from desktop.retrieval.joining import Shown, shown_passages

WORDS = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu".split()


def chunk(chunk_id: int, ordinal: int, page: int = 1, document: int = 1, text: str = "") -> Chunk:
    own = text or " ".join(f"{word}{chunk_id}" for word in WORDS)
    return Chunk(chunk_id, document, ordinal, page, 100 * ordinal, 100 * ordinal + 90, own)


def owner(document_id: int, unit: PageUnit = PageUnit.PAGE) -> Document:
    return Document(
        document_id, 1, f"/{document_id}", "", DocumentKind.PDF, DocumentStatus.READY, "", 1, 1,
        unit=unit,
    )  # fmt: skip


def shown(
    chunks: Sequence[Chunk], top_k: int = 10, unit: PageUnit = PageUnit.PAGE, per: int | None = None
) -> list[Shown]:
    fused = [Fused(one.id, 1 - 0.01 * at, 1, 1.0, 1, 1.0) for at, one in enumerate(chunks)]
    owners = {one.document_id: owner(one.document_id, unit) for one in chunks}
    return shown_passages(fused, {one.id: one for one in chunks}, owners, top_k, per)


def ids(passages: Sequence[Shown]) -> list[int]:
    return [passage.best.chunk_id for passage in passages]


def test_a_neighbour_is_joined_to_the_better_passage() -> None:
    passages = shown([chunk(1, 4), chunk(2, 9, page=2), chunk(3, 5)])
    assert ids(passages) == [1, 2]
    assert (passages[0].start, passages[0].end) == (400, 590)
    assert sorted(passages[0].ordinals) == [4, 5]


def test_no_more_than_two_are_joined() -> None:
    passages = shown([chunk(1, 4), chunk(2, 5), chunk(3, 6)], unit=PageUnit.PART)
    assert [len(one.ordinals) for one in passages] == [2, 1]


def test_neighbours_on_two_pages_stay_apart() -> None:
    assert ids(shown([chunk(1, 4, page=1), chunk(2, 5, page=2)])) == [1, 2]


def test_a_printed_page_waits_until_every_other_has_had_its_turn() -> None:
    chunks = [chunk(1, 1), chunk(2, 8), chunk(3, 20, page=2), chunk(4, 30, page=3)]
    assert ids(shown(chunks)) == [1, 3, 4, 2]
    assert ids(shown(chunks, unit=PageUnit.PART)) == [1, 2, 3, 4]


def test_a_file_has_at_most_so_many_while_others_have_any() -> None:
    chunks = [chunk(1, 1), chunk(2, 8, page=2), chunk(3, 1, document=2)]
    assert ids(shown(chunks, per=1)) == [1, 3, 2]


def test_nearly_the_same_words_are_shown_once() -> None:
    words = " ".join(f"word{at}" for at in range(60))
    copies = [chunk(1, 1, text=words), chunk(2, 1, document=2, text=words.upper() + " more")]
    assert ids(shown(copies)) == [1]
    other = words.replace("word30", "another").replace("word10", "third")
    assert ids(shown([copies[0], chunk(3, 1, document=3, text=other)])) == [1, 3]


def test_no_more_are_shown_than_were_asked_for() -> None:
    chunks = [chunk(at, 1, page=at) for at in range(1, 9)]
    assert len(shown(chunks, top_k=3)) == 3
