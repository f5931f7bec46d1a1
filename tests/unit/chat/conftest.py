"""Answer parts over real storage and retrieval, with a scripted model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.chat.answering import AnswerParts
from desktop.domain.answers import AnswerMode
from desktop.domain.settings import AnswerSettings
from desktop.inference.chat_model import ChatModel
from desktop.retrieval.retriever import Retriever
from tests.support.fake_embedder import MemoryIndex
from tests.unit.retrieval.library import fill, open_store

PartsFor = Callable[..., AnswerParts]


@pytest.fixture
def parts_for(tmp_path: Path) -> Iterator[PartsFor]:
    """Answer parts over a real database of four short documents."""
    with open_store(tmp_path) as store:
        index = MemoryIndex()
        collection_id = fill(store, index)

        def build(model: ChatModel, mode: AnswerMode = AnswerMode.DOCUMENTS) -> AnswerParts:
            return AnswerParts(
                retriever=Retriever(store, index),
                collection_id=collection_id,
                model=model,
                embed=index.embed,
                lines_of=lambda document_id, number: store.page(document_id, number).lines,
                settings=AnswerSettings(),
                mode=mode,
            )

        yield build
