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
from dataclasses import dataclass, replace
from typing import Any

from desktop.domain.cancel import CancelToken
from desktop.domain.models import EngineSettings, SamplerSettings
from desktop.inference.chat_model import ChatMessage, StreamEnd
from desktop.inference.included_models import chat_model_path, included_chat_model
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.inference.processor import compute_threads

FILLER = "The quick brown fox jumps over the lazy dog. "
SAMPLER = SamplerSettings(temperature=0.8, repeat_penalty=1.0, seed=3)


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens per second."""

    reading: float
    generating: float


def question(round_number: int, prompt_tokens: int) -> str:
    # A new beginning each round: neither side may find the prompt in its cache.
    return f"{round_number} " + FILLER * (prompt_tokens // 10) + "Tell a very long story."


def carrel(model: LlamaChatModel, text: str, answer_tokens: int) -> Speed:
    prompt = model.chat_prompt([ChatMessage("user", text)])
    *_, end = model.stream(prompt, replace(SAMPLER, max_tokens=answer_tokens), CancelToken())
    assert isinstance(end, StreamEnd)
    read = end.prompt_tokens - end.cached_tokens
    return Speed(read / end.seconds_to_first_token, end.tokens_per_second)


def plain(llama: Any, text: str, answer_tokens: int) -> Speed:
    started = time.perf_counter()
    first = last = 0.0
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
            last = time.perf_counter()
            # Later the call's own count holds the answer's tokens too.
            first, read = (first, read) if pieces else (last, llama.n_tokens)
            pieces += 1
    return Speed(
        llama.n_tokens / (first - started) if first else 0.0, (pieces - 1) / (last - first)
    )


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
    contenders: dict[str, Callable[[str], Speed]] = {
        "carrel": lambda text: carrel(model, text, answer_tokens),
        "chat call, tuned": lambda text: plain(tuned, text, answer_tokens),
        "chat call, defaults": lambda text: plain(default, text, answer_tokens),
    }
    speeds: dict[str, list[Speed]] = {name: [] for name in contenders}
    for at in range(rounds):
        names = list(contenders)
        for name in names[at % 3 :] + names[: at % 3]:
            speeds[name].append(contenders[name](question(at, prompt_tokens)))
    report(speeds)
    model.close()


def report(speeds: dict[str, list[Speed]]) -> None:
    """One line for each contender, with the ratio of Carrel's speed to its own."""
    medians = {
        name: Speed(
            statistics.median(one.reading for one in found),
            statistics.median(one.generating for one in found),
        )
        for name, found in speeds.items()
    }
    own = medians["carrel"]
    for name, speed in medians.items():
        sys.stdout.write(
            f"{name:20} reading {speed.reading:7.1f} tokens/s, generating "
            f"{speed.generating:6.1f} tokens/s; carrel is {own.reading / speed.reading:.2f} "
            f"and {own.generating / speed.generating:.2f} times that\n"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
