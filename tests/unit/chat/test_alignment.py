"""What counts as support, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.chat.alignment import Alignment, Claim, align
from desktop.chat.passage_words import passage_words
from desktop.domain.answers import Support
from desktop.domain.errors import WorkerDied
from tests.support.fake_embedder import FakeEmbedder
from tests.unit.chat.passages import passage

NOTICE = (
    "1.2 The Tenant may end the lease on 28 February 2027 by giving the Landlord at least six "
    "months' written notice."
)
LEASE = (
    "The flat is let to Anna Brandt from 1 March 2024. The monthly rent is 900 euros and falls "
    "due on the third working day. The tenant may not keep dogs in the flat."
)
POLICY = "Employees may carry over five days of leave. Claims must reach payroll by 31 May 2025."
MINUTES = "The board agreed to repaint the stairwell and to replace the old boiler in autumn."


def aligned(statement: str, question: str = "What is agreed?") -> Alignment:
    passages = [
        passage_words(at, passage(text, at + 1))
        for at, text in enumerate((LEASE, POLICY, MINUTES, NOTICE))
    ]
    [found] = align([Claim(statement)], passages, question, FakeEmbedder().embed)
    return found


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("The monthly rent is 900 euros and falls due on the third working day.", 0),
        ("The rent is 900 euros a month.", 0),
        ("Anna Brandt lets the flat from 1 March 2024.", 0),
        ("The board will replace the old boiler.", 2),
        ("Employees can carry over 5 days of leave.", 1),
        ("The tenant may not keep dogs.", 0),
        ("Under clause 1.2 the Tenant may end the lease on 28 February 2027.", 3),
    ],
)
def test_a_true_statement_is_supported_by_its_passage(statement: str, number: int) -> None:
    found = aligned(statement)
    assert found.support is Support.SUPPORTED
    assert found.passage == number


@pytest.mark.parametrize(
    "statement",
    [
        "The monthly rent is 950 euros and falls due on the third working day.",
        "Employees may carry over seven days of leave.",
        "The flat is let to Anna Brandt from 4 March 2024.",
        "Claims must reach payroll by 31 July 2025.",
        "The flat is let to Anna Brandt from 1 March 2023.",
    ],
)
def test_a_number_or_date_that_stands_nowhere_is_not_found(statement: str) -> None:
    found = aligned(statement)
    assert found.support is Support.NOT_FOUND
    assert found.passage is None


def test_a_number_from_another_place_is_not_support() -> None:
    assert aligned("The monthly rent is 31 euros.").support is not Support.SUPPORTED


@pytest.mark.parametrize(
    "statement",
    [
        "The flat is let to Peter Brandt from 1 March 2024.",
        "The monthly rent is not 900 euros.",
        "The tenant may keep dogs in the flat.",
        "The board did not agree to repaint the stairwell.",
        "The Landlord may end the lease by giving the Tenant at least six months' notice.",
    ],
)
def test_a_changed_name_or_a_negation_is_never_wholly_supported(statement: str) -> None:
    assert aligned(statement).support is not Support.SUPPORTED


@pytest.mark.parametrize(
    "tail",
    [
        ", a trusted and reliable choice for growing families.",
        " by cheque or postal order.",
        ", whatever the weather or the market demands.",
    ],
)
def test_an_invented_tail_makes_a_statement_supported_in_part(tail: str) -> None:
    beginning = "The monthly rent is 900 euros and falls due on the third working day"
    assert aligned(beginning + ".").support is Support.SUPPORTED
    assert aligned(beginning + tail).support is Support.PARTLY


@pytest.mark.parametrize(
    "statement",
    [
        "Whales sing under water for many hours.",
        "The capital of France is Paris.",
        "Photosynthesis turns light into sugar.",
    ],
)
def test_an_unrelated_statement_is_not_found(statement: str) -> None:
    assert aligned(statement).support is Support.NOT_FOUND


def test_the_number_of_a_clause_is_no_amount() -> None:
    assert aligned("The answer is 1.2", "What is the rent?").support is Support.NOT_FOUND


def test_the_span_holds_the_words_that_support_the_statement() -> None:
    found = aligned("The rent is 900 euros.")
    assert LEASE[found.start : found.end] == (
        "The monthly rent is 900 euros and falls due on the third working day."
    )


def test_words_alone_decide_where_the_embedder_died() -> None:
    def dead(texts: Sequence[str]) -> NDArray[np.float32]:
        raise WorkerDied("index", "signal 9")

    passages = [passage_words(0, passage(LEASE))]
    claims = [Claim("The monthly rent is 900 euros."), Claim("The monthly rent is 950 euros.")]
    found = align(claims, passages, "What is the rent?", dead)
    assert [one.support for one in found] == [Support.SUPPORTED, Support.NOT_FOUND]


def test_each_row_of_a_table_is_a_place_of_its_own() -> None:
    table = "Cover\tSum insured\nMachines\t£185,000\nStock\t£60,000\nPublic liability\t£5,000"
    passages = [passage_words(0, passage(table))]
    question = "How high is the cover?"
    embed = FakeEmbedder().embed
    [right] = align([Claim("Stock is covered up to £60,000.")], passages, question, embed)
    assert table[right.start : right.end] == "Stock\t£60,000"
    [wrong] = align([Claim("Public liability: £60,000.")], passages, question, embed)
    assert wrong.support is not Support.SUPPORTED


def test_a_short_answer_is_placed_by_its_question() -> None:
    passages = [
        passage_words(0, passage("In 2021 the roof was mended.", 1)),
        passage_words(1, passage("In 2021 the boiler was replaced.", 2)),
    ]
    [found] = align(
        [Claim("2021")], passages, "When was the boiler replaced?", FakeEmbedder().embed
    )
    assert found.passage == 1


def test_the_models_own_mark_decides_between_equals() -> None:
    passages = [passage_words(at, passage("The rent is 900 euros.", at + 1)) for at in range(3)]
    [found] = align(
        [Claim("The rent is 900 euros.", frozenset({2}))], passages, "", FakeEmbedder().embed
    )
    assert found.passage == 2
