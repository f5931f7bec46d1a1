"""Questions with known places, and the real files that they are about, from the shared data."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.domain.errors import FileMissing
from desktop.domain.retrieval import RetrievedChunk

SETS = ("squad", "legal", "finance", "sec10q", "xquad/ar", "xquad/de", "xquad/es", "xquad/zh")
# Its questions are about files; any page of the right one is right.
_BY_FILE = frozenset({"sec10q"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: a file, a page where pages count, else the words themselves."""

    file: str
    pages: frozenset[int]
    quote: str

    def is_met_by(self, hit: RetrievedChunk, folder: Path) -> bool:
        if Path(hit.path) != folder / self.file:
            return False
        if self.pages:
            return hit.page in self.pages
        text, half = plain(hit.chunk.text), len(self.quote) // 2
        # A long sentence may be cut: half of it is enough to see that this is the place.
        return any(part in text for part in (self.quote[:half], self.quote[half:]))


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the places that answer it."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Real files and questions about them."""

    name: str
    folder: Path
    files: Path
    questions: tuple[Question, ...]

    @staticmethod
    def load(sets: Path, name: str, limit: int = 0) -> QuestionSet:
        """Read a set; `limit` takes that many questions, evenly spread. Raises `FileMissing`."""
        folder = sets / name
        if not (folder / "queries.jsonl").is_file():
            raise FileMissing(str(folder))
        lines = (folder / "queries.jsonl").read_bytes().splitlines()
        questions = [_question(json.loads(line), by_file=name in _BY_FILE) for line in lines]
        step = max(1, len(questions) // limit) if limit else 1
        files = next(folder / part for part in ("files", "pdfs") if (folder / part).is_dir())
        return QuestionSet(name, folder, files, tuple(questions[::step][: limit or None]))


def plain(text: str) -> str:
    """Text as quotes are compared: one form of each letter, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\u00ad", "").split())


def _question(row: Mapping[str, Any], by_file: bool) -> Question:
    places = tuple(place for entry in row["relevant"] for place in _places(entry, by_file))
    return Question(str(row["question"]), places)


def _places(entry: Mapping[str, Any], by_file: bool) -> Iterator[Place]:
    if by_file:
        # Half of no words is in every passage.
        yield Place(str(entry["file"]), frozenset(), "")
        return
    pages: set[int] = set()
    for key in ("page", "pages", "also_on_pages"):
        value = entry.get(key)
        if value is not None:
            pages.update(value if isinstance(value, list) else [int(value)])
    yield Place(str(entry["file"]), frozenset(pages), plain(str(entry.get("quote", ""))))
