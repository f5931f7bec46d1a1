"""The engine beside llama.cpp's own benchmark: writing, reading, stopping, schemas and drafts."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from desktop.bench.llama_bench import LlamaBench
from desktop.bench.timed_answers import Application, TimedAnswer, stop_seconds, timed_answer
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan, EngineSettings, SamplerSettings, Toggle
from desktop.domain.models import ModelEntry
from desktop.inference.chat_model import ChatMessage, Prompt, PromptPart, StreamEnd
from desktop.inference.llama_chat_model import LlamaChatModel

DEPTH_TOKENS = 512
WRITTEN_TOKENS = 128
_STOP_TOKENS = 2000
_SHORT_TOKENS = 64
_CONTEXT_TOKENS = 4096
_FEWEST_WRITTEN = 24
_TRIES = 4
_WORDS = "The quick brown fox jumps over the lazy dog, and the dog does not mind. "
_PEOPLE = {
    "type": "array",
    "minItems": 100,
    "items": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
        "required": ["name", "age"],
    },
}
_QUOTED = (
    "The old lighthouse on Brenholm was lit for the first time in 1843, when Tomas Aldergate "
    "carried the lamp up its 212 steps. It burned whale oil until 1911, and its keepers wrote down "
    "every ship that passed. The book lies in the harbour office, in a drawer without a key."
)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class EngineBench:
    """What is measured, and how often; the application answers with the model of `plan`."""

    entry: ModelEntry
    plan: EnginePlan
    application: Application
    llama_bench: Path | None
    pairs: int
    say: Say


def measure_engine(bench: EngineBench) -> dict[str, Any]:
    """All figures; ratios to llama-bench are None without it.

    Raises `subprocess.CalledProcessError` where llama-bench fails.
    """
    with _loaded(bench) as model:
        runs = _Runs(bench, model)
        speeds = runs.speeds()
        return {
            **_summary(speeds, bench),
            "stop_ms": {"reading": runs.stops(False), "writing": runs.stops(True)},
            "schema_ratio": runs.schema_ratio(),
            "lookup": runs.lookup(),
            "plan": asdict(bench.plan),
            "model": bench.entry.id,
            "pairs": speeds,
        }


@contextmanager
def _loaded(bench: EngineBench) -> Iterator[LlamaChatModel]:
    """The model once more, with the same numbers: the engine without the application."""
    plan = bench.plan
    settings = EngineSettings(
        context_tokens=min(_CONTEXT_TOKENS, plan.context_tokens),
        threads=plan.threads,
        batch_tokens=plan.batch_tokens,
        gpu_layers=plan.gpu_layers,
        reading_threads=plan.reading_threads,
        flash_attention=Toggle.ON if plan.flash_attention else Toggle.OFF,
        memory_map=Toggle.ON if plan.memory_map else Toggle.OFF,
        kv_type=plan.kv_type,
        prompt_lookup=Toggle.OFF,
    )
    model = LlamaChatModel.load(bench.entry, settings)
    try:
        yield model
    finally:
        model.close()


class _Runs:
    """The runs, in pairs and in turns: what else the machine does meets all sides alike."""

    def __init__(self, bench: EngineBench, model: LlamaChatModel) -> None:
        self._bench = bench
        self._model = model
        self._number = 0

    def speeds(self) -> list[dict[str, float | None]]:
        """Reading and writing through the application, the engine alone, and llama-bench."""
        bench = self._bench
        yardstick = None
        if bench.llama_bench is not None:
            yardstick = LlamaBench(bench.llama_bench, bench.entry.path, bench.plan)
        found: list[dict[str, float | None]] = []
        # Pages are touched and buffers made by a run that is not counted.
        self._answer()
        for at in range(bench.pairs):
            bench.say(f"reading and writing, {at + 1} of {bench.pairs}")
            through = self._answer()
            depth, tokens = through.prompt_tokens, max(through.completion_tokens - 1, 1)
            alone = self._stream(self._text(depth), WRITTEN_TOKENS)
            found.append(
                {
                    "writing": through.writing_speed,
                    "writing_alone": alone.tokens_per_second,
                    "writing_yardstick": _with(yardstick, tokens, depth),
                    "reading": through.reading_speed,
                    "reading_alone": _reading_speed(alone),
                    "reading_yardstick": _with(yardstick, 0, depth),
                    "first_token_s": through.seconds_to_first_piece,
                }
            )
        return found

    def stops(self, writing: bool) -> dict[str, float | int]:
        """Milliseconds from the stop to the end of the job, at many moments."""
        bench, found = self._bench, []
        for at in range(3 * bench.pairs):
            bench.say(f"stopping while it {'writes' if writing else 'reads'}, {at + 1}")
            self._number += 1
            numbers = " ".join(str(self._number * 7919 + each) for each in range(_STOP_TOKENS // 5))
            question = self._question() if writing else f"{numbers[:7900]} Which is the largest?"
            wait_s = 0.05 + 0.037 * (at % 10)
            if (seconds := stop_seconds(bench.application, question, wait_s, writing)) is not None:
                found.append(1000 * seconds)
        if not found:
            return {"stops": 0}
        return {
            "stops": len(found),
            "median": round(statistics.median(found), 1),
            "worst": round(max(found), 1),
        }

    def schema_ratio(self) -> float:
        """Writing held to a schema against writing freely, at the same depth."""
        asked = "List people as JSON, each with name and age."
        free = SamplerSettings(max_tokens=_SHORT_TOKENS)
        held = replace(free, json_schema=json.dumps(_PEOPLE))
        return self._paired("answers under a schema", asked, (free, False), (held, False))[0]

    def lookup(self) -> dict[str, float]:
        """Writing with drafts against writing without: a quoting answer, and one that does not."""
        greedy = SamplerSettings(temperature=0.0, repeat_penalty=1.0, max_tokens=_SHORT_TOKENS)
        ways = (greedy, False), (greedy, True)
        quoting = f"Text: {_QUOTED}\n\nRepeat the text word for word."
        quoted, share = self._paired("answers that quote", quoting, *ways)
        telling = f"Text: {_QUOTED}\n\nTell a long story of a dragon and a baker."
        told, _ = self._paired("answers that do not quote", telling, *ways)
        return {"quoting_ratio": quoted, "telling_ratio": told, "drafted_share": share}

    def _paired(
        self,
        what: str,
        asked: str,
        one: tuple[SamplerSettings, bool],
        other: tuple[SamplerSettings, bool],
    ) -> tuple[float, float]:
        """The median ratio of the other's speed to the one's, and its share of drafted tokens."""
        ratios, shares = [], []
        prompt = self._model.chat_prompt([ChatMessage("user", asked)])
        for at in range(self._bench.pairs):
            self._bench.say(f"{what}, {at + 1} of {self._bench.pairs}")
            ends = [
                self._end(prompt, replace(how, seed=at), drafts) for how, drafts in (one, other)
            ]
            ratios.append(ends[1].tokens_per_second / max(ends[0].tokens_per_second, 1e-9))
            shares.append(ends[1].drafted_tokens / max(ends[1].completion_tokens, 1))
        return round(statistics.median(ratios), 3), round(statistics.median(shares), 3)

    def _answer(self) -> TimedAnswer:
        """An answer long enough to be timed: a model may end one at once."""
        for _ in range(_TRIES):
            self._number += 1
            found = timed_answer(self._bench.application, self._question())
            if found.completion_tokens >= _FEWEST_WRITTEN:
                break
        return found

    def _question(self) -> str:
        # A beginning of its own, so that nothing of it stands in the cache.
        repeated = _WORDS * (DEPTH_TOKENS // 18)
        return f"{self._number}. {repeated}\nTell a very long story of {self._number} foxes."

    def _text(self, tokens: int) -> Prompt:
        """Running text, which a model goes on with for as long as it may."""
        self._number += 1
        text = f"{self._number}. " + _WORDS
        while self._model.count_tokens(text + _WORDS) <= tokens:
            text += _WORDS
        for word in _WORDS.split() * 2:
            if self._model.count_tokens(text) >= tokens:
                break
            text += f"{word} "
        return Prompt((PromptPart(text.rstrip(), False),))

    def _stream(self, prompt: Prompt, tokens: int) -> StreamEnd:
        drawn = SamplerSettings(max_tokens=tokens + 1, temperature=0.8, seed=self._number)
        return self._end(prompt, drawn, False)

    def _end(self, prompt: Prompt, sampler: SamplerSettings, lookup: bool) -> StreamEnd:
        *_, end = self._model.stream(prompt, sampler, CancelToken(), lookup)
        assert isinstance(end, StreamEnd)
        return end


def _with(yardstick: LlamaBench | None, tokens: int, depth: int) -> float | None:
    """llama-bench's speed of writing `tokens`, of reading where that is 0."""
    if yardstick is None:
        return None
    return yardstick.writing_speed(tokens, depth) if tokens else yardstick.reading_speed(depth)


def _reading_speed(end: StreamEnd) -> float:
    return (end.prompt_tokens - end.cached_tokens) / max(end.seconds_to_first_token, 1e-9)


def _summary(speeds: list[dict[str, float | None]], bench: EngineBench) -> dict[str, Any]:
    def middle(name: str) -> float:
        return round(statistics.median(one[name] or 0.0 for one in speeds), 3)

    def ratio(name: str, yardstick: str) -> float | None:
        if bench.llama_bench is None:
            return None
        ratios = ((one[name] or 0.0) / (one[yardstick] or 1.0) for one in speeds)
        return round(statistics.median(ratios), 3)

    return {
        "generation_ratio": ratio("writing", "writing_yardstick"),
        "reading_ratio": ratio("reading", "reading_yardstick"),
        "engine_generation_ratio": ratio("writing_alone", "writing_yardstick"),
        "engine_reading_ratio": ratio("reading_alone", "reading_yardstick"),
        "tokens_per_second": middle("writing"),
        "reading_tokens_per_second": middle("reading"),
        "engine_tokens_per_second": middle("writing_alone"),
        "engine_reading_tokens_per_second": middle("reading_alone"),
        "seconds_to_first_token": middle("first_token_s"),
        "through_application_ratio": round(
            statistics.median(
                (one["writing"] or 0.0) / (one["writing_alone"] or 1.0) for one in speeds
            ),
            3,
        ),
    }
