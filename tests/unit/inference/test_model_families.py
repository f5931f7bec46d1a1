"""Headers as the families of models really have them pass, and their layers are counted right."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.models import ModelKind, ModelShape
from desktop.inference.gguf_check import check_file
from desktop.inference.gguf_shape import shape_of
from tests.support.gguf_builder import BOOL, F32, I32, LIST, TEXT, U32, Draft, Part, tokens


@dataclass(frozen=True)
class Family:
    """The entries of one architecture, and what its layers keep for each token."""

    numbers: dict[str, Any]
    kv_values: int
    window_kv_values: int = 0
    state_bytes: int = 0
    kind: ModelKind = ModelKind.CHAT
    reals: dict[str, float] = field(
        default_factory=lambda: {"attention.layer_norm_rms_epsilon": 1e-5}
    )


def common(layers: int, width: int, heads: Any, kv_heads: Any, **more: Any) -> dict[str, Any]:
    given = {key.replace("__", "."): value for key, value in more.items()}
    return {
        "block_count": layers,
        "context_length": 32768,
        "embedding_length": width,
        "feed_forward_length": 4 * width,
        "attention.head_count": heads,
        "attention.head_count_kv": kv_heads,
        **given,
    }


LAYER_NORM = {"attention.layer_norm_epsilon": 1e-5}
MIXED = [0, 0, 8, 0, 0, 8, 0, 0]  # key heads of layers, most of which keep a state

FAMILIES: dict[str, Family] = {
    "llama": Family(common(32, 4096, 32, 8, rope__dimension_count=128), 32 * 8 * 256),
    "qwen2": Family(common(28, 3584, 28, 4), 28 * 4 * 256),
    "qwen3": Family(
        common(36, 2560, 32, 8, attention__key_length=128, attention__value_length=128),
        36 * 8 * 256,
    ),
    "qwen3moe": Family(
        common(48, 2048, 32, 4, attention__key_length=128, attention__value_length=128)
        | {"expert_count": 128, "expert_used_count": 8, "expert_feed_forward_length": 768},
        48 * 4 * 256,
    ),
    "gemma2": Family(
        common(26, 2304, 8, 4, attention__key_length=256, attention__value_length=256)
        | {"attention.sliding_window": 4096},
        13 * 4 * 512,
        13 * 4 * 512,
    ),
    "gemma3": Family(
        common(26, 1152, 4, 1, attention__key_length=256, attention__value_length=256)
        | {"attention.sliding_window": 512},
        4 * 512,
        22 * 512,
    ),
    "gpt-oss": Family(
        common(24, 2880, 64, 8, attention__key_length=64, attention__value_length=64)
        | {"attention.sliding_window": 128, "expert_count": 32, "expert_used_count": 4},
        12 * 8 * 128,
        12 * 8 * 128,
    ),
    "cohere2": Family(
        common(32, 4096, 32, 8, attention__sliding_window=4096),
        8 * 8 * 256,
        24 * 8 * 256,
        reals=LAYER_NORM,
    ),
    "phi3": Family(
        common(32, 3072, 32, 32, attention__sliding_window=2047, rope__dimension_count=96),
        32 * 32 * 192,
    ),
    "phi2": Family(common(32, 2560, 32, 32, rope__dimension_count=32), 32 * 5120, reals=LAYER_NORM),
    "mistral3": Family(
        common(40, 5120, 32, 8, attention__key_length=128, attention__value_length=128),
        40 * 8 * 256,
    ),
    "starcoder2": Family(common(30, 3072, 24, 2), 30 * 2 * 256, reals=LAYER_NORM),
    "deepseek2": Family(
        common(27, 2048, 16, 1, attention__key_length=576, attention__value_length=512)
        | {"attention.key_length_mla": 192, "attention.value_length_mla": 128}
        | {"attention.kv_lora_rank": 512, "expert_count": 64, "expert_used_count": 6},
        27 * 576,
    ),
    "glm4moe": Family(
        common(47, 4096, 96, 8, attention__key_length=128, attention__value_length=128)
        | {"nextn_predict_layers": 1, "expert_count": 128, "expert_used_count": 8},
        47 * 8 * 256,
    ),
    "openelm": Family(
        common(4, 1280, [12, 12, 16, 20], [3, 3, 4, 5], attention__key_length=64)
        | {"attention.value_length": 64, "feed_forward_length": [768, 1024, 2048, 5120]},
        15 * 128,
    ),
    "deci": Family(
        common(4, 4096, [32, 0, 32, 0], [8, 0, 4, 0]) | {"feed_forward_length": [1, 0, 4096, 0]},
        12 * 256,
    ),
    "mamba": Family(
        common(24, 768, 0, 0)
        | {"feed_forward_length": 0, "ssm.conv_kernel": 4, "ssm.inner_size": 1536}
        | {"ssm.state_size": 16, "ssm.time_step_rank": 48},
        0,
        state_bytes=24 * (3 * 1536 + 1536 * 16) * 4,
    ),
    "rwkv7": Family(
        common(12, 768, 0, 0) | {"wkv.head_size": 64, "token_shift_count": 2},
        0,
        state_bytes=12 * 768 * (2 + 64) * 4,
        reals=LAYER_NORM,
    ),
    "jamba": Family(
        common(8, 4096, 32, MIXED)
        | {"ssm.conv_kernel": 4, "ssm.inner_size": 8192, "ssm.state_size": 16},
        2 * 8 * 256,
        state_bytes=6 * (3 * 8192 + 8192 * 16) * 4,
    ),
    "lfm2": Family(
        common(8, 1024, 16, MIXED, shortconv__l_cache=3), 2 * 8 * 128, state_bytes=6 * 1024 * 2 * 4
    ),
    "nemotron_h": Family(
        common(8, 4480, 40, MIXED, attention__key_length=128, attention__value_length=128)
        | {"feed_forward_length": [0, 15680, 0, 15680, 0, 0, 15680, 0]},
        2 * 8 * 256,
    ),
    "qwen3next": Family(
        common(48, 2048, 16, 2, attention__key_length=256, attention__value_length=256)
        | {"ssm.conv_kernel": 4, "ssm.inner_size": 4096, "ssm.state_size": 128}
        | {"ssm.group_count": 16},
        12 * 2 * 512,
        state_bytes=36 * (3 * (4096 + 2 * 16 * 128) + 4096 * 128) * 4,
    ),
    "bert": Family(
        common(12, 768, 12, 12, pooling_type=1),
        12 * 1536,
        kind=ModelKind.EMBEDDER,
        reals=LAYER_NORM,
    ),
    "gemma-embedding": Family(
        common(24, 768, 3, 1, attention__key_length=256, attention__value_length=256)
        | {"attention.sliding_window": 512, "pooling_type": 1},
        4 * 512,
        20 * 512,
        kind=ModelKind.EMBEDDER,
    ),
    "qwen3-reranker": Family(
        common(28, 1024, 16, 8, pooling_type=4), 28 * 8 * 128, kind=ModelKind.RERANKER
    ),
}


def header(name: str, family: Family) -> Draft:
    draft = Draft([], [Part(b"token_embd.weight", (32, len(tokens())))])
    draft.set("general.architecture", TEXT, name).set("general.file_type", U32, 1)
    for key, value in family.numbers.items():
        if isinstance(value, list):
            # Some programs write these signed.
            draft.set(f"{name}.{key}", LIST, value, I32)
        else:
            draft.set(f"{name}.{key}", U32, value)
    for key, real in family.reals.items():
        draft.set(f"{name}.{key}", F32, real)
    draft.set(f"{name}.attention.causal", BOOL, family.kind is not ModelKind.EMBEDDER)
    draft.set("tokenizer.ggml.model", TEXT, "gpt2").set("tokenizer.ggml.pre", TEXT, "default")
    draft.set("tokenizer.ggml.tokens", LIST, tokens()).set("tokenizer.ggml.merges", LIST, ["a b"])
    return draft.set("tokenizer.ggml.padding_token_id", U32, 2**32 - 1)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_s_header_passes_and_its_layers_are_counted(name: str, tmp_path: Path) -> None:
    family = FAMILIES[name]
    found, kind = check_file(header(name, family).save(tmp_path / "model.gguf"))
    shape = shape_of(found)
    assert kind is family.kind
    assert shape.layers == family.numbers["block_count"]
    assert shape.embedding_length == family.numbers["embedding_length"]
    assert (shape.kv_values, shape.window_kv_values) == (family.kv_values, family.window_kv_values)
    assert shape.state_bytes == family.state_bytes
    assert bool(shape.window_layers) == bool(family.window_kv_values)


def test_a_window_stated_for_each_layer_is_taken_as_stated(tmp_path: Path) -> None:
    family = Family(common(6, 1024, 8, 2, attention__sliding_window=1024), 0)
    draft = header("gemma4", family)
    pattern = [True, True, True, True, True, False]
    draft.set("gemma4.attention.sliding_window_pattern", LIST, pattern, BOOL)
    found, _ = check_file(draft.save(tmp_path / "model.gguf"))
    shape = shape_of(found)
    assert (shape.window_tokens, shape.window_layers) == (1024, 5)
    assert shape.window_kv_values == 5 * shape.kv_values


def test_the_weights_of_layers_input_and_output_are_told_apart(tmp_path: Path) -> None:
    from tests.support.gguf_builder import tiny_model

    draft = tiny_model()
    tied = shape_of(check_file(draft.save(tmp_path / "tied.gguf"))[0])
    draft.parts.append(Part(b"output.weight", draft.part("token_embd.weight").shape))
    own = shape_of(check_file(draft.save(tmp_path / "own.gguf"))[0])
    rows = 64 * len(tokens()) * 4
    assert tied.input_bytes == own.input_bytes == rows
    assert tied.output_bytes == own.output_bytes == rows + 64 * 4
    assert own.weights_bytes == tied.weights_bytes + rows
    assert 2 * tied.layer_bytes == tied.weights_bytes - rows - 64 * 4
    assert ModelShape() != tied
