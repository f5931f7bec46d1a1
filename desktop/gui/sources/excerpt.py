"""A passage cut to what a card has room for, around the words that support a statement."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.domain.answers import Answer, Citation
from desktop.domain.retrieval import RetrievedChunk

_BEFORE = 50
_LENGTH = 130


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Text with the marked span [start, end); an empty span marks nothing."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """What one card shows; `marker` is 0 for a passage that was read and not cited."""

    marker: int
    path: str
    heading_path: tuple[str, ...]
    excerpt: Excerpt
    citation: Citation


def cited_sources(answer: Answer) -> list[Source]:
    """One source per citation, in the order of the markers."""
    chunks = {passage.chunk.id: passage for passage in answer.passages}
    ordered = sorted(answer.citations, key=lambda citation: citation.marker)
    return [_cited(citation, chunks.get(citation.chunk_id)) for citation in ordered]


def read_sources(passages: tuple[RetrievedChunk, ...], cited: set[int]) -> list[Source]:
    """The passages that no citation names."""
    return [_read(passage) for passage in passages if passage.chunk.id not in cited]


def excerpt(text: str, start: int, end: int) -> Excerpt:
    """Cut `text` around its span [start, end), between words."""
    start = max(0, min(start, len(text)))
    end = max(start, min(end, len(text)))
    first = 0
    if start > _BEFORE and end > _LENGTH:
        first = text.rfind(" ", 0, start - _BEFORE // 2) + 1
    last = len(text)
    if last - first > _LENGTH:
        wanted = max(first + _LENGTH, end)
        space = text.find(" ", wanted)
        last = space if space >= 0 else len(text)
    head = "…" if first else ""
    tail = "…" if last < len(text) else ""
    shown = head + _one_line(text[first:last]) + tail
    shift = len(head) - first
    return Excerpt(shown, start + shift, min(end, last) + shift)


def _one_line(text: str) -> str:
    # One for one, so that spans still fit.
    return "".join(" " if each.isspace() else each for each in text)


def _cited(citation: Citation, passage: RetrievedChunk | None) -> Source:
    if passage is None:
        cut = Excerpt(_one_line(citation.quote), 0, len(citation.quote))
    else:
        shift = passage.chunk.start
        cut = excerpt(passage.chunk.text, citation.start - shift, citation.end - shift)
    return Source(citation.marker, citation.path, citation.heading_path, cut, citation)


def _read(passage: RetrievedChunk) -> Source:
    chunk = passage.chunk
    # The whole passage takes a citation's place, so that its page can be shown like any other.
    citation = Citation(
        marker=0,
        document_id=passage.document_id,
        document_sha256=passage.document_sha256,
        path=passage.path,
        title=passage.title,
        chunk_id=chunk.id,
        page_number=chunk.page_number,
        page=passage.page,
        heading_path=chunk.heading_path,
        start=chunk.start,
        end=chunk.end,
        quote=chunk.text,
        boxes=passage.boxes,
        unit=passage.unit,
    )
    cut = excerpt(chunk.text, 0, 0)
    return Source(0, passage.path, chunk.heading_path, cut, citation)
