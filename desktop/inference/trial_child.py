"""The child's side of a trial: load one model file, generate eight tokens, say how fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EngineSettings, SamplerSettings
from desktop.domain.errors import ModelTrialFailed
from desktop.domain.models import EmbedderPlace, ModelEntry, ModelStatus
from desktop.inference.chat_model import ChatMessage, StreamEnd
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.processes.serving import serve
from desktop.processes.wire import Message

_TOKENS = 8
_TEXTS = ("The rent is due on the first day of the month.", "Bread rises in an hour.")
_MOST_ALIKE = 0.9999
_QUESTION = ChatMessage("user", "Count from one to twenty.")


def main(argv: Sequence[str]) -> None:
    """Answer one request to try a file or a folder."""
    assert not argv, "a trial takes its file by request"
    serve({"try": _try, "embed": _embed})


def _try(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    path = str(arguments["path"])
    model = LlamaChatModel.load(_entry(path, int(arguments["size_bytes"])), EngineSettings(512))
    sampler = SamplerSettings(temperature=0.0, max_tokens=_TOKENS)
    *_before, end = model.stream(model.chat_prompt([_QUESTION]), sampler, CancelToken())
    model.close()
    if not isinstance(end, StreamEnd) or end.completion_tokens == 0:
        raise ModelTrialFailed(path, "it answers nothing to a plain question")
    return Message({"tokens_per_second": end.tokens_per_second})


def _embed(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    from desktop.inference.embedder_loading import load_embedder

    path = str(arguments["path"])
    embedder = load_embedder(EmbedderPlace(path, str(arguments["precision"])))
    vectors = embedder.embed(_TEXTS)
    # Two unlike texts have unlike vectors of length one, or the model is not what it says.
    near = float(vectors[0] @ vectors[1])
    if not embedder.dimensions or not near < _MOST_ALIKE:
        raise ModelTrialFailed(path, "it gives unlike texts the same vector")
    return Message({"dimensions": embedder.dimensions})


def _entry(path: str, size_bytes: int) -> ModelEntry:
    return ModelEntry(
        id="trial",
        name=path,
        path=path,
        sha256="",
        size_bytes=size_bytes,
        architecture="",
        parameters=0,
        quantization="",
        context_tokens=0,
        licence="",
        origin="",
        included=False,
        imported_at=0.0,
        imported_by="",
        status=ModelStatus.READY,
    )
