"""The pipeline that every tutorial shows, as the baseline: run in a process of its own.

    python -m desktop.bench.plain_pipeline REQUEST.json

pypdf, chunks of 1,000 characters with 200 in common, `SentenceTransformer.encode` with its
defaults, `collection.add` with documents; questions through `collection.query`. Prints one line of
JSON. The request names the model's folder, a data folder, PDF files and questions.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200
_NEAREST = 10


def fixed_chunks(texts: list[str]) -> list[tuple[str, list[int]]]:
    """Cut the pages' joined text by the ruler; each chunk with the numbers of its pages."""
    joined = "\n".join(texts)
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text) + 1)
    step = CHUNK_CHARACTERS - OVERLAP_CHARACTERS
    chunks = []
    for at in range(0, len(joined), step):
        end = min(at + CHUNK_CHARACTERS, len(joined))
        pages = [n + 1 for n in range(len(texts)) if starts[n] < end and starts[n + 1] > at]
        chunks.append((joined[at:end], pages))
    return chunks


def main(request: dict[str, Any]) -> None:
    """Index the files and ask the questions; loading libraries and the model is not counted."""
    import chromadb
    import pypdf
    from chromadb.config import Settings
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(request["model"], device="cpu", local_files_only=True)
    model.encode(["warm"])
    client = chromadb.PersistentClient(request["data"], Settings(anonymized_telemetry=False))
    collection = client.create_collection("plain", embedding_function=None)
    pages = count = 0
    started = time.perf_counter()
    for file in request["files"]:
        texts = [page.extract_text() for page in pypdf.PdfReader(file).pages]
        pages += len(texts)
        chunks = fixed_chunks(texts)
        vectors = model.encode([text for text, _ in chunks], show_progress_bar=False)
        collection.add(
            ids=[f"{file}-{at}" for at in range(len(chunks))],
            embeddings=vectors,
            documents=[text for text, _ in chunks],
            metadatas=[{"file": file, "pages": json.dumps(pages)} for _, pages in chunks],
        )
        count += len(chunks)
    seconds = time.perf_counter() - started
    hits = []
    for question in request["questions"]:
        found = collection.query(query_embeddings=model.encode([question]), n_results=_NEAREST)
        places = (found["metadatas"] or [[]])[0]
        hits.append([[str(one["file"]), json.loads(str(one["pages"]))] for one in places])
    answer = {"pages": pages, "chunks": count, "seconds": seconds, "hits": hits}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
