"""From the picture of a line to its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from desktop.documents.recognition.networks import Floats, Networks, Pixels

LINE_ROWS = 48
_LONGEST = 2400  # columns; longer lines are pressed together
_SHORTEST = 16
_GREY = 128
# Columns of all lines that are read at once: bounds the memory, 18,710 chances a step.
_AT_ONCE = 2400
_TURNING_COLUMNS = 192


@dataclass(frozen=True, slots=True)
class Lettering:
    """What a line says, and how sure the network is of it on average, 0 to 1."""

    text: str
    sureness: float


def line_picture(page: Image.Image, box: tuple[float, float, float, float]) -> Image.Image:
    """Cut a line out of the page, 48 rows high."""
    left, top, right, bottom = box
    width = round((right - left) / max(1.0, bottom - top) * LINE_ROWS)
    size = (min(_LONGEST, max(_SHORTEST, width)), LINE_ROWS)
    return page.resize(size, Image.Resampling.BILINEAR, box)


def read_lines(networks: Networks, lines: Sequence[Image.Image]) -> Iterator[tuple[int, Lettering]]:
    """Yield index and words of each line; lines of like length are read together."""
    for batch in _batches(lines):
        pictures = _side_by_side([lines[index] for index in batch], lines[batch[-1]].width)
        indexes, chances = networks.letters(pictures)
        for row, index in enumerate(batch):
            yield index, _decoded(networks.characters, indexes[row].tolist(), chances[row])


def upright_share(networks: Networks, lines: Sequence[Image.Image]) -> float:
    """How sure it is that the lines stand upright and not upside down, 0 to 1."""
    starts = [line.crop((0, 0, min(line.width, _TURNING_COLUMNS), LINE_ROWS)) for line in lines]
    return float(np.mean(networks.upright_chances(_side_by_side(starts, _TURNING_COLUMNS))))


def _batches(lines: Sequence[Image.Image]) -> Iterator[list[int]]:
    batch: list[int] = []
    for index in sorted(range(len(lines)), key=lambda index: lines[index].width):
        if batch and (len(batch) + 1) * lines[index].width > _AT_ONCE:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _side_by_side(lines: Sequence[Image.Image], width: int) -> Pixels:
    pictures = np.full((len(lines), LINE_ROWS, width), _GREY, np.uint8)
    for picture, line in zip(pictures, lines, strict=True):
        picture[:, : line.width] = np.asarray(line)
    return pictures


def _decoded(characters: Sequence[str], steps: Sequence[int], chances: Floats) -> Lettering:
    """A character counts once however many steps it lasts; 0 parts equal ones."""
    kept = [
        step
        for step, index in enumerate(steps)
        if index and (step == 0 or steps[step - 1] != index)
    ]
    text = "".join(characters[steps[step]] for step in kept)
    return Lettering(" ".join(text.split()), float(chances[kept].mean()) if kept else 0.0)
