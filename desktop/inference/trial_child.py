"""The child's side of a trial: load one model file, generate eight tokens, say how fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import ModelTrialFailed
from desktop.domain.models import EngineSettings, ModelEntry, ModelStatus, SamplerSettings
from desktop.inference.chat_model import ChatMessage, StreamEnd
from desktop.inference.llama_chat_model import LlamaChatModel
from desktop.processes.serving import serve
from desktop.processes.wire import Message

_TOKENS = 8
_QUESTION = ChatMessage("user", "Count from one to twenty.")


def main(argv: Sequence[str]) -> None:
    """Answer one request to try a file."""
    assert not argv, "a trial takes its file by request"
    serve({"try": _try})


def _try(arguments: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    path = str(arguments["path"])
    model = LlamaChatModel.load(_entry(path, int(arguments["size_bytes"])), EngineSettings(512))
    sampler = SamplerSettings(temperature=0.0, max_tokens=_TOKENS)
    *_before, end = model.stream(model.chat_prompt([_QUESTION]), sampler, CancelToken())
    model.close()
    if not isinstance(end, StreamEnd) or end.completion_tokens == 0:
        raise ModelTrialFailed(path, "it answers nothing to a plain question")
    return Message({"tokens_per_second": end.tokens_per_second})


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
