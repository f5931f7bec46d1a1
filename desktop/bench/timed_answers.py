"""Answers through the whole application, as its events arrive: what was read, written, stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from desktop.domain.answers import Answer, AnswerPiece, PromptRead


class Application(Protocol):
    """The assistant, asked without documents."""

    def ask(self, question: str) -> Iterator[tuple[float, object]]:
        """Yield what a question's job says, each with the second in which it was said."""

    def stop(self) -> None:
        """Stop the question that is being answered."""


@dataclass(frozen=True, slots=True)
class TimedAnswer:
    """One answer; speeds are tokens a second between events, 0 where there were too few."""

    prompt_tokens: int
    completion_tokens: int
    reading_speed: float
    writing_speed: float
    seconds_to_first_piece: float


def timed_answer(application: Application, question: str) -> TimedAnswer:
    """Ask, and listen to the end."""
    started = time.perf_counter()
    read: list[tuple[float, int]] = []
    pieces: list[float] = []
    answer: Answer | None = None
    for at, body in application.ask(question):
        match body:
            case PromptRead():
                read.append((at, body.tokens_done))
            case AnswerPiece():
                pieces.append(at)
        answer = _answer_in(body) or answer
    assert answer is not None, "an answer that nobody stops comes to its end"
    written = answer.figures.completion_tokens
    return TimedAnswer(
        prompt_tokens=answer.figures.prompt_tokens,
        completion_tokens=written,
        reading_speed=_rate(read[-1][1] - read[0][1], read[0][0], read[-1][0]),
        writing_speed=_rate(written - 1, pieces[0], pieces[-1]) if pieces else 0.0,
        seconds_to_first_piece=pieces[0] - started if pieces else 0.0,
    )


def stop_seconds(
    application: Application, question: str, wait_s: float, writing: bool
) -> float | None:
    """How long a stop takes, `wait_s` after it began to read or write; None where it was late."""
    awaited = AnswerPiece if writing else PromptRead
    pressed, ended, pieces = 0.0, 0.0, 0
    stopped = False
    for at, body in application.ask(question):
        ended = at
        pieces += isinstance(body, AnswerPiece)
        if not pressed and isinstance(body, awaited):
            time.sleep(wait_s)
            pressed = time.perf_counter()
            application.stop()
        answer = _answer_in(body)
        stopped = stopped or (answer is not None and answer.stopped)
    was_there = stopped and (writing or not pieces)
    return ended - pressed if was_there else None


def _answer_in(body: object) -> Answer | None:
    result = getattr(body, "result", None)
    return result if isinstance(result, Answer) else None


def _rate(tokens: int, first: float, last: float) -> float:
    return tokens / (last - first) if last > first else 0.0
