"""Well-formed files whose entries say what no model is."""

from __future__ import annotations

import math
from functools import partial

from tests.support import gguf_builder as build
from tests.support.gguf_builder import BOOL, F32, I32, LIST, TEXT, U32, U64, Draft
from tests.support.hostile.making import Hostile, Named, changed

_PARAMETER = "llama.{}"
_RIGHT_TO_LEFT = "\u202e"


def hostile_numbers() -> Named:
    def number(
        key: str, kind: int, value: object, words: str, of: int = U32
    ) -> tuple[str, Hostile]:
        name = f"{key} {value}"[:60]
        return name, changed(
            lambda draft: draft.set(_PARAMETER.format(key), kind, value, of), words
        )

    for key in ("block_count", "context_length", "embedding_length"):
        words = f"does not state its {key.replace('_', ' ')}"
        yield (
            f"no {key}",
            changed(partial(Draft.without, key=_PARAMETER.format(key)), words),
        )
    yield number("block_count", U32, 0, "block count is 0")
    yield number("block_count", U32, 10**6, "block count is 1000000")
    yield number("block_count", I32, -1, "block count is -1")
    yield number("block_count", TEXT, "two", "block count is two")
    yield number("block_count", F32, 2.0, "block count is 2.0")
    yield number("block_count", BOOL, True, "block count is True")
    yield number("context_length", U64, 1 << 62, "context length is 4611686018427387904")
    yield number("context_length", I32, -512, "context length is -512")
    yield number("embedding_length", U32, 1 << 31, "embedding length is")
    yield number("attention.head_count", U32, 1 << 20, "attention head count is")
    yield number("attention.head_count", U32, 5, "cannot share")
    yield number("attention.head_count_kv", U32, 3, "4 heads cannot share 3 key heads")
    yield number("attention.head_count", LIST, [4, 4, 4], "2 layers")
    yield number("attention.head_count_kv", LIST, [2], "2 layers")
    yield number("attention.head_count_kv", LIST, ["two", "two"], "stated in words", TEXT)
    yield number("attention.head_count_kv", LIST, [2.0, 2.0], "count kv is 2.0", F32)
    yield number("attention.key_length", U32, 0, "key length is 0")
    yield number("rope.dimension_count", U32, 15, "rope dimension count is odd")
    yield number("rope.freq_base", F32, math.inf, "freq base is inf")
    yield number("rope.freq_base", F32, 0.0, "freq base is 0.0")
    yield number("rope.scaling.factor", F32, math.nan, "factor is nan")
    yield number("attention.layer_norm_rms_epsilon", F32, math.nan, "epsilon is nan")
    yield number("attention.layer_norm_rms_epsilon", F32, -1.0, "epsilon is -1.0")
    yield number("attention.layer_norm_rms_epsilon", U32, 1, "not a number with a fraction")
    yield number("expert_used_count", U32, 8, "more experts than it has")
    yield number("expert_count", U32, 10**6, "expert count is")
    yield number("nextn_predict_layers", U32, 9, "looking ahead")
    yield number("pooling_type", U32, 77, "pooling type is 77")
    yield number("ssm.state_size", U32, 1 << 31, "ssm state size is")


def hostile_words() -> Named:
    def stated(key: str, kind: int, value: object, words: str, of: int = TEXT) -> Hostile:
        return changed(lambda draft: draft.set(key, kind, value, of), words)

    architecture, tokens = "general.architecture", "tokenizer.ggml.tokens"
    yield (
        "no architecture",
        changed(lambda draft: draft.without(architecture), "which architecture"),
    )
    yield "an architecture without a name", stated(architecture, TEXT, "", "which architecture")
    yield "a number for an architecture", stated(architecture, U32, 3, "which architecture")
    yield "an architecture of 10,000 letters", stated(architecture, TEXT, "a" * 10**4, "no name")
    yield (
        "an architecture that turns the line",
        stated(architecture, TEXT, f"{_RIGHT_TO_LEFT}amall", "no name"),
    )
    yield (
        "another architecture's numbers",
        stated(architecture, TEXT, "qwen2", "does not state its block count"),
    )
    yield (
        "no tokenizer",
        changed(lambda draft: draft.without("tokenizer.ggml.model"), "kind that is not known"),
    )
    yield (
        "a tokenizer of no vocabulary",
        stated("tokenizer.ggml.model", TEXT, "no_vocab", "kind that is not known"),
    )
    yield "a number for a tokenizer", stated("tokenizer.ggml.model", U32, 1, "is not known")
    yield "no vocabulary", changed(lambda draft: draft.without(tokens), "holds no vocabulary")
    yield "an empty vocabulary", stated(tokens, LIST, [], "holds no vocabulary")
    yield "a vocabulary of numbers", stated(tokens, LIST, [1, 2], "holds no vocabulary", U32)
    yield "a token twice", stated(tokens, LIST, [*build.tokens()[:-1], "a"], "a token twice")
    yield (
        "fewer scores than tokens",
        stated("tokenizer.ggml.scores", LIST, [0.0] * 9, "different lengths", F32),
    )
    yield (
        "fewer kinds than tokens",
        stated("tokenizer.ggml.token_type", LIST, [1] * 9, "different lengths", I32),
    )
    yield "a number for the scores", stated("tokenizer.ggml.scores", F32, 1.0, "different lengths")
    yield (
        "an end outside the vocabulary",
        stated("tokenizer.ggml.eos_token_id", U32, 10**7, "eos token"),
    )
    yield "a beginning below nothing", stated("tokenizer.ggml.bos_token_id", I32, -5, "bos token")
    yield "a text for the end", stated("tokenizer.ggml.eos_token_id", TEXT, "</s>", "eos token")
