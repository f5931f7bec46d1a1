"""How well an embedder reads a text, judged by how finely it has to cut it."""

from __future__ import annotations

from desktop.storage.words.scripts import UNSPACED_RUN

# Letters to a piece: an embedder reads single letters of a script that it never learned, and
# whole words of a language that it knows. A letter of Chinese is a word or half of one.
_UNREAD = 1.1
_READ = 2.8
_READ_UNSPACED = 1.6


def legibility(text: str, pieces: int) -> float:
    """From 0, read letter by letter, to 1, read in words; `pieces` is what it was cut into."""
    letters = sum(char.isalnum() for char in text)
    if not letters or not pieces:
        return 0.0
    unspaced = sum(len(run) for run in UNSPACED_RUN.findall(text)) / letters
    read = _READ_UNSPACED * unspaced + _READ * (1 - unspaced)
    return min(1.0, max(0.0, (letters / pieces - _UNREAD) / (read - _UNREAD)))
