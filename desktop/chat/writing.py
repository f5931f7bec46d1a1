"""Let the model write: pass its pieces on, and end what has begun to ramble."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, replace

from desktop.chat.context_window import Fitted
from desktop.chat.draft import Draft, tidied
from desktop.domain.answers import AnswerFigures, AnswerPiece, PromptRead
from desktop.domain.cancel import CancelToken
from desktop.domain.models import SamplerSettings
from desktop.inference.chat_model import ChatModel, StreamEnd


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote, in full and tidied, and what it cost."""

    draft: str
    text: str
    figures: AnswerFigures
    stopped: bool


def write(
    model: ChatModel,
    fitted: Fitted,
    sampler: SamplerSettings,
    cancel: CancelToken,
    sentences: int,
) -> Generator[PromptRead | AnswerPiece, None, Written]:
    """Stream one answer of at most `sentences` sentences; 0 is no limit."""
    draft = Draft(sentences)
    clock = _Clock()
    end: StreamEnd | None = None
    stream = model.stream(fitted.prompt, replace(sampler, max_tokens=fitted.answer_tokens), cancel)
    for event in stream:
        if isinstance(event, StreamEnd):
            end = event
            break
        if isinstance(event, AnswerPiece):
            clock.piece()
            draft.add(event.text)
        yield event
        # Leaving the loop ends the stream: the generator is closed and the engine is free.
        if isinstance(event, AnswerPiece) and draft.is_enough():
            break
    stopped = cancel.cancelled and (end is None or end.reason == "stopped")
    figures = _figures(end) if end is not None else clock.figures(model, draft.text)
    cut_short = end is not None and end.reason == "length"
    return Written(
        draft=draft.text.strip(),
        text=draft.text.strip() if stopped else tidied(draft.text, cut_short, sentences),
        figures=replace(
            figures,
            prompt_tokens=fitted.prompt_tokens,
            passages=len(fitted.passages),
            context_tokens=model.context_tokens,
        ),
        stopped=stopped,
    )


class _Clock:
    """Times a stream that is left before its end."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._first: float | None = None

    def piece(self) -> None:
        if self._first is None:
            self._first = time.perf_counter()

    def figures(self, model: ChatModel, text: str) -> AnswerFigures:
        first = self._started if self._first is None else self._first
        tokens = model.count_tokens(text)
        generating = time.perf_counter() - first
        return AnswerFigures(
            completion_tokens=tokens,
            seconds_to_first_token=first - self._started,
            tokens_per_second=tokens / generating if generating > 0 else 0.0,
        )


def _figures(end: StreamEnd) -> AnswerFigures:
    return AnswerFigures(
        completion_tokens=end.completion_tokens,
        seconds_to_first_token=end.seconds_to_first_token,
        tokens_per_second=end.tokens_per_second,
    )
