"""Fit a prompt into the model's context window, by its own token counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.domain.conversations import Role, Turn
from desktop.domain.errors import ContextTooSmall
from desktop.domain.retrieval import RetrievedChunk
from desktop.inference.chat_model import ChatMessage, ChatModel, Prompt

# Room for the answer, as a share of a small window; earlier turns get what is left of theirs.
_ANSWER_SHARE = 0.25
_HISTORY_SHARE = 0.3

Compose = Callable[[Sequence[Turn], Sequence[RetrievedChunk]], Sequence[ChatMessage]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A prompt that leaves room for `answer_tokens`, and what found place in it."""

    prompt: Prompt
    prompt_tokens: int
    answer_tokens: int
    turns: tuple[Turn, ...]
    passages: tuple[RetrievedChunk, ...]


def fit(
    model: ChatModel,
    compose: Compose,
    history: Sequence[Turn],
    passages: Sequence[RetrievedChunk],
    max_answer_tokens: int,
) -> Fitted:
    """Keep what fits: the newest turns up to their share, then passages, best first.

    Passages are dropped whole from the end, turns whole and oldest first. Raises
    `ContextTooSmall` when the question alone does not fit.
    """
    room = model.context_tokens
    answer_tokens = max(1, min(max_answer_tokens, int(room * _ANSWER_SHARE)))
    window = _Window(model, compose, room - answer_tokens)
    bare = window.tokens((), ())
    if bare > window.room:
        raise ContextTooSmall(bare + answer_tokens, room)
    spare = window.room - bare
    turns = newest_turns(model, history, min(int(room * _HISTORY_SHARE), spare))
    while turns and window.tokens(turns, passages[:1]) > window.room:
        turns = _without_oldest(turns)
    kept = tuple(passages)
    while kept and window.tokens(turns, kept) > window.room:
        kept = kept[:-1]
    prompt = window.prompt(turns, kept)
    return Fitted(prompt, model.prompt_tokens(prompt), answer_tokens, turns, kept)


def newest_turns(model: ChatModel, history: Sequence[Turn], room: int) -> tuple[Turn, ...]:
    """The newest whole exchanges that fit `room` tokens; the first one kept is a question."""
    kept = tuple(history)
    counts = [model.count_tokens(turn.text) for turn in history]
    while kept and (sum(counts[-len(kept) :]) > room or kept[0].role is not Role.USER):
        kept = kept[1:]
    return kept


def _without_oldest(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    rest = turns[1:]
    while rest and rest[0].role is not Role.USER:
        rest = rest[1:]
    return rest


@dataclass(frozen=True, slots=True)
class _Window:
    model: ChatModel
    compose: Compose
    room: int

    def prompt(self, turns: Sequence[Turn], passages: Sequence[RetrievedChunk]) -> Prompt:
        return self.model.chat_prompt(self.compose(turns, passages))

    def tokens(self, turns: Sequence[Turn], passages: Sequence[RetrievedChunk]) -> int:
        return self.model.prompt_tokens(self.prompt(turns, passages))
