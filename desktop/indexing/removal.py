"""Documents and collections taken out, with every byte that was made from them.

Chroma's copy is deleted with them, because it cannot erase; it is made again after the next
indexing run or at the next start.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, Document
from desktop.retrieval.index import Index
from desktop.retrieval.vector_index import VectorIndex
from desktop.storage.document_store import DocumentStore


def remove_document(
    documents: DocumentStore, index: Index, document_id: int, cancel: CancelToken
) -> Document:
    """Remove a document, its text and its vectors; raises `UnknownDocument`.

    When this is stopped, the document is gone from every answer, and its words' last bytes go at
    the next start.
    """
    document = documents.document(document_id)
    remove_documents(documents, index, [document_id], cancel)
    erase_words(documents, cancel)
    return document


def remove_documents(
    documents: DocumentStore, index: Index, document_ids: Sequence[int], cancel: CancelToken
) -> None:
    """Remove documents, their text and their vectors, and give their room back.

    Their words are found no more and are overwritten by `erase_words`.
    """
    documents.begin_index_writes()
    documents.remove_documents(document_ids)
    VectorIndex(documents, index.vectors).erase()
    documents.give_back(cancel)


def remove_collection(
    documents: DocumentStore, index: Index, collection_id: int, cancel: CancelToken
) -> Collection:
    """Remove a collection with all its documents; raises `UnknownCollection`."""
    collection = documents.collection_by_id(collection_id)
    documents.begin_index_writes()
    documents.remove_collection(collection_id)
    VectorIndex(documents, index.vectors).erase()
    erase_words(documents, cancel)
    return collection


def erase_words(documents: DocumentStore, cancel: CancelToken) -> None:
    """Overwrite what is left of removed words, in small steps; the next start takes up the rest."""
    documents.erase_removed(cancel)
