"""Citations with their place on the page."""

from __future__ import annotations

from desktop.chat.citing import boxes_of, check
from desktop.domain.answers import Support
from desktop.domain.documents import Box, Line
from tests.support.fake_embedder import FakeEmbedder
from tests.unit.chat.passages import passage

FIRST = "The heating is paid by the landlord."
RENT = "The monthly rent is 900 euros."


def test_a_line_partly_covered_is_cut_by_its_characters() -> None:
    lines = (Line(0, 10, Box(100, 50, 200, 60)), Line(11, 21, Box(100, 62, 200, 72)))
    assert boxes_of(5, 16, lines) == (Box(150, 50, 200, 60), Box(100, 62, 150, 72))


def test_lines_outside_the_span_give_no_box() -> None:
    assert boxes_of(0, 10, (Line(10, 20, Box(0, 0, 1, 1)), Line(20, 20, Box(0, 0, 1, 1)))) == ()


def test_a_citation_counts_its_characters_in_the_page_and_not_in_the_passage() -> None:
    page = f"Heading\n\n{FIRST} {RENT}"
    start = page.index(FIRST)
    asked_for: list[tuple[int, int]] = []

    def lines_of(document_id: int, number: int) -> tuple[Line, ...]:
        asked_for.append((document_id, number))
        return (Line(0, len(page), Box(0, 0, len(page), 10)),)

    hit = passage(page[start:], 7, start=start)
    checked = check("The rent is 900 euros.", (), [hit], "rent", FakeEmbedder().embed, lines_of)
    [citation] = checked.citations
    assert page[citation.start : citation.end] == citation.quote == RENT
    assert citation.boxes == (Box(page.index(RENT), 0, len(page), 10),)
    assert asked_for == [(7, 1)]


def test_text_without_statements_needs_no_embedder() -> None:
    checked = check("# Rent", (), [passage(RENT)], "rent", FakeEmbedder().embed, lambda *_: ())
    assert checked.statements == ()
    assert checked.citations == ()


def test_without_passages_nothing_is_supported() -> None:
    checked = check(RENT, (), [], "rent", FakeEmbedder().embed, lambda *_: ())
    assert [statement.support for statement in checked.statements] == [Support.NOT_FOUND]
