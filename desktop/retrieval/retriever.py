"""A question in, ranked passages out: words and meaning searched together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Box, Chunk, Document, PageUnit
from desktop.domain.errors import WorkerError
from desktop.domain.model_errors import ModelError
from desktop.domain.retrieval import (
    NO_FILTERS,
    Candidate,
    RetrievedChunk,
    SearchFilters,
    SearchMode,
    SearchResult,
)
from desktop.retrieval.fusion import Fused
from desktop.retrieval.index import Index
from desktop.retrieval.joining import Shown, shown_passages
from desktop.retrieval.naming import Naming
from desktop.retrieval.operators import both
from desktop.retrieval.query import Query, parse_query
from desktop.retrieval.reranking import Reranking, reranked
from desktop.retrieval.scope import Scope, chosen, joined_ranges, under_headings
from desktop.retrieval.searching import Search, Searching
from desktop.retrieval.understanding import understood
from desktop.storage.document_store import DocumentStore

# How deep each search looks; fusion can lift what both found far down.
_DEPTH = 100
_NAMED_DOCUMENTS = 20
# Of what is shown, where the question names no file or several.
_MOST_OF_ONE_FILE = 0.7
_FEW = 3


class Retriever:
    """Searches one database; each lane has its own, over the lane's own connection."""

    def __init__(
        self,
        documents: DocumentStore,
        index: Index,
        reranker: Callable[[], Reranking | None] = lambda: None,
    ) -> None:
        """`reranker` gives the one that is chosen now, None where none is."""
        self._documents = documents
        self._reranker = reranker
        self._searching = Searching(documents, index)

    def retrieve(
        self,
        collection_id: int,
        query: str,
        top_k: int,
        mode: SearchMode = SearchMode.HYBRID,
        cancel: CancelToken | None = None,
        filters: SearchFilters = NO_FILTERS,
    ) -> SearchResult:
        """Return the `top_k` best passages with every candidate.

        `filters` hold together with those typed in the question. Raises `EmptyQuestion`,
        `UnknownCollection`, and `Cancelled` while the embedder loads.
        """
        started = time.perf_counter()
        self._documents.check_searched(collection_id)
        asked = parse_query(query, self._documents.word_search.languages(collection_id))
        asked = replace(asked, filters=both(filters, asked.filters))
        search = self._search(collection_id, asked, max(_DEPTH, top_k))
        fused = self._searching.fused(search, mode, cancel)
        chunks = self._documents.chunks([item.chunk_id for item in fused])
        owners = self._owners(collection_id, chunks)
        headings = asked.filters.headings
        # A chunk may have gone between the search and here; the index may name one that has.
        fused = [
            item
            for item in fused
            if item.chunk_id in chunks
            and chunks[item.chunk_id].document_id in owners
            and under_headings(chunks[item.chunk_id], headings)
        ]
        fused, failed = self._reranked(asked, mode, fused, chunks)
        # A question about one file is answered by that file; others are not crowded out by one.
        about_one = search.scope is not None or len(search.naming.best) <= 1
        most = None if about_one else max(_FEW, round(_MOST_OF_ONE_FILE * top_k))
        passages = shown_passages(fused, chunks, owners, top_k, most)
        named = self._documents.documents_by_id(search.naming.best)
        return SearchResult(
            query=query,
            mode=mode,
            hits=tuple(self._hit(one, owners[one.chunk.document_id]) for one in passages),
            candidates=_candidates(fused, chunks, owners),
            seconds=time.perf_counter() - started,
            understood=(*understood(asked, [one.title for one in named.values()]), *failed),
            filters=asked.filters,
        )

    def _owners(self, collection_id: int, chunks: Mapping[int, Chunk]) -> dict[int, Document]:
        """The documents of these chunks that are in sight.

        A large one that is being stored, or deleted, is not: it says that it has no chunks, or
        stands in no collection.
        """
        found = self._documents.documents_by_id(chunk.document_id for chunk in chunks.values())
        return {
            document_id: document
            for document_id, document in found.items()
            if document.chunks and document.collection_id == collection_id
        }

    def _search(self, collection_id: int, asked: Query, depth: int) -> Search:
        scope = self._scope(collection_id, asked.filters)
        words = self._documents.word_search
        found = words.documents(collection_id, asked.names, _NAMED_DOCUMENTS)
        naming = Naming(tuple(found)).within(scope.documents if scope else None)
        named = self._scope_of(naming.best) if naming.best else None
        return Search(collection_id, asked, depth, scope, naming, named)

    def _reranked(
        self, asked: Query, mode: SearchMode, fused: list[Fused], chunks: Mapping[int, Chunk]
    ) -> tuple[list[Fused], tuple[str, ...]]:
        """In the order of the chosen reranker; as they were, and a line that says so, without."""
        model = self._reranker() if mode is SearchMode.HYBRID else None
        if model is None:
            return fused, ()
        try:
            return reranked(asked.embedded, fused, chunks, model), ()
        except (WorkerError, ModelError):
            # The passages are found; their order is only less good.
            return fused, ("not ordered by the reranker: it could not be used",)

    def _scope(self, collection_id: int, filters: SearchFilters) -> Scope | None:
        if not replace(filters, headings=()).any:
            return None
        documents = chosen(self._documents.documents(collection_id), filters)
        return self._scope_of(document.id for document in documents)

    def _scope_of(self, documents: Iterable[int]) -> Scope:
        ids = frozenset(documents)
        return Scope(ids, joined_ranges(self._documents.chunk_ranges(ids)))

    def _hit(self, shown: Shown, owner: Document) -> RetrievedChunk:
        chunk = self._joined(shown)
        return RetrievedChunk(
            chunk=chunk,
            document_id=owner.id,
            document_sha256=owner.sha256,
            path=owner.path,
            title=owner.title,
            page=chunk.page_number if owner.unit.numbered else None,
            unit=owner.unit,
            boxes=self._boxes(chunk) if owner.unit is PageUnit.PAGE else (),
            score=shown.best.score,
            similarity=shown.best.vector_score,
        )

    def _joined(self, shown: Shown) -> Chunk:
        """The best chunk with the words of the neighbours it was joined with."""
        chunk = shown.chunk
        if (shown.start, shown.end) == (chunk.start, chunk.end):
            return chunk
        page = self._documents.page(chunk.document_id, chunk.page_number)
        text = page.text[shown.start : shown.end]
        return replace(chunk, start=shown.start, end=shown.end, text=text)

    def _boxes(self, chunk: Chunk) -> tuple[Box, ...]:
        lines = self._documents.lines(chunk.document_id, chunk.page_number)
        return tuple(
            line.box for line in lines if line.start < chunk.end and line.end > chunk.start
        )


def _candidates(
    fused: Sequence[Fused], chunks: Mapping[int, Chunk], owners: Mapping[int, Document]
) -> tuple[Candidate, ...]:
    return tuple(
        _candidate(rank, item, chunks[item.chunk_id], owners[chunks[item.chunk_id].document_id])
        for rank, item in enumerate(fused, start=1)
    )


def _candidate(rank: int, item: Fused, chunk: Chunk, owner: Document) -> Candidate:
    return Candidate(
        chunk_id=item.chunk_id,
        path=owner.path,
        page=chunk.page_number if owner.unit.numbered else None,
        keyword_rank=item.keyword_rank,
        keyword_score=item.keyword_score,
        vector_rank=item.vector_rank,
        vector_score=item.vector_score,
        final_rank=rank,
        final_score=item.score,
    )
