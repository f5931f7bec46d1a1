"""The child's side of a trial: look at one model, load it, and let it do a little of its work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings, SamplerSettings
from desktop.domain.model_errors import ModelTrialFailed
from desktop.domain.models import EmbedderPlace, ModelEntry, ModelKind
from desktop.processes.serving import serve
from desktop.processes.wire import Message

_TOKENS = 8
_CONTEXT_TOKENS = 512
_TEXTS = ("The rent is due on the first day of the month.", "Bread rises in an hour.")
_ASKED = "When is the rent due?"
_MOST_ALIKE = 0.9999
_TO_COUNT = "Count from one to twenty."


def main(argv: Sequence[str]) -> None:
    """Answer requests about one file or folder."""
    assert not argv, "a trial takes its file by request"
    serve({"look": _look, "chat": _chat, "embed": _embed, "rerank": _rerank})


def _look(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    from desktop.inference.model_look import look_at_model

    look_at_model(Path(arguments["path"]), ModelKind(arguments["kind"]))
    return Message({})


def _chat(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    from desktop.inference.chat_model import ChatMessage, StreamEnd
    from desktop.inference.devices import backend_name
    from desktop.inference.first_numbers import check_numbers
    from desktop.inference.llama_chat_model import LlamaChatModel
    from desktop.inference.llama_engine import LoadRequest, open_engine
    from desktop.inference.model_look import engine_name

    path = str(arguments["path"])
    entry = _entry(path, int(arguments["size_bytes"]))
    adapters = [(str(one), 1.0) for one in arguments["adapters"]]
    settings = EngineSettings(context_tokens=_CONTEXT_TOKENS)
    engine = open_engine(entry, LoadRequest(settings, adapters=adapters))
    check_numbers(engine, path)
    template = engine.entry.chat_template
    model = LlamaChatModel(entry, engine, backend_name(engine.plan), template, adapters)
    sampler = SamplerSettings(temperature=0.0, max_tokens=_TOKENS)
    asked = model.chat_prompt([ChatMessage("user", _TO_COUNT)])
    *_before, end = model.stream(asked, sampler, CancelToken())
    model.close()
    if not isinstance(end, StreamEnd) or end.completion_tokens == 0:
        raise ModelTrialFailed(path, "it answers nothing to a plain question")
    return Message({"tokens_per_second": end.tokens_per_second, "engine": engine_name()})


def _embed(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    from desktop.inference.embedder_loading import load_embedder

    path = str(arguments["path"])
    embedder = load_embedder(EmbedderPlace(path, str(arguments["precision"])))
    vectors = embedder.embed(_TEXTS)
    # Two unlike texts have unlike vectors of length one, or the model is not what it says.
    near = float(vectors[0] @ vectors[1])
    if not embedder.dimensions or not near < _MOST_ALIKE:
        raise ModelTrialFailed(path, "it gives unlike texts the same vector")
    return Message({"dimensions": embedder.dimensions, "engine": _library_of(path)})


def _rerank(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    from desktop.inference.reranker import load_reranker

    path = str(arguments["path"])
    scores = load_reranker(Path(path)).scores(_ASKED, _TEXTS)
    # Not a number is unlike everything, itself too.
    if not all(-1e9 < score < 1e9 for score in scores) or scores[0] == scores[1]:
        raise ModelTrialFailed(path, "it gives unlike passages the same score")
    return Message({"engine": _library_of(path)})


def _library_of(path: str) -> str:
    if Path(path).is_file():
        from desktop.inference.model_look import engine_name

        return engine_name()
    from importlib.metadata import version

    return f"sentence-transformers {version('sentence-transformers')}"


def _entry(path: str, size_bytes: int) -> ModelEntry:
    return ModelEntry(
        id="trial",
        name=Path(path).name,
        path=path,
        size_bytes=size_bytes,
    )
