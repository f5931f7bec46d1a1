"""Questions with known places, from the shared data."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.retrieval import RetrievedChunk
from tests.support.shared_data import shared_data

SETS = ("squad", "legal", "finance", "sec10q", "xquad/ar", "xquad/de", "xquad/es", "xquad/zh")


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
        if not self.quote:
            return True
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
    def load(name: str, limit: int | None = None) -> QuestionSet:
        """Read a set; `limit` takes that many questions, evenly spread."""
        folder = shared_data("retrieval", name)
        lines = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [_question(json.loads(line), by_file=name == "sec10q") for line in lines]
        step = max(1, len(questions) // limit) if limit else 1
        files = next(folder / part for part in ("files", "pdfs") if (folder / part).is_dir())
        return QuestionSet(name, folder, files, tuple(questions[::step][:limit]))


def plain(text: str) -> str:
    """Text as quotes are compared: one form of each letter, single spaces."""
    whole = unicodedata.normalize("NFKC", text).replace("\u00ad", "")
    return " ".join(whole.split())


def _question(row: dict[str, object], by_file: bool) -> Question:
    relevant = row["relevant"]
    assert isinstance(relevant, list)
    places = tuple(place for entry in relevant for place in _places(entry, by_file))
    return Question(str(row["question"]), places)


def _places(entry: dict[str, object], by_file: bool) -> Iterator[Place]:
    file = str(entry["file"])
    if by_file:
        yield Place(file, frozenset(), "")
        return
    pages: set[int] = set()
    for key in ("page", "pages", "also_on_pages"):
        value = entry.get(key)
        if value is not None:
            pages.update(value if isinstance(value, list) else [int(str(value))])
    yield Place(file, frozenset(pages), plain(str(entry.get("quote", ""))))
