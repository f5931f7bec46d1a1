"""What is searched for: the question, with the one before it where it cannot stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop.chat.words import is_telling, words_of
from desktop.domain.conversations import Role, Turn

_LEANS = re.compile(
    r"^\s*(?:and|but|or|so|also|what about|how about|why|und|aber|was ist mit)\b"
    r"|\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|him|there)\b",
    re.IGNORECASE,
)
_STANDS_ALONE_WORDS = 5


def search_text(question: str, history: Sequence[Turn]) -> str:
    """The text to retrieve by."""
    earlier = [turn.text for turn in history if turn.role is Role.USER]
    if not earlier:
        return question
    telling = sum(is_telling(word) for word in words_of(question))
    if telling >= _STANDS_ALONE_WORDS or (telling > 1 and not _LEANS.search(question)):
        return question
    return f"{earlier[-1]} {question}"
