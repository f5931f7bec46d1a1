"""Drafts of an answer from the prompt's own words: an answer that quotes goes on as they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop.inference.chat_model import Prompt

_LONG, _SHORT = 3, 2
_FEWEST_DRAFTED = 2
_MOST_DRAFTED = 10
# A drafted token that is refused has cost most of a written one, so most must be right.
_WORTH = 0.6
_SLOWLY = 0.3
_PAUSE_TOKENS = 48
_PAUSES = 3
_QUOTABLE_CHARACTERS = 120


class PromptLookup:
    """Finds what stands behind the last written words elsewhere, and learns how often it is right.

    Whether to draft depends on the tokens alone, never on time: the same question drafts the same.
    """

    def __init__(self, prompt: Sequence[int], ends: Callable[[int], bool]) -> None:
        self._prompt = prompt
        self._tokens: list[int] = []
        self._behind: dict[tuple[int, ...], int] = {}
        self._ends = ends
        self._size = _FEWEST_DRAFTED + 1
        self._right = 1.0
        self._paused = 0
        self._pauses = 0

    def add(self, token: int) -> None:
        """Note the next token of the answer."""
        if not self._tokens:
            # Not before the first token of the answer: nobody shall wait for it longer.
            for earlier in self._prompt:
                self._note(earlier)
        self._note(token)

    def _note(self, token: int) -> None:
        tokens = self._tokens
        for length in (_SHORT, _LONG):
            if len(tokens) >= length:
                self._behind[tuple(tokens[-length:])] = len(tokens)
        tokens.append(token)

    def draft(self, most: int) -> tuple[int, ...]:
        """What may stand next, at most `most` tokens; () where nothing is known or it pays not."""
        if self._pauses > _PAUSES:
            return ()
        if self._paused:
            self._paused -= 1
            return ()
        start = self._place()
        found = self._tokens[start : start + min(self._size, most)] if start else []
        for at, token in enumerate(found):
            if self._ends(token):
                found = found[:at]
                break
        return tuple(found) if len(found) >= _FEWEST_DRAFTED else ()

    def judge(self, drafted: int, right: int) -> None:
        """Learn how many of the drafted tokens were the model's own."""
        self._right += _SLOWLY * (right / drafted - self._right)
        self._size = min(self._size + 2, _MOST_DRAFTED) if right == drafted else right + 1
        self._size = max(self._size, _FEWEST_DRAFTED)
        if self._right < _WORTH:
            self._pauses += 1
            self._paused = _PAUSE_TOKENS
            self._right = 1.0

    def _place(self) -> int:
        for length in (_LONG, _SHORT):
            place = self._behind.get(tuple(self._tokens[-length:]))
            if place is not None:
                return place
        return 0


def is_quotable(prompt: Prompt) -> bool:
    """Whether the prompt shows the model a text that an answer may quote."""
    return any(not part.trusted and len(part.text) >= _QUOTABLE_CHARACTERS for part in prompt.parts)
