"""What llama.cpp complains of while it loads a model, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from desktop.domain.model_errors import ModelDamaged, ModelError, ModelNeedsNewerEngine

_TELLING = ("error loading model", "failed to apply lora adapter")
_UNKNOWN = (
    (re.compile(r"unknown model architecture: '(.*?)'"), "the architecture {}"),
    (re.compile(r"unknown pre-tokenizer type: '(.*?)'"), "the way of cutting words {}"),
    (re.compile(r"unknown tokenizer: '(.*?)'"), "the tokenizer {}"),
    (re.compile(r"invalid ggml type (\d+)"), "the form of numbers {}"),
)
_Words = Callable[[re.Match[str]], str]
_REASONS: tuple[tuple[re.Pattern[str], _Words], ...] = (
    (
        re.compile(r"tensor '(.*?)' not found"),
        lambda found: f"its tensor {found[1]} is missing",
    ),
    (
        re.compile(r"tensor '(.*?)' has wrong shape; expected ([\d, ]+?), got ([\d, ]+)"),
        lambda found: (
            f"its tensor {found[1]} is of size {_sizes(found[3])} and should be "
            f"{_sizes(found[2])}, as the rest of the file says"
        ),
    ),
    (
        re.compile(r"wrong number of tensors; expected (\d+), got (\d+)"),
        lambda found: f"it holds {found[1]} tensors, and {found[2]} of them have a use",
    ),
    (
        re.compile(r"key not found in model: (\S+)"),
        lambda found: f"it does not state {found[1]}",
    ),
    (
        re.compile(r"key (\S+) has wrong (type|array length)"),
        lambda found: f"what it states for {found[1]} is of a form that cannot be",
    ),
    (
        re.compile(r"invalid n_rot: (\d+), expected (\d+)"),
        lambda found: f"its rope dimension count is {found[1]} and should be {found[2]}",
    ),
    (
        re.compile(r"cannot find tokenizer merges"),
        lambda _: "its vocabulary does not say how words are put together",
    ),
)
_MOST_CHARACTERS = 200


def refusal_of(path: str, complaints: Sequence[str]) -> ModelError:
    """The error that the complaints amount to, which are as `LlamaLibrary` keeps them."""
    told = _telling(complaints)
    for pattern, words in _UNKNOWN:
        if found := pattern.search(told):
            return ModelNeedsNewerEngine(path, words.format(repr(found[1][:60])))
    for pattern, reason in _REASONS:
        if found := pattern.search(told):
            return ModelDamaged(path, reason(found)[:_MOST_CHARACTERS])
    told = told.rpartition("error loading model: ")[2] or "no reason given"
    return ModelDamaged(path, f"llama.cpp does not load it ({told[:_MOST_CHARACTERS]})")


def _telling(complaints: Sequence[str]) -> str:
    for line in reversed(complaints):
        if any(words in line for words in _TELLING):
            return line
    return complaints[-1] if complaints else ""


def _sizes(numbers: str) -> str:
    sides = [part.strip() for part in numbers.split(",") if part.strip()]
    while len(sides) > 1 and sides[-1] == "1":
        sides.pop()
    return " x ".join(sides)
