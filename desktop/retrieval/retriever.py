"""A question in, ranked passages out: words and meaning searched together."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Box, Chunk, Document, PageUnit
from desktop.domain.errors import UnknownDocument
from desktop.domain.retrieval import Candidate, RetrievedChunk, SearchMode, SearchResult
from desktop.retrieval.fusion import Fused, Scored, fuse
from desktop.retrieval.index import Index
from desktop.retrieval.query import Query, parse_query
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore

# How deep each search looks; fusion can lift what both found far down.
_DEPTH = 100


class Retriever:
    """Searches one database; each lane has its own, over the lane's own connection."""

    def __init__(self, documents: DocumentStore, index: Index) -> None:
        self._documents = documents
        self._index = index
        self._vectors = VectorIndex(documents, index.vectors)

    def retrieve(
        self,
        collection_id: int,
        query: str,
        top_k: int,
        mode: SearchMode = SearchMode.HYBRID,
        cancel: CancelToken | None = None,
    ) -> SearchResult:
        """Return the `top_k` best passages with every candidate.

        Raises `EmptyQuestion`, `UnknownCollection`, and `Cancelled` while the embedder loads.
        """
        started = time.perf_counter()
        asked = parse_query(query)
        depth = max(_DEPTH, top_k)
        by_words: Scored = []
        if mode is not SearchMode.VECTOR:
            by_words = self._by_words(collection_id, asked, depth)
        if mode is SearchMode.KEYWORD:
            fused = fuse(by_words, [])
        else:
            fused = self._with_meaning(collection_id, asked, depth, by_words, cancel)
        chunks = self._documents.chunks([item.chunk_id for item in fused])
        # A chunk may have gone between the search and here; the index may name one that has.
        fused = [item for item in fused if item.chunk_id in chunks]
        owners = self._owners(chunks.values())
        fused = [item for item in fused if chunks[item.chunk_id].document_id in owners]
        return SearchResult(
            query=query,
            mode=mode,
            hits=self._hits(fused, chunks, owners, top_k),
            candidates=_candidates(fused, chunks, owners),
            seconds=time.perf_counter() - started,
        )

    def _by_words(self, collection_id: int, asked: Query, depth: int) -> Scored:
        if asked.strict:
            exact = self._documents.keyword_search(collection_id, asked.strict, depth)
            if exact:
                return exact
        if not asked.match:
            return []
        return self._documents.keyword_search(collection_id, asked.match, depth)

    def _with_meaning(
        self,
        collection_id: int,
        asked: Query,
        depth: int,
        by_words: Scored,
        cancel: CancelToken | None,
    ) -> list[Fused]:
        vector = self._index.embed([asked.embedded], cancel)[0]
        by_meaning = self._vectors.search(collection_id, vector, depth)
        known = {chunk_id for chunk_id, _ in by_meaning}
        missed = [chunk_id for chunk_id, _ in by_words if chunk_id not in known]
        # What the words alone found has a similarity too; without it, it would count as zero.
        return fuse(by_words, by_meaning, self._vectors.similarities(vector, missed))

    def _owners(self, chunks: Iterable[Chunk]) -> dict[int, Document]:
        owners: dict[int, Document] = {}
        for document_id in {chunk.document_id for chunk in chunks}:
            try:
                owners[document_id] = self._documents.document(document_id)
            except UnknownDocument:
                continue
        return owners

    def _hits(
        self,
        fused: Sequence[Fused],
        chunks: Mapping[int, Chunk],
        owners: Mapping[int, Document],
        top_k: int,
    ) -> tuple[RetrievedChunk, ...]:
        hits: list[RetrievedChunk] = []
        texts: set[str] = set()
        for item in fused:
            if len(hits) == top_k:
                break
            chunk = chunks[item.chunk_id]
            words = " ".join(chunk.text.lower().split())
            # The same words twice, from a copy of the file, tell nothing more.
            if words not in texts:
                texts.add(words)
                hits.append(self._hit(item, chunk, owners[chunk.document_id]))
        return tuple(hits)

    def _hit(self, item: Fused, chunk: Chunk, owner: Document) -> RetrievedChunk:
        return RetrievedChunk(
            chunk=chunk,
            document_id=owner.id,
            document_sha256=owner.sha256,
            path=owner.path,
            title=owner.title,
            page=chunk.page_number if owner.unit.numbered else None,
            unit=owner.unit,
            boxes=self._boxes(chunk) if owner.unit is PageUnit.PAGE else (),
            score=item.score,
            similarity=item.vector_score,
        )

    def _boxes(self, chunk: Chunk) -> tuple[Box, ...]:
        page = self._documents.page(chunk.document_id, chunk.page_number)
        return tuple(
            line.box for line in page.lines if line.start < chunk.end and line.end > chunk.start
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
