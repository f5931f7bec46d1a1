"""Carrel's loop against llama-cpp-python's own chat call: same model, same question, in turns.

    python -m tests.bench.bench_generation [ROUNDS] [PROMPT_TOKENS] [ANSWER_TOKENS]

Each round runs both in alternating order in one process; medians and their ratio are printed.
The chat call is measured with its defaults and tuned (same threads, batch, no other limits).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from typing import Any

from desktop.domain.answers import AnswerPiece
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings, SamplerSettings
from desktop.inference.chat_model import ChatMessage, StreamEnd
from desktop.inference.included_models import chat_model_path, included_chat_model
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.inference.processor import compute_threads

FILLER = "The quick brown fox jumps over the lazy dog. "
SAMPLER = SamplerSettings(temperature=0.8, repeat_penalty=1.0, seed=3)


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds a token, by the clock and by the processor's own count.

    The processor's count is what to look at while other programs run.
    """

    reading: float
    generating: float
    reading_cpu: float
    generating_cpu: float


Clocks = tuple[float, float]


def clocks() -> Clocks:
    return time.perf_counter(), time.process_time()


def cost(read: int, pieces: int, started: Clocks, first: Clocks, last: Clocks) -> Cost:
    def per_token(tokens: int, begin: Clocks, end: Clocks, which: int) -> float:
        return 1000 * (end[which] - begin[which]) / max(tokens, 1)

    return Cost(
        per_token(read, started, first, 0),
        per_token(pieces - 1, first, last, 0),
        per_token(read, started, first, 1),
        per_token(pieces - 1, first, last, 1),
    )


def question(round_number: int, prompt_tokens: int) -> str:
    # A new beginning each round: neither side may find the prompt in its cache.
    return f"{round_number} " + FILLER * (prompt_tokens // 10) + "Tell a very long story."


def carrel(model: LlamaChatModel, text: str, answer_tokens: int) -> Cost:
    started = first = last = clocks()
    prompt = model.chat_prompt([ChatMessage("user", text)])
    pieces = 0
    for event in model.stream(prompt, replace(SAMPLER, max_tokens=answer_tokens), CancelToken()):
        if isinstance(event, AnswerPiece):
            last = clocks()
            first = first if pieces else last
            pieces += 1
        end = event
    assert isinstance(end, StreamEnd)
    return cost(end.prompt_tokens - end.cached_tokens, pieces, started, first, last)


def plain(llama: Any, text: str, answer_tokens: int) -> Cost:
    # Otherwise it would count tokens it kept from the last question as read.
    llama.reset()
    started = first = last = clocks()
    pieces = read = 0
    for part in llama.create_chat_completion(
        [{"role": "user", "content": text}],
        stream=True,
        max_tokens=answer_tokens,
        temperature=SAMPLER.temperature,
        top_k=SAMPLER.top_k,
        top_p=SAMPLER.top_p,
        min_p=SAMPLER.min_p,
        repeat_penalty=SAMPLER.repeat_penalty,
        seed=SAMPLER.seed,
    ):
        if "content" in part["choices"][0]["delta"]:
            last = clocks()
            # Later the call's own count holds the answer's tokens too.
            first, read = (first, read) if pieces else (last, llama.n_tokens)
            pieces += 1
    return cost(read, pieces, started, first, last)


def main(arguments: list[str]) -> None:
    """Print the medians and the ratios."""
    rounds, prompt_tokens, answer_tokens = (
        int(given) if given else default
        for given, default in zip([*arguments, "", "", ""], (5, 500, 150), strict=False)
    )
    settings = EngineSettings()
    model = LlamaChatModel.load(included_chat_model(), settings)
    # Only now, so that all of them run with the thread waiting that Carrel chooses; without it
    # the chat call would lose most of its speed on a busy machine, and the ratio would flatter.
    from llama_cpp import Llama

    path = str(chat_model_path())
    tuned = Llama(
        path,
        n_ctx=settings.context_tokens,
        n_threads=compute_threads(),
        n_threads_batch=compute_threads(),
        n_batch=settings.batch_tokens,
        n_ubatch=settings.batch_tokens,
        flash_attn=True,
        verbose=False,
    )
    default = Llama(path, n_ctx=settings.context_tokens, verbose=False)
    contenders: dict[str, Callable[[str], Cost]] = {
        "carrel": lambda text: carrel(model, text, answer_tokens),
        "chat call, tuned": lambda text: plain(tuned, text, answer_tokens),
        "chat call, defaults": lambda text: plain(default, text, answer_tokens),
    }
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for at in range(rounds):
        names = list(contenders)
        for name in names[at % 3 :] + names[: at % 3]:
            costs[name].append(contenders[name](question(at, prompt_tokens)))
    report(costs)
    model.close()


def report(costs: dict[str, list[Cost]]) -> None:
    """One line for each contender; a ratio over 1 means that Carrel is the faster."""
    medians = {
        name: Cost(
            *(statistics.median(values) for values in zip(*map(astuple, found), strict=True))
        )
        for name, found in costs.items()
    }
    own = medians["carrel"]
    for name, one in medians.items():
        sys.stdout.write(
            f"{name:20} reading {1000 / one.reading:6.1f} tokens/s, ratio "
            f"{one.reading / own.reading:.2f} (processor {one.reading_cpu / own.reading_cpu:.2f}); "
            f"generating {1000 / one.generating:6.1f} tokens/s, ratio "
            f"{one.generating / own.generating:.2f} "
            f"(processor {one.generating_cpu / own.generating_cpu:.2f})\n"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
