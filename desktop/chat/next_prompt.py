"""What the next question's prompt will begin with, known before it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.chat.context_window import turns_that_stay
from desktop.chat.prompt_template import (
    HISTORY_SHARE_MODEL_ONLY,
    SYSTEM_MODEL_ONLY,
    stable_messages,
    template_for,
)
from desktop.domain.answers import AnswerMode
from desktop.domain.conversations import Turn
from desktop.domain.engine import SamplerSettings
from desktop.inference.chat_model import ChatMessage, ChatModel, Prompt

_ANY_QUESTION = "?"


def next_prompt_begins(
    model: ChatModel, mode: AnswerMode, sampler: SamplerSettings, history: Sequence[Turn]
) -> Prompt:
    """The stable part behind which the next question, and what is retrieved for it, will stand.

    Empty where the model's template mixes it with the question.
    """
    system, examples = SYSTEM_MODEL_ONLY, tuple[tuple[str, str], ...]()
    tokens, share = sampler.max_tokens, HISTORY_SHARE_MODEL_ONLY
    if mode is AnswerMode.DOCUMENTS:
        template = template_for(model.parameters)
        system, examples = template.system, template.examples
        tokens, share = template.sampler(sampler).max_tokens, template.history_share
    stable = stable_messages(system, (), examples)
    turns = turns_that_stay(model, stable, history, tokens, share)
    messages = [
        *stable_messages(system, turns, examples),
        ChatMessage("user", _ANY_QUESTION),
    ]
    return _before_the_question(model.chat_prompt(messages))


def _before_the_question(prompt: Prompt) -> Prompt:
    contents = [at for at, part in enumerate(prompt.parts) if not part.trusted]
    if not contents or prompt.parts[contents[-1]].text != _ANY_QUESTION:
        return Prompt(())
    return Prompt(prompt.parts[: contents[-1]])
