"""Which earlier turns a prompt keeps: whole exchanges, and the same ones from question to question.

Which they are follows from what was said alone, never from the question now asked. So the
beginning of the prompt stays as it was and the engine need not read it again.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.conversations import Role, Turn
from desktop.inference.chat_model import ChatModel

TURN_TOKENS = 8  # what a chat template writes around a turn, at most
# Once turns must go, so many go that the next questions find room: each time is a new beginning.
_KEPT_SHARE = 0.6
_BLOCK = 32  # exchanges; a long chat is looked through from the begin of such a block


def kept_turns(model: ChatModel, history: Sequence[Turn], room: int) -> tuple[Turn, ...]:
    """The newest whole exchanges that fit `room` tokens; the first of them is a question."""
    exchanges = _exchanges(history)
    first, costs = _costs(model, exchanges, room)
    start, total = 0, 0
    for at, cost in enumerate(costs):
        total += cost
        if total <= room:
            continue
        while start < at and total > room * _KEPT_SHARE:
            total -= costs[start]
            start += 1
        if total > room:  # the newest alone
            start, total = at + 1, 0
    return tuple(turn for exchange in exchanges[first + start :] for turn in exchange)


def without_oldest(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """`turns` without the oldest exchange."""
    return tuple(turn for exchange in _exchanges(turns)[1:] for turn in exchange)


def exchanges_in(turns: Sequence[Turn]) -> int:
    """How many exchanges these turns are; what stands before the first question is none."""
    return len(_exchanges(turns))


def _exchanges(turns: Sequence[Turn]) -> list[tuple[Turn, ...]]:
    starts = [at for at, turn in enumerate(turns) if turn.role is Role.USER]
    ends = [*starts[1:], len(turns)][: len(starts)]
    return [tuple(turns[start:end]) for start, end in zip(starts, ends, strict=True)]


def _costs(
    model: ChatModel, exchanges: Sequence[tuple[Turn, ...]], room: int
) -> tuple[int, list[int]]:
    """Where to begin looking, and the tokens of each exchange from there on.

    So far back that turns had to go at least once since; further back changes nothing.
    """
    first, costs = len(exchanges), list[int]()
    while first > 0 and sum(costs) <= 2 * room:
        before = (first - 1) // _BLOCK * _BLOCK
        costs = [_tokens(model, exchange) for exchange in exchanges[before:first]] + costs
        first = before
    return first, costs


def _tokens(model: ChatModel, exchange: Sequence[Turn]) -> int:
    return sum(model.count_tokens(turn.text) + TURN_TOKENS for turn in exchange)
