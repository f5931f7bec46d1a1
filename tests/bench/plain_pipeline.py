"""The pipeline that every tutorial shows, as the baseline: run in a process of its own.

pypdf, chunks of 1,000 characters with 200 in common, `SentenceTransformer.encode` with its
defaults, `collection.add` with documents. Prints one JSON line.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from tests.support.real_desk import EMBEDDER_FOLDER

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200


def fixed_chunks(text: str) -> list[str]:
    """Cut text by the ruler."""
    step = CHUNK_CHARACTERS - OVERLAP_CHARACTERS
    return [text[at : at + CHUNK_CHARACTERS] for at in range(0, len(text), step)]


def main(data: Path, files: list[Path]) -> None:
    """Index `files`; loading the libraries and the model is not counted."""
    import chromadb
    import pypdf
    from chromadb.config import Settings
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(EMBEDDER_FOLDER), device="cpu", local_files_only=True)
    model.encode(["warm"])
    client = chromadb.PersistentClient(str(data), Settings(anonymized_telemetry=False))
    collection = client.create_collection("plain", embedding_function=None)
    pages = chunks = 0
    started = time.perf_counter()
    for file in files:
        texts = [page.extract_text() for page in pypdf.PdfReader(file).pages]
        pages += len(texts)
        parts = fixed_chunks("\n".join(texts))
        vectors = model.encode(parts, show_progress_bar=False)
        names = [f"{file.name}-{at}" for at in range(len(parts))]
        collection.add(ids=names, embeddings=vectors, documents=parts)
        chunks += len(parts)
    seconds = time.perf_counter() - started
    print(json.dumps({"pages": pages, "chunks": chunks, "seconds": seconds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
