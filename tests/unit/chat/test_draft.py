"""When a draft is enough, and what of it is kept."""

from __future__ import annotations

from desktop.chat.draft import Draft, tidied


def fed(text: str, sentences: int = 0) -> str:
    draft = Draft(sentences)
    for character in text:
        draft.add(character)
        if draft.is_enough():
            break
    return draft.text


def test_a_draft_goes_on_while_it_says_new_things() -> None:
    text = "The rent is 900 euros. It is due monthly. The deposit is 1,800 euros. Heating is extra."
    assert fed(text) == text


def test_a_draft_ends_when_a_sentence_comes_again() -> None:
    text = "The rent is 900 euros. It is due. The rent is 900 euros. The rent is 900 euros. More."
    assert len(fed(text)) < len(text)
    assert tidied(fed(text), False).startswith("The rent is 900 euros. It is due.")
    assert tidied(fed(text), False).count("900") == 1


def test_a_draft_with_a_limit_ends_after_that_many_sentences() -> None:
    text = "The rent is 900 euros. It is due at noon. The deposit is 1,800 euros. More is said."
    assert tidied(fed(text, 2), False, 2) == "The rent is 900 euros. It is due at noon."


def test_where_sentences_are_counted_a_half_one_at_the_limit_is_dropped() -> None:
    assert tidied("It is 900 euros. The depo", True, sentences=2) == "It is 900 euros."
    assert tidied("It is 900 eu", True, sentences=2) == "It is 900 eu"
    assert tidied("It is 900 euros. The depo", False, sentences=2) == "It is 900 euros. The depo"


def test_an_answer_without_a_limit_of_sentences_keeps_all_that_was_shown() -> None:
    assert tidied("It is 900 euros. The depo", True) == "It is 900 euros. The depo"


def test_words_said_twice_in_a_row_are_said_once_where_sentences_are_counted() -> None:
    text = "It is due within 24 hours of its discovery within 24 hours of its discovery."
    assert tidied(text, False, sentences=1) == "It is due within 24 hours of its discovery."
    assert tidied(text, False) == text
    assert tidied("The rent is the rent.", False, sentences=1) == "The rent is the rent."
