"""A real database with a few documents, for tests of search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from desktop.domain.documents import (
    Block,
    BlockKind,
    Box,
    Chunk,
    DocumentContent,
    DocumentKind,
    Line,
    Page,
    PageUnit,
)
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from tests.support.fake_embedder import MemoryIndex

PARAGRAPHS = {
    "lease.pdf": "The monthly rent of the flat is 900 euros, due on the third working day.",
    "policy.pdf": "Employees may carry over five days of annual leave until the end of March.",
    "invoice.pdf": "Invoice INV-2024-001 over 1,234.50 euros was paid by Brandt Limited.",
    "minutes.pdf": "The board agreed to repaint the stairwell and to replace the old boiler.",
}


@contextmanager
def open_store(folder: Path) -> Iterator[DocumentStore]:
    database = Database.open(folder / "carrel.db")
    try:
        yield DocumentStore(database)
    finally:
        database.close()


def fill(
    store: DocumentStore,
    index: MemoryIndex,
    texts: Mapping[str, str] | None = None,
    paged: bool = True,
) -> int:
    """Store one chunk per document, as indexing does but for the vector index; the collection."""
    collection = store.create_collection("Office")
    for path, text in (texts or PARAGRAPHS).items():
        document = store.mark_reading(collection.id, path, len(text), 1)
        middle = len(text) // 2
        lines = (
            Line(0, middle, Box(50, 100, 500, 112)),
            Line(middle, len(text), Box(50, 114, 480, 126)),
            Line(len(text) + 1, len(text) + 6, Box(50, 700, 90, 712)),
        )
        page = Page(
            1,
            text + "\nOther",
            (Block(BlockKind.PARAGRAPH, 0, len(text)),),
            lines,
            595.0,
            842.0,
        )
        content = DocumentContent(
            DocumentKind.PDF, path.split(".")[0], (page,), PageUnit.PAGE if paged else PageUnit.PART
        )
        chunk = Chunk(0, 0, 0, 1, 0, len(text), text, ())
        vectors = index.embed([text])
        store.save_ready(document.id, content, path, len(text), 1, [chunk], vectors, index.embedder)
    return collection.id
