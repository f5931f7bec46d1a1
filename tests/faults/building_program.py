"""Builds the cells of a data folder again and again; a test may kill it, or fill its disk."""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

import numpy as np

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Chunk, DocumentContent, DocumentKind, Page, PageUnit
from desktop.domain.errors import DiskFull
from desktop.retrieval.cell_building import build_cells
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore

DIMENSIONS = 64
DOCUMENTS = 20
A_DOCUMENT = 250
EMBEDDER = "drawn"


def fill(store: DocumentStore) -> int:
    """Store 5,000 drawn vectors; the collection's id."""
    collection = store.create_collection("Drawn").id
    draw = np.random.default_rng(3)
    for number in range(DOCUMENTS):
        rows = draw.standard_normal((A_DOCUMENT, DIMENSIONS))
        vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        chunks = [Chunk(0, 0, at, 1, at, at + 1, "w") for at in range(A_DOCUMENT)]
        page = Page(1, "w" * A_DOCUMENT)
        content = DocumentContent(DocumentKind.TEXT, "Drawn", (page,), PageUnit.PART)
        path = f"/{number}"
        reading = store.mark_reading(collection, path, 1, 1)
        store.save_ready(reading.id, content, path, 1, 1, chunks, vectors, EMBEDDER)
    return collection


def main(data: Path, limit_bytes: int) -> None:
    """Build until killed; with `limit_bytes`, once, with files no larger than that."""
    database = Database.open(data / "carrel.db")
    store = DocumentStore(database)
    named = store.vector_sets.every()[0]
    if limit_bytes:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    print("started", flush=True)
    try:
        while True:
            for _ in build_cells(store, named, CancelToken()):
                pass
            print("built", flush=True)
    except DiskFull:
        print("full", flush=True)
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
