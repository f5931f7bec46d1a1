"""The child's side of Chroma: one generation at a time, and the folder let go of on request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop.processes.serving import Handler
from desktop.processes.wire import Message

if TYPE_CHECKING:
    from desktop.storage.chroma_index import ChromaIndex

Arguments = dict[str, Any]
Blobs = tuple[bytes, ...]


class VectorsPart:
    """Chroma in the folder of one generation at a time.

    Nothing is caught here: whatever Chroma raises ends this process, and the parent answers
    without it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._generation = 0
        self._index: ChromaIndex | None = None

    def requests(self) -> Mapping[str, Handler]:
        """What may be asked, by name."""
        return {
            "add": self._add,
            "query": self._query,
            "remove": self._remove,
            "count": self._count,
            "close": self._close,
        }

    def _add(self, arguments: Arguments, blobs: Blobs) -> Message:
        ids = np.frombuffer(blobs[0], np.int64)
        vectors = np.frombuffer(blobs[1], np.float32).reshape(len(ids), -1)
        self._open(arguments).add(arguments["collection_id"], ids.tolist(), vectors)
        return Message({})

    def _query(self, arguments: Arguments, blobs: Blobs) -> Message:
        vectors = np.frombuffer(blobs[0], np.float32).reshape(arguments["questions"], -1)
        index = self._open(arguments)
        found = [
            index.query(arguments["collection_id"], vector, arguments["k"]) for vector in vectors
        ]
        return Message({"found": found})

    def _remove(self, arguments: Arguments, _: Blobs) -> Message:
        self._open(arguments).remove(arguments["collection_id"], arguments["ids"])
        return Message({})

    def _count(self, arguments: Arguments, _: Blobs) -> Message:
        return Message({"count": self._open(arguments).count(arguments["collection_id"])})

    def _close(self, _: Arguments, __: Blobs) -> Message:
        if self._index is not None:
            self._index.close()
            self._index = None
        return Message({})

    def _open(self, arguments: Arguments) -> ChromaIndex:
        generation: int = arguments["generation"]
        if self._index is None or generation != self._generation:
            from desktop.storage.chroma_index import ChromaIndex

            self._index = ChromaIndex.open(self._folder / f"gen-{generation}")
            self._generation = generation
        return self._index
