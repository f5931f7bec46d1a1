"""Any question becomes a full-text query that FTS5 accepts."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from desktop.domain.errors import EmptyQuestion
from desktop.retrieval.query import parse_query
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore


def test_stop_words_are_left_out() -> None:
    assert parse_query("What is the rent of the flat?").match == '"rent" OR "flat"'


def test_a_question_of_stop_words_alone_keeps_them() -> None:
    assert parse_query("Who are we?").match == '"who" OR "are" OR "we"'


def test_an_identifier_is_asked_for_as_a_whole_and_in_parts() -> None:
    match = parse_query("Show invoice INV-2024-001").match
    assert match == '"show" OR "invoice" OR "inv 2024 001" OR "inv" OR "2024" OR "001"'


def test_a_number_with_separators_is_a_phrase() -> None:
    assert '"1 234 5"' in parse_query("paid 1,234.5 euros").match


def test_a_possessive_is_asked_for_without_its_ending() -> None:
    assert parse_query("Tesla's mother").match == '"tesla" OR "mother"'


def test_a_phrase_in_quotes_must_be_there() -> None:
    query = parse_query('clause on "force majeure" events')
    assert query.strict.startswith('("force majeure") AND (')
    assert '"force majeure"' in query.match


def test_two_phrases_must_both_be_there() -> None:
    assert parse_query('"net rent" “notice period”').strict.startswith(
        '("net rent" AND "notice period") AND ('
    )


def test_a_repeated_word_is_asked_for_once() -> None:
    assert parse_query("rent rent Rent").match == '"rent"'


@pytest.mark.parametrize("text", ["", "   ", "?!", "\x00\x01", "___", '""', "\ud800", "\n\t"])
def test_a_question_without_a_word_is_refused(text: str) -> None:
    with pytest.raises(EmptyQuestion):
        parse_query(text)


def test_a_very_long_question_is_bounded() -> None:
    query = parse_query(" ".join(f"word{at}" for at in range(20_000)))
    assert query.match.count(" OR ") < 50
    assert len(query.embedded) <= 2000


def test_no_input_is_a_syntax_error(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "carrel.db")
    store = DocumentStore(database)
    collection = store.create_collection("Empty")
    chance = random.Random(7)
    alphabet = string.printable + "«»“”éß漢字ع\u200f\x00\udcff\U0001f600'\"*^:()-+NEAR AND OR NOT "
    tried = 0
    for _ in range(500):
        text = "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 60)))
        try:
            query = parse_query(text)
        except EmptyQuestion:
            continue
        tried += 1
        for match in filter(None, (query.match, query.strict)):
            assert store.keyword_search(collection.id, match, 5) == []
    database.close()
    assert tried > 300


@pytest.mark.parametrize("text", ['a AND (b OR "', "NEAR(x y)", "title:x", "-x", "x*", "^x", "{}"])
def test_operators_are_words(tmp_path: Path, text: str) -> None:
    database = Database.open(tmp_path / "carrel.db")
    store = DocumentStore(database)
    collection = store.create_collection("Empty")
    if any(char.isalpha() for char in text):
        assert store.keyword_search(collection.id, parse_query(text).match, 5) == []
    else:
        with pytest.raises(EmptyQuestion):
            parse_query(text)
    database.close()
