"""Tiny models that remember otherwise: one through a window, one in a state."""

from __future__ import annotations

from tests.support.gguf_builder import F32, U32, Draft, Part, tiny_model

WINDOW_TOKENS = 32
_WIDTH, _INNER, _STATE, _RANK, _CONVOLUTION = 64, 128, 16, 4, 4


def windowed_model() -> Draft:
    """Every other layer looks back at 32 tokens alone, as the Gemma family does."""
    draft = tiny_model("gemma2")
    for layer in range(2):
        for name in ("post_attention_norm", "post_ffw_norm"):
            draft.parts.append(Part(f"blk.{layer}.{name}.weight".encode(), (_WIDTH,)))
    draft.parts = [part for part in draft.parts if part.name != b"output.weight"]
    return draft.set("gemma2.attention.sliding_window", U32, WINDOW_TOKENS)


def recurrent_model() -> Draft:
    """All layers keep one state and no token, as the Mamba family does."""
    draft = tiny_model("mamba")
    shapes: dict[str, tuple[int, ...]] = {
        "attn_norm.weight": (_WIDTH,),
        "ssm_in.weight": (_WIDTH, 2 * _INNER),
        "ssm_conv1d.weight": (_CONVOLUTION, _INNER),
        "ssm_conv1d.bias": (_INNER,),
        "ssm_x.weight": (_INNER, _RANK + 2 * _STATE),
        "ssm_dt.weight": (_RANK, _INNER),
        "ssm_dt.bias": (_INNER,),
        "ssm_a": (_STATE, _INNER),
        "ssm_d": (_INNER,),
        "ssm_out.weight": (_INNER, _WIDTH),
    }
    draft.parts = [part for part in draft.parts if not part.name.startswith(b"blk.")]
    for layer in range(2):
        for name, shape in shapes.items():
            draft.parts.append(Part(f"blk.{layer}.{name}".encode(), shape))
    numbers = {
        "conv_kernel": _CONVOLUTION,
        "inner_size": _INNER,
        "state_size": _STATE,
        "time_step_rank": _RANK,
    }
    for key, value in numbers.items():
        draft.set(f"mamba.ssm.{key}", U32, value)
    return draft.set("mamba.attention.layer_norm_rms_epsilon", F32, 1e-5)
