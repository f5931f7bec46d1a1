"""Models that remember otherwise: windows and states are reused where that is right, else read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from desktop.domain.answers import AnswerPiece
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings, SamplerSettings
from desktop.inference.chat_model import Prompt, PromptPart, StreamEnd
from desktop.inference.included_models import included_chat_model
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.inference.lookup_measure import lookup_ratio
from desktop.inference.token_cache import Decoded, TokenCache
from desktop.inference.token_sampler import TokenSampler
from tests.support.gguf_builder import Draft, tiny_model
from tests.support.odd_models import WINDOW_TOKENS, recurrent_model, windowed_model

pytestmark = pytest.mark.journey

GREEDY = SamplerSettings(temperature=0.0, repeat_penalty=1.0, max_tokens=12)
TEXT = "the rent of a flat and the key of it " * 6


@contextmanager
def loaded(draft: Draft, folder: Path) -> Iterator[LlamaChatModel]:
    path = draft.save(folder / "tiny.gguf")
    entry = replace(
        included_chat_model(), id="tiny", path=str(path), size_bytes=path.stat().st_size, sha256=""
    )
    model = LlamaChatModel.load(entry, EngineSettings(context_tokens=512))
    try:
        yield model
    finally:
        model.close()


def said(model: LlamaChatModel, text: str, lookup: bool = False) -> tuple[str, StreamEnd]:
    prompt = Prompt((PromptPart(text, False),))
    *events, end = model.stream(prompt, GREEDY, CancelToken(), lookup)
    assert isinstance(end, StreamEnd)
    return "".join(event.text for event in events if isinstance(event, AnswerPiece)), end


@pytest.mark.parametrize("make", [tiny_model, windowed_model, recurrent_model])
def test_what_was_read_is_read_on_from_and_nothing_else_changes(
    make: Callable[[], Draft], tmp_path: Path
) -> None:
    with loaded(make(), tmp_path) as model:
        first, _ = said(model, TEXT)
        longer = TEXT + "and of the house"
        reused, end = said(model, longer)
        other, _ = said(model, "another text")
        model._cache.forget()
        fresh, fresh_end = said(model, longer)
        assert reused == fresh
        assert fresh_end.cached_tokens == 0
        # A state has moved on with the answer; everything else goes back to where texts part.
        assert (end.cached_tokens > 0) == (make is not recurrent_model)
        model._cache.forget()
        assert said(model, TEXT)[0] == first
        assert said(model, "another text")[0] == other


def test_a_state_is_read_on_from_where_nothing_has_to_be_taken_back(tmp_path: Path) -> None:
    with loaded(recurrent_model(), tmp_path) as model:
        tokens = model.prefix.tokens_of(Prompt((PromptPart(TEXT, False),)))
        cache, cancel = model._cache, CancelToken()
        assert cache.decode(tokens[:-5], cancel) is Decoded.DONE
        assert cache.keep_prefix_of(tokens) == len(tokens) - 5
        assert cache.keep_prefix_of(tokens[:20]) == 0


@pytest.mark.parametrize("make", [windowed_model, recurrent_model])
def test_drafts_are_never_read_where_they_could_not_be_taken_back(
    make: Callable[[], Draft], tmp_path: Path
) -> None:
    with loaded(make(), tmp_path) as model:
        plain, _ = said(model, TEXT)
        drafted, end = said(model, TEXT, lookup=True)
        assert drafted == plain
        assert model._cache.takes_back == (make is windowed_model)
        if make is recurrent_model:
            assert end.drafted_tokens == 0
            engine = model._engine
            ratio = lookup_ratio(engine.functions, engine.model, engine.context, CancelToken())
            assert ratio == 0.0


def test_a_window_that_has_moved_on_is_read_again(tmp_path: Path) -> None:
    with loaded(windowed_model(), tmp_path) as model, narrow_cache(model) as cache:
        tokens = [3 + at % 200 for at in range(480)]
        cancel = CancelToken()
        for start in range(0, len(tokens), 16):
            assert cache.decode(tokens[start : start + 16], cancel) is Decoded.DONE
        assert not cache.takes_back
        cache.keep_first(470)
        assert len(cache) == 470
        expected = _next(model, cache, tokens[470], cancel)
        cache.keep_first(WINDOW_TOKENS + 10)
        assert len(cache) == 0
        for start in range(0, 470, 16):
            cache.decode(tokens[start : min(start + 16, 470)], cancel)
        assert _next(model, cache, tokens[470], cancel) == expected


@contextmanager
def narrow_cache(model: LlamaChatModel) -> Iterator[TokenCache]:
    """A context that keeps no more of a window than it needs, as where memory is short."""
    functions = model._engine.functions
    options = functions.llama_context_default_params()
    options.n_ctx, options.n_batch, options.n_ubatch, options.swa_full = 512, 16, 16, False
    context = functions.llama_init_from_model(model._engine.model, options)
    try:
        yield TokenCache(functions, context)
    finally:
        functions.llama_free(context)


def _next(model: LlamaChatModel, cache: TokenCache, token: int, cancel: CancelToken) -> int:
    cache.decode((token,), cancel)
    with TokenSampler(model._engine.functions, model._vocabulary.size, GREEDY) as sampler:
        return sampler.draw(cache.context)


SCHEMAS: list[dict[str, Any]] = [
    {},
    {"type": "number", "exclusiveMinimum": 0, "maximum": 10},
    {"type": "string", "format": "date-time"},
    {"enum": ["a", "ab", 'é"\\\n', "日本語", 1, None, True, [1, {"a": 2}]]},
    {"type": "array", "items": {"type": ["string", "null"], "maxLength": 3}, "maxItems": 3},
    {
        "type": "object",
        "properties": {
            "é": {"type": "integer", "minimum": -15, "maximum": 237},
            "b": {"type": "array", "prefixItems": [{"type": "boolean"}, {"const": "x"}]},
            "c": {"type": "object", "additionalProperties": {"type": "null"}},
        },
        "required": ["é"],
    },
    {"oneOf": [{"type": "string", "minLength": 2, "maxLength": 4}, {"type": "boolean"}]},
]


def test_a_model_that_writes_nonsense_writes_valid_json_under_a_schema(tmp_path: Path) -> None:
    whole = 0
    with loaded(tiny_model(), tmp_path) as model:
        for seed in range(20):
            for schema in SCHEMAS:
                drawn = SamplerSettings(
                    temperature=5.0, top_k=0, top_p=1.0, min_p=0.0, seed=seed, max_tokens=200
                )
                drawn = replace(drawn, json_schema=json.dumps(schema))
                prompt = Prompt((PromptPart("the rent", False),))
                *events, end = model.stream(prompt, drawn, CancelToken())
                assert isinstance(end, StreamEnd)
                if end.reason == "end":
                    pieces = (one.text for one in events if isinstance(one, AnswerPiece))
                    jsonschema.validate(json.loads("".join(pieces)), schema)
                    whole += 1
    assert whole > 100
