"""What an earlier run of the program left: files half read, an index in doubt."""

from __future__ import annotations

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentStatus
from desktop.retrieval.index import Index
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore


def put_back_interrupted(documents: DocumentStore) -> None:
    """Let files that were being read at a kill wait again, as after a stop.

    For the indexing lane before its first run: later, one of them is being read.
    """
    for document in documents.interrupted():
        documents.mark_failed(document.id, DocumentStatus.WAITING, "", "")


def check_index(documents: DocumentStore, index: Index, cancel: CancelToken) -> bool:
    """Check the index of vectors, and build it anew where it is in doubt.

    For the indexing lane at start: until then every search looks at all vectors.
    """
    documents.erase_removed(cancel)
    return VectorIndex(documents, index.vectors).settle(cancel, thorough=True)
