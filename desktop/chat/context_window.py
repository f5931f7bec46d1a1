"""Fit a prompt into the model's context window, by its own token counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.chat.kept_turns import TURN_TOKENS, exchanges_in, kept_turns, without_oldest
from desktop.domain.conversations import Turn
from desktop.domain.model_errors import ContextTooSmall
from desktop.domain.retrieval import RetrievedChunk
from desktop.inference.chat_model import ChatMessage, ChatModel, Prompt

# Room for the answer, as a share of a small window.
_ANSWER_SHARE = 0.25

Compose = Callable[[Sequence[Turn], Sequence[RetrievedChunk]], Sequence[ChatMessage]]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A prompt that leaves room for `answer_tokens`, and what found place in it.

    `dropped` counts the earlier exchanges that did not.
    """

    prompt: Prompt
    prompt_tokens: int
    answer_tokens: int
    turns: tuple[Turn, ...]
    passages: tuple[RetrievedChunk, ...]
    dropped: int = 0


def fit(
    model: ChatModel,
    compose: Compose,
    history: Sequence[Turn],
    passages: Sequence[RetrievedChunk],
    max_answer_tokens: int,
    history_share: float,
) -> Fitted:
    """Keep what fits: the newest turns up to their share, then passages, best first.

    Passages are dropped whole from the end, turns in whole exchanges and oldest first. Raises
    `ContextTooSmall` when the question alone does not fit.
    """
    room = model.context_tokens - _reserved(model, max_answer_tokens)
    turns = turns_that_stay(model, compose((), ())[:-1], history, max_answer_tokens, history_share)
    kept = tuple(passages)
    while True:
        prompt = model.chat_prompt(compose(turns, kept))
        tokens = model.prompt_tokens(prompt)
        if tokens <= room:
            break
        if len(kept) > 1:
            kept = kept[:-1]
        elif turns:
            turns = without_oldest(turns)
        elif kept:
            kept = ()
        else:
            raise ContextTooSmall(model.context_tokens - room + tokens, model.context_tokens)
    return Fitted(
        prompt=prompt,
        prompt_tokens=tokens,
        answer_tokens=min(max_answer_tokens, model.context_tokens - tokens),
        turns=turns,
        passages=kept,
        dropped=exchanges_in(history) - exchanges_in(turns),
    )


def turns_that_stay(
    model: ChatModel,
    stable: Sequence[ChatMessage],
    history: Sequence[Turn],
    max_answer_tokens: int,
    history_share: float,
) -> tuple[Turn, ...]:
    """The turns that any question's prompt keeps behind `stable`, the messages before them.

    Their room is a share of what `stable` and the answer leave of the window.
    """
    taken = sum(model.count_tokens(message.text) + TURN_TOKENS for message in stable)
    room = model.context_tokens - _reserved(model, max_answer_tokens) - taken
    return kept_turns(model, history, max(0, int(room * history_share)))


def _reserved(model: ChatModel, max_answer_tokens: int) -> int:
    return max(1, min(max_answer_tokens, int(model.context_tokens * _ANSWER_SHARE)))
