"""Whether each file finds itself: by the words of one of its chunks, and by that one's vector."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Chunk
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore

_NEAREST = 10
# Copies of a text are as near as the text itself, and any of them may come first.
_SAME = 0.999


def not_found(
    document_ids: Sequence[int],
    documents: DocumentStore,
    vectors: VectorIndex,
    cancel: CancelToken,
) -> list[int]:
    """Return those of the documents that a search for one of their own chunks does not return.

    Raises `Cancelled`.
    """
    lost = []
    for document_id in document_ids:
        cancel.raise_if_cancelled()
        chunk = documents.longest_chunk(document_id)
        if chunk is None:
            continue
        collection_id = documents.document(document_id).collection_id
        if not (
            documents.finds_its_words(collection_id, chunk.id)
            and _finds_its_vector(collection_id, chunk, documents, vectors)
        ):
            lost.append(document_id)
    return lost


def _finds_its_vector(
    collection_id: int, chunk: Chunk, documents: DocumentStore, vectors: VectorIndex
) -> bool:
    vector = documents.vectors_of([chunk.id]).get(chunk.id)
    if vector is None:
        return False
    found = vectors.search(collection_id, vector, _NEAREST)
    return any(one == chunk.id for one, _ in found) or bool(found and found[0][1] >= _SAME)
