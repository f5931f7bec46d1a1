"""Any question becomes something that every search accepts."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.errors import EmptyQuestion
from desktop.retrieval.query import Query, parse_query
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DocumentStore]:
    database = Database.open(tmp_path / "carrel.db")
    yield DocumentStore(database)
    database.close()


def forms(query: Query) -> list[str]:
    return [form for term in query.asked.terms for form in term.forms]


def test_stop_words_are_left_out() -> None:
    assert forms(parse_query("What is the rent of the flat?")) == ["rent", "flat"]


def test_a_question_of_stop_words_alone_keeps_them() -> None:
    assert forms(parse_query("Who are we?")) == ["who", "ar", "we"]


def test_stop_words_are_those_of_the_language_of_the_question() -> None:
    assert forms(parse_query("Wer war der Vermieter?", ("de",))) == ["vermiet"]
    assert "war" in forms(parse_query("When did the war begin?"))


def test_how_an_answer_is_wanted_is_not_looked_for() -> None:
    question = "What is the rent? Round your answer to two decimal places."
    assert forms(parse_query(question)) == ["rent", "two", "place"]


def test_an_identifier_is_asked_for_as_a_whole_and_in_parts() -> None:
    found = forms(parse_query("Show invoice INV-2024-001"))
    assert found == ["show", "invoic", "inv", "2024", "001", "inv2024001"]


def test_a_number_is_asked_for_in_its_plain_form() -> None:
    assert "1234.5" in forms(parse_query("paid 1,234.50 euros"))


def test_a_fiscal_year_is_the_year() -> None:
    assert "2018" in forms(parse_query("net sales in FY2018"))
    assert "2021" in forms(parse_query("net sales in FY21"))


def test_a_word_is_asked_for_in_the_stem_of_each_language_of_the_collection() -> None:
    [term] = parse_query("running", ("en", "de")).asked.terms
    assert set(term.forms) == {"run", "running"}


def test_a_possessive_is_asked_for_without_its_ending() -> None:
    assert forms(parse_query("Tesla's mother")) == ["tesla", "mother"]


def test_other_words_for_the_same_count_less() -> None:
    query = parse_query("capex of the year")
    weights = {term.forms[0]: term.weight for term in query.asked.terms}
    assert weights["capex"] == 1.0
    assert 0 < weights["purchas"] < weights["capex"]
    assert query.others[0].asked == "capex"


def test_a_phrase_in_quotes_must_be_there() -> None:
    query = parse_query('clause on "force majeure" events')
    assert query.asked.required == (("forc", "majeur"),)
    assert query.exact == ("force majeure",)
    assert query.loose is not None and query.loose.required == ()
    assert query.embedded == "clause on force majeure events"


def test_two_phrases_must_both_be_there() -> None:
    assert len(parse_query('"net rent" “notice period”').asked.required) == 2


def test_a_repeated_word_is_asked_for_once() -> None:
    assert forms(parse_query("rent rent Rent")) == ["rent"]


def test_neighbouring_words_may_name_a_file_together() -> None:
    names = [term.forms[0] for term in parse_query("Best Buy inventories").names]
    assert "bestbui" in names


def test_what_is_typed_beside_the_question_is_neither_searched_nor_embedded() -> None:
    query = parse_query("rent file:lease.pdf after:2023-05 -deposit")
    assert forms(query) == ["rent"]
    assert query.embedded == "rent"
    assert query.filters.files == ("lease.pdf",)
    assert query.filters.after == "2023-05"
    assert query.asked.excluded == (("deposit",),)


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00\x01", "___", '""', "\ud800", "\n\t"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(EmptyQuestion):
        parse_query(text)


def test_a_very_long_question_is_bounded() -> None:
    query = parse_query(" ".join(f"word{at}" for at in range(20_000)))
    assert len(query.asked.terms) <= 40
    assert len(query.embedded) <= 2000


def test_no_input_is_a_syntax_error(store: DocumentStore) -> None:
    collection = store.create_collection("Empty")
    chance = random.Random(7)
    alphabet = string.printable + "«»“”éß漢字ع\u200f\x00\udcff\U0001f600'\"*^:()-+NEAR AND OR NOT "
    tried = 0
    for _ in range(500):
        text = "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 60)))
        try:
            query = parse_query(text, ("en", "ar"))
        except EmptyQuestion:
            continue
        tried += 1
        for asked in filter(None, (query.asked, query.loose)):
            assert store.keyword_search(collection.id, asked, 5) == []
        assert store.word_search.documents(collection.id, query.names, 5) == []
    assert tried > 300


@pytest.mark.parametrize("text", ['a AND (b OR "', "NEAR(x y)", "title:x", "x*", "^x", "{x}"])
def test_what_the_database_has_operators_for_is_words(store: DocumentStore, text: str) -> None:
    collection = store.create_collection("Empty")
    assert store.keyword_search(collection.id, parse_query(text).asked, 5) == []
