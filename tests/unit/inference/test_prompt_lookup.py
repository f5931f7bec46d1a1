"""What is drafted from a prompt, and when drafting stops because it is not worth it."""

from __future__ import annotations

from desktop.inference.chat_model import Prompt, PromptPart
from desktop.inference.prompt_lookup import PromptLookup, is_quotable

END = 999
PROMPT = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, END, 16, 17]


def looked_up(*written: int) -> PromptLookup:
    lookup = PromptLookup(PROMPT, lambda token: token == END)
    for token in written:
        lookup.add(token)
    return lookup


def test_what_stands_behind_the_last_two_words_is_drafted() -> None:
    assert looked_up(3, 4).draft(100) == (5, 6, 7)
    assert looked_up(4, 3).draft(100) == ()


def test_the_longer_match_comes_first() -> None:
    lookup = PromptLookup([1, 5, 6, 70, 71, 2, 5, 6, 80, 81], lambda token: token == END)
    for token in (1, 5, 6):
        lookup.add(token)
    assert lookup.draft(2) == (70, 71)


def test_a_draft_has_no_end_token_and_keeps_to_the_room() -> None:
    assert looked_up(12, 13).draft(100) == (14, 15)
    assert looked_up(13, 14).draft(100) == ()
    assert looked_up(3, 4).draft(2) == (5, 6)
    assert looked_up(3, 4).draft(0) == ()


def test_drafts_grow_while_they_are_right_and_shrink_when_they_are_not() -> None:
    lookup = looked_up(1, 2)
    lookup.judge(3, 3)
    assert len(lookup.draft(100)) == 5
    lookup.judge(5, 2)
    assert len(lookup.draft(100)) == 3


def test_drafting_pauses_when_most_of_it_is_wrong_and_ends_when_it_stays_so() -> None:
    lookup = looked_up(1, 2)
    drafted = 0
    for _ in range(2000):
        if draft := lookup.draft(100):
            drafted += 1
            lookup.judge(len(draft), 0)
    assert 0 < drafted < 20
    assert lookup.draft(100) == ()


def test_only_a_prompt_with_some_text_in_it_is_quoted() -> None:
    template = PromptPart("<|im_start|>" * 100, True)
    assert not is_quotable(Prompt((template, PromptPart("What is it?", False))))
    assert is_quotable(Prompt((template, PromptPart("A long passage. " * 20, False))))
