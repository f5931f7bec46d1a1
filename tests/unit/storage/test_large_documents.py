"""Very large documents are stored and removed in steps, and seen whole or not at all."""

from __future__ import annotations

import random
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from desktop.domain.documents import DocumentStatus
from desktop.domain.errors import UnknownDocument
from desktop.retrieval.retriever import Retriever
from desktop.storage.database import Database
from desktop.storage.document_erasing import MOST_AT_ONCE
from desktop.storage.document_rows import FinishedDocument, StoredDocument
from desktop.storage.document_store import DocumentStore
from desktop.storage.packed_page import pack_page
from tests.support.fake_embedder import MemoryIndex
from tests.support.stored_content import EMBEDDER, prepare, store

CHUNKS = MOST_AT_ONCE + 300
Saving = Generator[int, None, StoredDocument]


def _large(word: str, count: int = CHUNKS) -> FinishedDocument:
    chance = random.Random(word)
    passages = [f"{word} number {at} lies in room {chance.random()}" for at in range(count)]
    prepared = prepare(passages, title="Stock", dimensions=512)
    index = MemoryIndex()
    return FinishedDocument(
        content=prepared.content,
        sha256="cd" * 32,
        size_bytes=1,
        modified_ns=2,
        page_count=count,
        pages=map(pack_page, prepared.content.pages),
        chunk_count=count,
        chunks=prepared.chunks,
        hashes=[None] * count,
        vectors=[np.asarray(index.embed(passages), np.float32)],
        embedder=index.embedder,
    )


def _finish(saving: Saving) -> StoredDocument:
    while True:
        try:
            next(saving)
        except StopIteration as end:
            stored: StoredDocument = end.value
            return stored


def _hits(documents: DocumentStore, question: str) -> set[int]:
    retriever = Retriever(documents, MemoryIndex())
    collection = documents.collection("stock")
    return {hit.document_id for hit in retriever.retrieve(collection.id, question, 5).hits}


def _chunks_of(database: Database, document_id: int) -> int:
    [(count,)] = database.execute(
        "SELECT count(*) FROM chunks WHERE document_id = ?", (document_id,)
    )
    return int(count)


def test_others_write_between_the_steps_and_nothing_is_found_before_the_last(
    database: Database, documents: DocumentStore
) -> None:
    collection = documents.create_collection("stock")
    document = documents.mark_reading(collection.id, "/stock.csv", 1, 2)
    saving = documents.saving(document.id, _large("chairs"))
    other = Database.open(database.path)
    other.execute("PRAGMA busy_timeout=0")
    steps = 0
    try:
        for steps, _ in enumerate(iter(lambda: next(saving, None), None), 1):
            # Fails at once where the step before has left a transaction open.
            DocumentStore(other).create_collection(f"other {steps}")
            if documents.document(document.id).chunks == 0 and steps % 50 == 0:
                assert _hits(documents, "chairs number 17") == set()
    finally:
        other.close()
    assert steps > CHUNKS // 256
    now = documents.document(document.id)
    assert (now.status, now.chunks) == (DocumentStatus.READY, CHUNKS)
    assert _hits(documents, "chairs number 17") == {document.id}
    ids, vectors = documents.vectors(collection.id)
    assert len(ids) == len(vectors) == CHUNKS
    assert documents.integrity.miscounted(collection.id) == []
    assert not documents.integrity.wordless(collection.id)


def test_the_old_version_is_found_until_the_new_one_takes_its_place(
    database: Database, documents: DocumentStore
) -> None:
    collection = documents.create_collection("stock")
    document = documents.mark_reading(collection.id, "/stock.csv", 1, 2)
    _finish(documents.saving(document.id, _large("chairs")))
    saving = documents.saving(document.id, _large("tables"))
    while next(saving) < CHUNKS // 2:
        pass
    assert _hits(documents, "chairs number 17") == {document.id}
    assert _hits(documents, "number of the room") == {document.id}
    stored = _finish(saving)
    assert _hits(documents, "tables number 17") == {stored.document.id}
    assert len(stored.replaced_chunk_ids) == CHUNKS
    assert [one.path for one in documents.documents(collection.id)] == ["/stock.csv"]
    assert _chunks_of(database, document.id) == 0
    documents.erase_removed()
    assert documents.document_at(collection.id, "/stock.csv") == stored.document
    [(rows,)] = database.execute("SELECT count(*) FROM collections")
    assert rows == 1, "no hiding place is left"


@pytest.mark.parametrize("steps", [1, 140, 150])
@pytest.mark.parametrize("old", [False, True])
def test_what_was_begun_and_given_up_costs_the_old_version_nothing(
    database: Database, documents: DocumentStore, steps: int, old: bool
) -> None:
    collection = documents.create_collection("stock")
    if old:
        store(documents, collection.id, "/stock.csv", prepare(["chairs are in room 5"]))
    document = documents.mark_reading(collection.id, "/stock.csv", 1, 2)
    saving = documents.saving(document.id, _large("tables"))
    for _ in range(steps):
        next(saving)
    saving.close()
    documents.erase_removed()
    assert _chunks_of(database, document.id) == (1 if old else 0)
    [(chunks, words)] = database.execute(
        f"SELECT (SELECT count(*) FROM chunks), (SELECT count(*) FROM words_{collection.id})"
    )
    assert chunks == words == (1 if old else 0)
    assert documents.vector_table.kept(collection.id, EMBEDDER).vectors == chunks
    assert documents.documents(collection.id) == [documents.document(document.id)]


def test_a_large_document_that_is_removed_while_it_is_stored_leaves_nothing(
    database: Database, documents: DocumentStore
) -> None:
    collection = documents.create_collection("stock")
    document = documents.mark_reading(collection.id, "/stock.csv", 1, 2)
    saving = documents.saving(document.id, _large("chairs"))
    for _ in range(140):
        next(saving)
    documents.remove_document(document.id)
    with pytest.raises(UnknownDocument):
        _finish(saving)
    [(chunks, words)] = database.execute(
        f"SELECT (SELECT count(*) FROM chunks), (SELECT count(*) FROM words_{collection.id})"
    )
    assert chunks == words == 0


def test_no_byte_of_a_large_document_that_was_removed_is_left(
    tmp_path: Path, database: Database, documents: DocumentStore
) -> None:
    collection = documents.create_collection("stock")
    document = documents.mark_reading(collection.id, "/stock.csv", 1, 2)
    _finish(documents.saving(document.id, _large("canarybird")))
    documents.remove_documents([document.id])
    assert documents.documents(collection.id) == []
    documents.erase_removed()
    kept = [path for path in (tmp_path / "data").iterdir() if b"canarybird" in path.read_bytes()]
    assert kept == []
