"""Questions about PDF files whose answers' places are known, from the evaluation data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.domain.errors import FileMissing

PDF_SETS = ("legal", "sec10q")
# Its questions name files; a page of the right file is right.
_BY_FILE = frozenset({"sec10q"})


@dataclass(frozen=True, slots=True)
class Marked:
    """A question with the places that answer it: whole paths, and pages where pages count."""

    text: str
    places: tuple[tuple[str, frozenset[int]], ...]

    def is_met_by(self, path: str, pages: frozenset[int]) -> bool:
        return any(path == file and (not wanted or wanted & pages) for file, wanted in self.places)


@dataclass(frozen=True, slots=True)
class MarkedSet:
    """PDF files and the questions that only they answer."""

    name: str
    files: tuple[Path, ...]
    questions: tuple[Marked, ...]

    @staticmethod
    def load(sets: Path, name: str, most_files: int | None = None) -> MarkedSet:
        """Read a set; `most_files` takes so many of its smallest files, and their questions.

        Raises `FileMissing`.
        """
        folder = sets / name
        if not folder.is_dir():
            raise FileMissing(str(folder))
        files = sorted(folder.rglob("*.pdf"), key=lambda file: (file.stat().st_size, file.name))
        chosen = files[:most_files]
        known = {str(file) for file in chosen}
        questions = (question for question in _questions(folder, by_file=name in _BY_FILE))
        answered = [one for one in questions if any(file in known for file, _ in one.places)]
        return MarkedSet(name, tuple(chosen), tuple(answered))


def _questions(folder: Path, *, by_file: bool) -> Iterator[Marked]:
    for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        places = tuple(
            (str(folder / one["file"]), frozenset() if by_file else _pages(one))
            for one in row["relevant"]
        )
        yield Marked(str(row["question"]), places)


def _pages(place: dict[str, Any]) -> frozenset[int]:
    pages: set[int] = set()
    for key in ("page", "pages", "also_on_pages"):
        value = place.get(key)
        if value is not None:
            pages.update(value if isinstance(value, list) else [value])
    return frozenset(pages)
