"""Whether each turn of a conversation reads only what is new: its wait beside the bare reading."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from desktop.domain.answers import AnswerFigures
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan, EngineSettings, Toggle
from desktop.domain.models import ModelEntry
from desktop.inference.llama_engine import LoadRequest, open_engine
from desktop.inference.token_cache import Decoded, TokenCache
from desktop.inference.vocabulary import Vocabulary

_READINGS = 3  # of which the mean counts: one wait may meet other programs, as one reading may
_FILLER = "The harbour master keeps a list of every boat that came in before the storm. "

# What the included samples are asked, some of it leaning on the question before.
DOCUMENT_QUESTIONS = (
    "How much is the monthly rent?",
    "When is it payable?",
    "How many days of paid holiday does every employee have?",
    "Which law governs the lease?",
    "To whom must a suspected data breach be reported?",
    "Within how many hours?",
    "What is the minimum order value?",
    "What is the yearly premium of the insurance?",
    "How long is the notice period of the lease?",
    "Who may work from home?",
)
MODEL_QUESTIONS = (
    "What is a lighthouse for?",
    "Name three rivers in Europe.",
    "Which of them is the longest?",
    "Why is the sky blue?",
    "How is bread made?",
    "What is a good name for a cat?",
    "Explain what a contract is.",
    "What does a librarian do?",
    "How far away is the moon?",
    "What should one pack for a week by the sea?",
)


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """What one question cost as the program counts it; `before_s` is the time from the question
    to the first token read, finding passages included."""

    figures: AnswerFigures
    before_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: tokens, seconds, and how often the bare reading its wait was.

    `whole_ratio` counts what comes before the reading too.
    """

    prompt_tokens: int
    cached_tokens: int
    new_tokens: int
    before_s: float
    first_token_s: float
    bare_s: float
    ratio: float
    whole_ratio: float


class BareReading:
    """A second copy of the model, run in the same way, that reads tokens and does nothing else."""

    def __init__(self, entry: ModelEntry, plan: EnginePlan) -> None:
        settings = EngineSettings(
            context_tokens=plan.context_tokens,
            threads=plan.threads,
            reading_threads=plan.reading_threads,
            batch_tokens=plan.batch_tokens,
            device=plan.device,
            gpu_layers=plan.gpu_layers,
            kv_type=plan.kv_type,
            flash_attention=Toggle.ON if plan.flash_attention else Toggle.OFF,
            memory_map=Toggle.ON if plan.memory_map else Toggle.OFF,
        )
        self._engine = open_engine(entry, LoadRequest(settings))
        vocabulary = Vocabulary(self._engine.functions, self._engine.model)
        self._cache = TokenCache(self._engine.functions, self._engine.context)
        filler = vocabulary.tokens_of_content(_FILLER)
        self._tokens = filler * (plan.context_tokens // len(filler) + 1)

    def seconds(self, depth: int, count: int) -> float:
        """Read `count` tokens where `depth` others stand before them."""
        self._read(self._cache.keep_prefix_of(self._tokens[: depth + 1]), depth)
        started = time.perf_counter()
        self._read(depth, depth + count)
        return time.perf_counter() - started

    def close(self) -> None:
        self._engine.free()

    def _read(self, start: int, end: int) -> None:
        for _, outcome in self._cache.read(self._tokens[start:end], CancelToken()):
            assert outcome is Decoded.DONE, "the window has room for what it had room for before"


@contextmanager
def bare_reading(entry: ModelEntry, plan: EnginePlan) -> Iterator[BareReading]:
    """Load the second copy for as long as the `with` lasts."""
    bare = BareReading(entry, plan)
    try:
        yield bare
    finally:
        bare.close()


def measured_turn(asked: AskedTurn, bare: BareReading) -> Turn:
    """Compare a turn that was just asked with the bare reading of its new tokens, made now."""
    figures = asked.figures
    new = figures.prompt_tokens - figures.cached_tokens
    seconds = statistics.fmean(bare.seconds(figures.cached_tokens, new) for _ in range(_READINGS))
    return Turn(
        prompt_tokens=figures.prompt_tokens,
        cached_tokens=figures.cached_tokens,
        new_tokens=new,
        before_s=round(asked.before_s, 4),
        first_token_s=round(figures.seconds_to_first_token, 4),
        bare_s=round(seconds, 4),
        ratio=round(figures.seconds_to_first_token / seconds, 3),
        whole_ratio=round((asked.before_s + figures.seconds_to_first_token) / seconds, 3),
    )


def measure_chat(
    questions: Sequence[str],
    count: int,
    ask: Callable[[str], AskedTurn],
    bare: BareReading,
    say: Callable[[str], None],
) -> list[Turn]:
    """Ask `count` questions in one chat, and measure each turn; refused ones read nothing."""
    turns = []
    for at in range(count):
        say(f"question {at + 1} of {count}")
        asked = ask(questions[at % len(questions)])
        if asked.figures.prompt_tokens:
            turns.append(measured_turn(asked, bare))
    return turns


def summary(turns: Sequence[Turn]) -> dict[str, Any]:
    """Median and worst of turn 2 and later, all their waits over all bare readings, every turn."""
    later = turns[1:]
    return {
        "turns": [asdict(turn) for turn in turns],
        "new_tokens": statistics.median(turn.new_tokens for turn in later),
        "ratio": statistics.median(turn.ratio for turn in later),
        "ratio_of_sums": round(
            sum(turn.first_token_s for turn in later) / sum(turn.bare_s for turn in later), 3
        ),
        "worst_ratio": max(turn.ratio for turn in later),
        "whole_ratio": statistics.median(turn.whole_ratio for turn in later),
        "first_token_s": statistics.median(turn.before_s + turn.first_token_s for turn in later),
    }
