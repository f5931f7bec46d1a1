"""Let the model write: pass its pieces on, and end what has begun to ramble."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass, replace

from desktop.chat.context_window import Fitted
from desktop.chat.draft import Draft, tidied
from desktop.chat.grounding import Grounding
from desktop.domain.answers import AnswerFigures, AnswerPiece, PromptRead
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import SamplerSettings
from desktop.inference.chat_model import ChatModel, StreamEnd


@dataclass(frozen=True, slots=True)
class Written:
    """What the model wrote, in full and tidied, and what it cost; `cut_at` as in `Answer`."""

    draft: str
    text: str
    figures: AnswerFigures
    stopped: bool
    cut_at: int = 0


def write(
    model: ChatModel,
    fitted: Fitted,
    sampler: SamplerSettings,
    cancel: CancelToken,
    sentences: int,
    grounding: Grounding | None = None,
) -> Generator[PromptRead | AnswerPiece, None, Written]:
    """Stream one answer of at most `sentences` sentences; 0 is no limit.

    With a `grounding`, words of the model's own are held back until a known one follows them; an
    answer that goes on with its own is cut, to nothing where nothing of it was shown. An answer
    that is held to a JSON schema stays as it was written: any cut would break it.
    """
    held = bool(sampler.json_schema)
    draft, clock = Draft(0 if held else sentences), _Clock()
    showing = _Showing(None if held else grounding)
    end: StreamEnd | None = None
    stream = model.stream(fitted.prompt, replace(sampler, max_tokens=fitted.answer_tokens), cancel)
    for event in stream:
        if isinstance(event, StreamEnd):
            end = event
            continue
        if not isinstance(event, AnswerPiece):
            clock.read(event)
            yield event
            continue
        clock.piece()
        draft.add(event.text)
        if piece := showing.next_piece(draft.text):
            yield AnswerPiece(piece)
        # Leaving the loop ends the stream: the generator is closed and the engine is free.
        if not held and (draft.is_enough() or showing.would_cut(draft.text)):
            break
    figures = _figures(end) if end is not None else clock.figures(model, draft.text)
    figures = _with_prompt(figures, fitted, model, clock.cached_tokens)
    if cancel.cancelled and (end is None or end.reason == "stopped"):
        return Written(draft.text.strip(), showing.shown(draft.text), figures, True)
    cut_at = end.completion_tokens if end is not None and end.reason == "length" else 0
    cut_short = bool(cut_at)
    text = draft.text.strip() if held else showing.kept(tidied(draft.text, cut_short, sentences))
    if rest := showing.rest(text, draft.text):
        yield AnswerPiece(rest)
    return Written(draft.text.strip(), text, figures, False, cut_at if text else 0)


class _Showing:
    """Passes a draft on as far as it keeps to its grounding; without one, all of it."""

    def __init__(self, grounding: Grounding | None) -> None:
        self._grounding = grounding
        self._until = 0

    def next_piece(self, draft: str) -> str:
        before = self._until
        stands = self._grounding.stands_to(draft) if self._grounding else len(draft)
        self._until = max(before, stands)
        return draft[before : self._until]

    def shown(self, draft: str) -> str:
        return draft[: self._until].strip()

    def would_cut(self, draft: str) -> bool:
        """Whether the draft went astray and a cut mends it: the rest of it would be lost."""
        if self._grounding is None or not self._grounding.has_left(draft):
            return False
        return self._grounding.kept(draft) != draft

    def kept(self, text: str) -> str:
        return self._grounding.kept(text) if self._grounding else text

    def rest(self, text: str, draft: str) -> str:
        """What of the text that stands has not been passed on yet."""
        before = draft[: self._until].lstrip()
        if self._grounding is None or not text.startswith(before):
            return ""
        return text[len(before) :]


class _Clock:
    """Times a stream that is left before its end; `cached_tokens` needed no reading."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._first: float | None = None
        self._read_before: int | None = None

    @property
    def cached_tokens(self) -> int:
        return self._read_before or 0

    def read(self, event: PromptRead) -> None:
        """Note how far the prompt is; the first of these says what stood there already."""
        if self._read_before is None:
            self._read_before = event.tokens_done

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


def _with_prompt(
    figures: AnswerFigures, fitted: Fitted, model: ChatModel, cached: int
) -> AnswerFigures:
    return replace(
        figures,
        prompt_tokens=fitted.prompt_tokens,
        passages=len(fitted.passages),
        context_tokens=model.context_tokens,
        cached_tokens=cached,
        dropped_turns=fitted.dropped,
    )


def _figures(end: StreamEnd) -> AnswerFigures:
    return AnswerFigures(
        completion_tokens=end.completion_tokens,
        seconds_to_first_token=end.seconds_to_first_token,
        tokens_per_second=end.tokens_per_second,
        drafted_tokens=end.drafted_tokens,
    )
