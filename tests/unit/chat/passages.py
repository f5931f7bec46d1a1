"""Retrieved chunks for tests, as retrieval hands them over."""

from __future__ import annotations

from desktop.domain.documents import Chunk
from desktop.domain.retrieval import RetrievedChunk


def passage(
    text: str, number: int = 1, title: str = "Lease", start: int = 0, similarity: float = 0.6
) -> RetrievedChunk:
    chunk = Chunk(number, number, 0, 1, start, start + len(text), text, ())
    return RetrievedChunk(
        chunk, number, "ab" * 32, f"{title}-{number}.pdf", title, 1, (), 1.0, similarity
    )
