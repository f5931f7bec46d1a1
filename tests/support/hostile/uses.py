"""Whole files of another use, and adapters that are none."""

from __future__ import annotations

import math
from collections.abc import Callable

from desktop.domain.model_errors import ModelDamaged, ModelUseUnknown
from tests.support.gguf_builder import F32, TEXT, Draft, Part, adapter
from tests.support.hostile.making import Hostile, Named, changed, made_of


def hostile_uses() -> Named:
    def used(change: Callable[[Draft], object], words: str) -> Hostile:
        return Hostile(changed(change, "").make, ModelUseUnknown, words)

    yield "a projector", used(lambda draft: draft.set("general.type", TEXT, "mmproj"), "projector")
    yield (
        "an older projector",
        used(
            lambda draft: draft.without("general.type").set("general.architecture", TEXT, "clip"),
            "projector",
        ),
    )
    yield (
        "a table of measurements",
        used(lambda draft: draft.set("general.type", TEXT, "imatrix"), "making models smaller"),
    )
    yield (
        "a vocabulary alone",
        used(lambda draft: setattr(draft, "parts", []), "vocabulary without a model"),
    )
    yield (
        "a control vector",
        used(
            lambda draft: draft.set("general.architecture", TEXT, "controlvector"), "control vector"
        ),
    )
    for name, change, words in (
        ("an adapter without pairs", lambda draft: draft.parts.clear(), "changes nothing"),
        ("half a pair", lambda draft: draft.parts.pop(), "one half of its pair"),
        ("a foreign tensor in an adapter", _with_foreign_tensor, "no part of an adapter"),
        ("halves that do not fit", _with_wide_half, "do not fit each other"),
        ("a vector for a half", _with_vector_half, "no pair of matrices"),
        ("an alpha that is no number", _with_alpha(math.nan), "alpha is nan"),
        ("an alpha without end", _with_alpha(math.inf), "alpha is inf"),
        ("another kind of adapter", _with_kind, "adapter of another kind"),
    ):
        yield name, Hostile(made_of(_adapter_bytes(change)), ModelDamaged, words)


def _adapter_bytes(change: Callable[[Draft], object]) -> Callable[[], bytes]:
    def data() -> bytes:
        draft = adapter()
        change(draft)
        return draft.written()

    return data


def _with_foreign_tensor(draft: Draft) -> None:
    draft.parts.append(Part(b"blk.0.attn_q.weight", (64, 64)))


def _with_wide_half(draft: Draft) -> None:
    draft.parts[1].shape = (8, 64)


def _with_vector_half(draft: Draft) -> None:
    draft.parts[1].shape = (64,)


def _with_alpha(alpha: float) -> Callable[[Draft], object]:
    return lambda draft: draft.set("adapter.lora.alpha", F32, alpha)


def _with_kind(draft: Draft) -> None:
    draft.set("adapter.type", TEXT, "prompt")
