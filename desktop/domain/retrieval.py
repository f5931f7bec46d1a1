"""A question in, ranked passages out, and how they were found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.documents import Box, Chunk, PageUnit


class SearchMode(StrEnum):
    """Which searches take part."""

    HYBRID = "hybrid"
    KEYWORD = "keyword"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Which documents and passages count; what is empty shuts nothing out.

    Of several values of one kind any is enough; of several kinds all must hold. Texts are parts
    of names, small and capital letters alike. `kinds` are values of `DocumentKind` or endings of
    files. `after` and `before` are the first and the last day that count, as ISO 8601 (a year or
    a month stands for all of it), compared with the date that the document gives itself, else
    with the file's.
    """

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    after: str = ""
    before: str = ""

    @property
    def any(self) -> bool:
        return self != NO_FILTERS


NO_FILTERS = SearchFilters()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One chunk on its way to the result; ranks count from 1, None where a search missed it.

    `keyword_score` is BM25 with higher better, `vector_score` cosine similarity, `final_score`
    the fused score.
    """

    chunk_id: int
    path: str
    page: int | None
    keyword_rank: int | None
    keyword_score: float | None
    vector_rank: int | None
    vector_score: float | None
    final_rank: int
    final_score: float


@dataclass(frozen=True, slots=True)
class RetrievedChunk:
    """A chunk with its place, its document and its score.

    `page` is the number of the page or slide, None in other `unit`s; `boxes` are the printed
    lines it covers.
    `similarity` is the cosine of question and chunk, None in keyword mode.
    """

    chunk: Chunk
    document_id: int
    document_sha256: str
    path: str
    title: str
    page: int | None
    boxes: tuple[Box, ...]
    score: float
    similarity: float | None = None
    unit: PageUnit = PageUnit.PAGE


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked chunks, best first, with every candidate that was weighed.

    `understood` says in short lines what was read into the question: filters, other words for
    the same, a document that it names. `filters` are those that held.
    """

    query: str
    mode: SearchMode
    hits: tuple[RetrievedChunk, ...]
    candidates: tuple[Candidate, ...]
    seconds: float
    understood: tuple[str, ...] = ()
    filters: SearchFilters = NO_FILTERS


@dataclass(frozen=True, slots=True)
class IndexBuilding:
    """How far the building of a vector index is; searches go on meanwhile."""

    vectors_done: int
    vectors_total: int
