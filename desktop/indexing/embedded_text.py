"""The text that is embedded for a chunk: what stands above it, and its words with few amounts."""

from __future__ import annotations

import re

from desktop.domain.documents import Chunk
from desktop.storage.stored_text import storable_text

_TITLE_CHARACTERS = 80
_PATH_CHARACTERS = 120
# What parts the cells of a row, in tables of printed pages and in all others.
_CELL_MARKS = ("\t", " | ")
_AMOUNT = re.compile(r"[-+−–—($€£¥\s]*[\d.,]*\d[\d.,]*\s*[%)\s]*|[-–—−$€£¥()%\s]*")
_YEAR = re.compile(r"(?:19|20)\d\d")


def embedded_text(title: str, chunk: Chunk) -> str:
    """The text that is embedded for a chunk of the document with this title."""
    # File names part their words so; an embedder reads them apart.
    front = _front_matter(title.replace("_", " "), chunk.heading_path, chunk.text)
    parts = [*front, chunk.context, with_few_amounts(chunk.text)]
    return storable_text("\n".join(part for part in parts if part))


def with_few_amounts(text: str) -> str:
    """The text with the first amount alone of each row of a table.

    To an embedder "24,160" is four pieces that mean little: it reads a table by the names of its
    rows. All amounts are found by words, exactly.
    """
    if not any(mark in text for mark in _CELL_MARKS):
        return text
    lines = (_row_words(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _row_words(line: str) -> str:
    mark = next((mark for mark in _CELL_MARKS if mark in line), None)
    if mark is None:
        return line
    cells = [cell for cell in map(str.strip, line.split(mark)) if cell]
    amounts = [at for at, cell in enumerate(cells) if _is_amount(cell)]
    further = set(amounts[1:])
    return mark.join(cell for at, cell in enumerate(cells) if at not in further)


def _is_amount(cell: str) -> bool:
    return bool(_AMOUNT.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _front_matter(title: str, path: tuple[str, ...], text: str) -> tuple[str, str]:
    # A heading that stands in the text already, or repeats the title, would be read twice.
    names = [name for name in path if name not in title and not text.startswith(name)]
    return title[:_TITLE_CHARACTERS], " > ".join(names)[-_PATH_CHARACTERS:]
