"""Documents and collections taken out, with every byte that was made from them."""

from __future__ import annotations

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, Document
from desktop.retrieval.index import Index
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore


def remove_document(
    documents: DocumentStore, index: Index, document_id: int, cancel: CancelToken
) -> Document:
    """Remove a document, its text and its vectors; raises `UnknownDocument`.

    When this is stopped, the document is gone from every answer, and its vectors' last bytes go
    when the index is next checked.
    """
    document = documents.document(document_id)
    documents.begin_index_writes()
    documents.remove_document(document_id)
    _erase(documents, index, cancel)
    return document


def remove_collection(
    documents: DocumentStore, index: Index, collection_id: int, cancel: CancelToken
) -> Collection:
    """Remove a collection with all its documents; raises `UnknownCollection`."""
    collection = documents.collection_by_id(collection_id)
    documents.begin_index_writes()
    documents.remove_collection(collection_id)
    _erase(documents, index, cancel)
    return collection


def _erase(documents: DocumentStore, index: Index, cancel: CancelToken) -> None:
    VectorIndex(documents, index.vectors).erase()
    documents.erase_removed(cancel)
