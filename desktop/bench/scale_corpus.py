"""Any number of passages made from real ones, with vectors that lie where theirs would."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Chunk, DocumentContent, DocumentKind, Page, PageUnit
from desktop.retrieval.index import Index

Floats = NDArray[np.float32]

SETS = ("squad", "legal", "finance", "sec10q")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_PASSAGE_CHARACTERS = 700
_CHUNKS_A_PAGE = 4
# A recombined passage is mostly one real passage; how much is drawn anew each time. Its vector
# moves as far again in a direction of its own as other words would move it.
_MAIN_SHARE = (0.5, 1.0)
_OWN_DIRECTION = 0.35


@dataclass(frozen=True, slots=True)
class RealTexts:
    """Real passages and questions with their embeddings, a row each."""

    passages: tuple[str, ...]
    questions: tuple[str, ...]
    passage_vectors: Floats
    question_vectors: Floats
    embed_question_ms: float


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """One document of the corpus, as indexing would hand it to storage."""

    path: str
    content: DocumentContent
    chunks: tuple[Chunk, ...]
    vectors: Floats


def real_texts(folder: Path, passages: int, questions: int) -> tuple[list[str], list[str]]:
    """Passages and questions of the retrieval sets, as many of each set as it has its share."""
    draw = np.random.default_rng(0)
    found_passages: list[str] = []
    found_questions: list[str] = []
    for name in SETS:
        pieces = [
            piece
            for row in _rows(folder / name / "corpus.jsonl")
            for piece in _pieces(str(row["text"]))
        ]
        asked = [str(row["question"]) for row in _rows(folder / name / "queries.jsonl")]
        found_passages += _drawn(pieces, passages // len(SETS), draw)
        found_questions += _drawn(asked, questions // len(SETS), draw)
    return found_passages, found_questions


def embedded(
    texts: Sequence[str], index: Index, cancel: CancelToken, tell: Callable[[str], None]
) -> Floats:
    """Embed real texts with the included embedder, saying how far it is."""
    parts = []
    for begin in range(0, len(texts), 200):
        tell(f"embedding {begin} of {len(texts)} real texts")
        parts.append(index.embed(texts[begin : begin + 200], cancel))
    return np.concatenate(parts)


def made_document(real: RealTexts, number: int, chunks: int) -> MadeDocument:
    """The document of this number: real passages as long as there are any, then recombined ones."""
    draw = np.random.default_rng([1, number])
    texts: list[str] = []
    vectors = np.empty((chunks, real.passage_vectors.shape[1]), np.float32)
    for at in range(chunks):
        place = number * chunks + at
        if place < len(real.passages):
            text, vectors[at] = real.passages[place], real.passage_vectors[place]
        else:
            text, vectors[at] = _recombined(real, draw)
        texts.append(text)
    return _document(number, texts, vectors)


def _recombined(real: RealTexts, draw: np.random.Generator) -> tuple[str, Floats]:
    first, second = draw.integers(0, len(real.passages), 2).tolist()
    share = float(draw.uniform(*_MAIN_SHARE))
    kept = [one for one in _SENTENCE.split(real.passages[first]) if draw.random() < share]
    added = [one for one in _SENTENCE.split(real.passages[second]) if draw.random() < 1 - share]
    vector = share * real.passage_vectors[first] + (1 - share) * real.passage_vectors[second]
    vector /= np.linalg.norm(vector)
    own = draw.standard_normal(len(vector)).astype(np.float32)
    vector += own * (_OWN_DIRECTION / np.linalg.norm(own))
    text = " ".join(kept + added) or real.passages[first]
    return text, np.asarray(vector / np.linalg.norm(vector), np.float32)


def _document(number: int, texts: Sequence[str], vectors: Floats) -> MadeDocument:
    pages: list[Page] = []
    chunks: list[Chunk] = []
    for begin in range(0, len(texts), _CHUNKS_A_PAGE):
        start = 0
        for text in texts[begin : begin + _CHUNKS_A_PAGE]:
            chunks.append(Chunk(0, 0, len(chunks), len(pages) + 1, start, start + len(text), text))
            start += len(text) + 1
        pages.append(Page(len(pages) + 1, "\n".join(texts[begin : begin + _CHUNKS_A_PAGE])))
    content = DocumentContent(DocumentKind.TEXT, f"Document {number}", tuple(pages), PageUnit.PART)
    return MadeDocument(f"/made/{number:06}.txt", content, tuple(chunks), vectors)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for sentence in _SENTENCE.split(text):
        piece = f"{piece} {sentence}".strip()
        if len(piece) >= _PASSAGE_CHARACTERS:
            yield piece[: 2 * _PASSAGE_CHARACTERS]
            piece = ""
    if len(piece) > 100:
        yield piece


def _drawn(texts: list[str], count: int, draw: np.random.Generator) -> list[str]:
    chosen = draw.permutation(len(texts))[:count]
    return [texts[at] for at in chosen.tolist()]
