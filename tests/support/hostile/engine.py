"""Well-formed files that only llama.cpp itself can tell are wrong; each costs a process."""

from __future__ import annotations

import math
from collections.abc import Callable

from desktop.domain.model_errors import (
    ModelDamaged,
    ModelError,
    ModelNeedsNewerEngine,
    ModelTrialFailed,
    ModelUseUnknown,
)
from tests.support.gguf_builder import BOOL, F32, I32, LIST, TEXT, U32, U64, Draft
from tests.support.hostile.making import Hostile, Named, changed

_I8_TENSOR = 24


def engine_findings() -> Named:
    def engine(
        change: Callable[[Draft], object],
        error: type[ModelError],
        words: str,
        architecture: str = "llama",
    ) -> Hostile:
        return Hostile(changed(change, "", architecture).make, error, words)

    def nothing(_: Draft) -> None:
        return None

    def other_words(draft: Draft) -> None:
        draft.set("tokenizer.ggml.model", TEXT, "gpt2")
        draft.set("tokenizer.ggml.merges", LIST, ["t h"])
        draft.set("tokenizer.ggml.pre", TEXT, "nobody")

    def shape(draft: Draft) -> None:
        draft.part("blk.1.ffn_up.weight").shape = (128, 64)

    def fewer_tokens(draft: Draft) -> None:
        for key, of in (("tokens", TEXT), ("scores", F32), ("token_type", I32)):
            entry = next(one for one in draft.entries if one.key.endswith(key.encode()))
            assert isinstance(entry.value, list)
            draft.set(f"tokenizer.ggml.{key}", LIST, entry.value[:-3], of)

    newer, damaged = ModelNeedsNewerEngine, ModelDamaged
    yield "the architecture of nobody", engine(nothing, newer, "architecture 'lamma'", "lamma")
    yield "words cut by nobody's rules", engine(other_words, newer, "cutting words 'nobody'")
    yield (
        "a tokenizer of nobody",
        engine(
            lambda draft: draft.set("tokenizer.ggml.model", TEXT, "rot13"),
            newer,
            "tokenizer 'rot13'",
        ),
    )
    yield (
        "no merges",
        engine(
            lambda draft: draft.set("tokenizer.ggml.model", TEXT, "gpt2"), damaged, "put together"
        ),
    )
    yield (
        "a tensor missing",
        engine(
            lambda draft: draft.without_part("blk.1.ffn_up.weight"),
            damaged,
            "ffn_up.weight is missing",
        ),
    )
    yield (
        "a tensor lying down",
        engine(shape, damaged, "blk.1.ffn_up.weight is of size 128 x 64 and should be 64 x 128"),
    )
    yield (
        "three layers claimed of two",
        engine(
            lambda draft: draft.set("llama.block_count", U32, 3),
            damaged,
            "blk.2.attn_norm.weight is",
        ),
    )
    yield (
        "one layer claimed of two",
        engine(
            lambda draft: draft.set("llama.block_count", U32, 1), damaged, "11 of them have a use"
        ),
    )
    yield "fewer tokens than weights", engine(fewer_tokens, damaged, "token_embd.weight is of size")
    yield (
        "a context in too wide a number",
        engine(
            lambda draft: draft.set("llama.context_length", U64, 512),
            damaged,
            "form that cannot be",
        ),
    )
    yield (
        "turned by too few",
        engine(
            lambda draft: draft.set("llama.rope.dimension_count", U32, 8), damaged, "should be 16"
        ),
    )
    yield (
        "scaled in a spiral",
        engine(
            lambda draft: draft.set("llama.rope.scaling.type", TEXT, "spiral"),
            ModelTrialFailed,
            "ends the engine's process (signal 6)",
        ),
    )
    yield "weights of whole numbers", engine(_whole, ModelTrialFailed, "ends the engine's process")
    yield (
        "weights that are no numbers",
        engine(_weights_of(math.nan), ModelTrialFailed, "what it computes is no number"),
    )
    yield (
        "weights without end",
        engine(_weights_of(math.inf), ModelTrialFailed, "what it computes is no number"),
    )
    yield (
        "weights never written",
        engine(_weights_of(0.0), ModelTrialFailed, "its weights are empty"),
    )
    yield (
        "a model that looks both ways",
        engine(
            lambda draft: draft.set("llama.attention.causal", BOOL, False),
            ModelUseUnknown,
            "does not say how its tokens become one vector",
        ),
    )
    yield (
        "a model that writes all at once",
        engine(nothing, ModelUseUnknown, "writes a whole text at once", "dream"),
    )


def _whole(draft: Draft) -> None:
    part = draft.part("blk.0.attn_q.weight")
    part.kind, part.length = _I8_TENSOR, 64 * 64


def _weights_of(number: float) -> Callable[[Draft], object]:
    return lambda draft: setattr(draft, "weights", number)
