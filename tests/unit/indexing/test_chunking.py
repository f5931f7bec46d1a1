"""Chunks follow the structure of the document."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Block, BlockKind, DocumentContent, DocumentKind, Page, PageUnit
from desktop.domain.errors import Cancelled
from desktop.indexing.chunking import TARGET_TOKENS, Passage, passages_of
from desktop.indexing.tokens import estimate_tokens

SENTENCE = "The tenant pays the rent of the flat on the third working day of each month. "


def _page(number: int, *parts: tuple[BlockKind, str, tuple[str, ...]]) -> Page:
    text, blocks = "", []
    for kind, words, path in parts:
        blocks.append(Block(kind, len(text), len(text) + len(words), path))
        text += words + "\n\n"
    return Page(number, text, tuple(blocks))


def _chunk(*pages: Page, title: str = "Lease") -> list[Passage]:
    return passages_of(
        DocumentContent(DocumentKind.MARKDOWN, title, pages, PageUnit.PART), CancelToken()
    )


def test_short_neighbours_under_one_heading_are_joined_with_it() -> None:
    page = _page(
        1,
        (BlockKind.HEADING, "Rent", ("Rent",)),
        (BlockKind.PARAGRAPH, "It is 900 euros.", ("Rent",)),
        (BlockKind.PARAGRAPH, "It is due monthly.", ("Rent",)),
    )
    [passage] = _chunk(page)
    assert passage.chunk.text == "Rent\n\nIt is 900 euros.\n\nIt is due monthly."
    assert passage.chunk.heading_path == ("Rent",)


def test_no_chunk_crosses_a_heading() -> None:
    page = _page(
        1,
        (BlockKind.HEADING, "Rent", ("Rent",)),
        (BlockKind.PARAGRAPH, "It is 900 euros.", ("Rent",)),
        (BlockKind.HEADING, "Pets", ("Pets",)),
        (BlockKind.PARAGRAPH, "A cat is allowed.", ("Pets",)),
    )
    first, second = _chunk(page)
    assert "Pets" not in first.chunk.text
    assert second.chunk.text.startswith("Pets")
    assert second.chunk.heading_path == ("Pets",)


def test_headings_directly_below_one_another_stay_with_the_text_below() -> None:
    page = _page(
        1,
        (BlockKind.HEADING, "House rules", ("House rules",)),
        (BlockKind.HEADING, "Pets", ("House rules", "Pets")),
        (BlockKind.PARAGRAPH, "A cat is allowed.", ("House rules", "Pets")),
    )
    [passage] = _chunk(page)
    assert passage.chunk.heading_path == ("House rules", "Pets")
    assert passage.chunk.text.startswith("House rules")


def test_a_heading_without_text_stays_with_what_follows_it_however_deep_it_is_printed() -> None:
    page = _page(
        1,
        (BlockKind.HEADING, "Part I", ("Part I",)),
        (BlockKind.HEADING, "Item 1", ("Item 1",)),
        (BlockKind.PARAGRAPH, "The rent rose.", ("Item 1",)),
    )
    [passage] = _chunk(page)
    assert passage.chunk.text == "Part I\n\nItem 1\n\nThe rent rose."
    assert passage.chunk.heading_path == ("Item 1",)


def test_a_last_line_stays_with_the_passage_before_it() -> None:
    page = _page(
        1,
        (BlockKind.PARAGRAPH, SENTENCE * 11, ()),
        (BlockKind.PARAGRAPH, "Lease of the flat | 5", ()),
    )
    [passage] = _chunk(page)
    assert passage.chunk.text.endswith("Lease of the flat | 5")


@pytest.mark.parametrize("mark", ["\t", " | "])
def test_of_a_table_row_the_name_and_the_first_amount_are_embedded(mark: str) -> None:
    rows = [["Sales", "2023", "2022"], ["Net", "$ 24,160", "$ 25,010"], ["Cost", "(5)", "—", "1 %"]]
    text = "\n".join(mark.join(row) for row in rows)
    [passage] = _chunk(_page(1, (BlockKind.TABLE, text, ())), title="Report")
    kept = [["Sales", "2023", "2022"], ["Net", "$ 24,160"], ["Cost", "(5)"]]
    assert passage.embedded_text == "Report\n" + "\n".join(mark.join(row) for row in kept)
    assert passage.chunk.text == text


def test_headers_and_footers_are_left_out_and_never_inside_a_chunk() -> None:
    page = _page(
        1,
        (BlockKind.HEADER, "Confidential draft", ()),
        (BlockKind.PARAGRAPH, "Before the mark.", ()),
        (BlockKind.FOOTER, "Page 3 of 9", ()),
        (BlockKind.PARAGRAPH, "After the mark.", ()),
    )
    assert [each.chunk.text for each in _chunk(page)] == ["Before the mark.", "After the mark."]


def test_a_long_paragraph_is_cut_between_sentences_into_like_pieces() -> None:
    page = _page(1, (BlockKind.PARAGRAPH, SENTENCE * 40, ()))
    passages = _chunk(page)
    sizes = [estimate_tokens(each.chunk.text) for each in passages]
    assert len(passages) > 2
    assert all(each.chunk.text.endswith("month.") for each in passages)
    assert all(each.chunk.text.startswith("The tenant") for each in passages)
    assert max(sizes) <= TARGET_TOKENS
    assert min(sizes) > TARGET_TOKENS / 2


def test_table_rows_stay_whole_and_their_header_is_embedded_with_them() -> None:
    header = "Article | Price in euros | Stock"
    rows = [f"Chair model {at} | {at}5.90 | {at * 3}" for at in range(90)]
    page = _page(1, (BlockKind.TABLE, "\n".join([header, *rows]), ("Prices",)))
    passages = _chunk(page)
    assert len(passages) > 2
    lines = [line for each in passages for line in each.chunk.text.splitlines()]
    assert lines == [header, *rows]
    assert all(each.embedded_text.count(header) == 1 for each in passages)


def test_the_title_and_the_headings_are_embedded_once() -> None:
    page = _page(
        1,
        (BlockKind.HEADING, "Pets", ("Lease", "Rules", "Pets")),
        (BlockKind.PARAGRAPH, "A cat is allowed.", ("Lease", "Rules", "Pets")),
    )
    [passage] = _chunk(page)
    assert passage.embedded_text == "Lease\nRules\nPets\n\nA cat is allowed."


def test_a_page_without_blocks_is_cut_all_the_same() -> None:
    passages = _chunk(Page(1, SENTENCE * 40))
    assert len(passages) > 2


def test_a_text_without_any_space_is_cut() -> None:
    passages = _chunk(Page(1, "x7" * 4000))
    assert "".join(each.chunk.text for each in passages) == "x7" * 4000
    assert all(estimate_tokens(each.chunk.text) <= TARGET_TOKENS for each in passages)


def test_text_without_a_word_is_no_chunk() -> None:
    assert _chunk(Page(1, " \n -- * --\n"), Page(2, "")) == []


def test_lone_surrogates_are_not_embedded() -> None:
    [passage] = _chunk(Page(1, "The rent \ud83d is high."))
    passage.embedded_text.encode()
    assert passage.chunk.text == "The rent \ud83d is high."


@pytest.mark.parametrize("seed", range(5))
def test_any_document_is_cut_into_spans_that_cover_it_in_order(seed: int) -> None:
    chance = random.Random(seed)
    kinds = [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.TABLE]
    pages = []
    for number in range(1, 5):
        parts: list[tuple[BlockKind, str, tuple[str, ...]]] = []
        path: tuple[str, ...] = ()
        for _ in range(chance.randint(1, 12)):
            kind = chance.choice(kinds)
            words = f"{chance.random()} {SENTENCE}" * chance.randint(1, 12)
            if kind is BlockKind.HEADING:
                words = f"Part {chance.randint(1, 99)}"
                path = (*path[: chance.randint(0, 2)], words)
            parts.append((kind, words.strip(), path))
        pages.append(_page(number, *parts))
    passages = _chunk(*pages)
    assert [each.chunk.ordinal for each in passages] == list(range(len(passages)))
    for page in pages:
        spans = [each.chunk for each in passages if each.chunk.page_number == page.number]
        assert all(page.text[chunk.start : chunk.end] == chunk.text for chunk in spans)
        ends = [0, *(chunk.end for chunk in spans)]
        starts = [*(chunk.start for chunk in spans), len(page.text)]
        for end, start in zip(ends, starts, strict=True):
            assert end <= start
            assert not page.text[end:start].strip(), "text between two chunks is lost"
    assert passages == _chunk(*pages)


def test_cutting_a_long_document_stops_when_it_is_asked_to() -> None:
    cancel = CancelToken()

    class Pages(tuple[Page, ...]):
        """Pages of which the second is only reached after somebody pressed stop."""

        def __iter__(self) -> Iterator[Page]:
            yield Page(1, SENTENCE)
            cancel.cancel()
            yield Page(2, SENTENCE)
            raise AssertionError("the page after the stop was asked for too")

    content = DocumentContent(DocumentKind.TEXT, "Long", Pages(), PageUnit.PART)
    with pytest.raises(Cancelled):
        passages_of(content, cancel)
