"""The files of one folder of cells: vectors sorted by cell, each row with a check of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.storage.cell_rows import padded, row_checks, row_factors
from desktop.storage.failures import folder_failures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Positions = NDArray[np.int64]

MANIFEST = "manifest.json"
# In-place files: erasing writes zeros into the first two and -1 into the third.
COARSE, FINE, IDS = "coarse.i8", "fine.f16", "ids.i64"
# Never changed once they are written: their hashes stand in the manifest.
BASIS, CENTRES, BOUNDS = "basis.f32", "centres.f32", "bounds.i64"
SCALES, CHECKS = "scales.f32", "checks.u64"
FIXED_FILES = (BASIS, CENTRES, BOUNDS, SCALES, CHECKS)
FORMAT = 1
GONE = -1


class CellsDamaged(Exception):
    """A file of the folder is not as it was written; the vectors themselves are in the database."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a folder holds.

    A coarse row is the vector seen along `directions` axes, a fine row the vector itself; both
    are padded to a multiple of eight numbers.
    """

    stamp: str
    collection_id: int
    embedder: str
    dimensions: int
    directions: int
    rows: int
    cells: int

    @property
    def coarse_width(self) -> int:
        return padded(self.directions)

    @property
    def fine_width(self) -> int:
        return padded(self.dimensions)

    def sizes(self) -> dict[str, int]:
        """The bytes of each file."""
        return {
            COARSE: self.rows * self.coarse_width,
            FINE: self.rows * self.fine_width * 2,
            IDS: self.rows * 8,
            BASIS: self.dimensions * self.directions * 4,
            CENTRES: self.cells * self.directions * 4,
            BOUNDS: (self.cells + 1) * 8,
            SCALES: self.rows * 4,
            CHECKS: self.rows * 16,
        }


class CellFiles:
    """Reads rows and never believes them: what does not fit its check raises `CellsDamaged`.

    Read, not mapped: a file that someone cuts short is an error here and not the end of the
    process, and the memory is the system's to take back. No file stays open between searches, so
    an old folder can be deleted anywhere.
    """

    def __init__(self, folder: Path, shape: Shape) -> None:
        import numpy as np

        self.shape = shape
        self._folder = folder
        with _damage():
            self.basis = np.fromfile(folder / BASIS, np.float32).reshape(shape.dimensions, -1)
            self.centres = np.fromfile(folder / CENTRES, np.float32).reshape(shape.cells, -1)
            self.bounds = np.fromfile(folder / BOUNDS, np.int64)
            self.scales = np.fromfile(folder / SCALES, np.float32)
            self._checks = np.fromfile(folder / CHECKS, np.uint64).reshape(2, shape.rows)
            self.ids = np.fromfile(folder / IDS, np.int64)
        self._factors = row_factors(max(shape.coarse_width, shape.fine_width) // 4 + 1)

    @staticmethod
    def open(folder: Path, stamp: str) -> CellFiles:
        """Open the folder that the database names; raises `CellsDamaged`."""
        with _damage():
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            shape = Shape(**manifest["shape"])
            for name, size in shape.sizes().items():
                if (folder / name).stat().st_size != size:
                    raise CellsDamaged(f"{name} has another length")
            for name in FIXED_FILES:
                if sha256_of_file(folder / name) != manifest["sha256"][name]:
                    raise CellsDamaged(f"{name} is not as it was written")
        if manifest["format"] != FORMAT or shape.stamp != stamp:
            raise CellsDamaged("another version, or not the folder that was asked for")
        return CellFiles(folder, shape)

    def coarse(self, begins: Positions, ends: Positions) -> tuple[Positions, NDArray[np.int8]]:
        """The rows of these stretches, and their positions; times `scales` they are vectors."""
        import numpy as np

        lengths = ends - begins
        total, width = int(lengths.sum()), self.shape.coarse_width
        found = np.empty(total * width, np.uint8)
        done = 0
        with _damage(), (self._folder / COARSE).open("rb", 0) as file:
            for begin, length in zip(begins.tolist(), lengths.tolist(), strict=True):
                _read(file, begin * width, found[done : done + length * width])
                done += length * width
        # Each stretch counted on from its begin.
        before = np.cumsum(lengths) - lengths
        positions = np.arange(total) + np.repeat(begins - before, lengths)
        rows = found.reshape(total, width).view(np.int8)
        self._compare(0, rows, positions)
        return positions, rows[:, : self.shape.directions]

    def fine(self, positions: Positions) -> NDArray[np.float32]:
        """These rows, in the precision of sixteen bits."""
        import numpy as np

        width = self.shape.fine_width * 2
        found = np.empty((len(positions), width), np.uint8)
        with _damage(), (self._folder / FINE).open("rb", 0) as file:
            # In the order of the file, which the disk likes best.
            for at in np.argsort(positions).tolist():
                _read(file, int(positions[at]) * width, found[at])
        halves = found.view(np.float16)
        self._compare(1, halves, positions)
        return halves[:, : self.shape.dimensions].astype(np.float32)

    def erase(self, positions: Positions) -> None:
        """Overwrite rows that no search may find any more, and bring that to the disk.

        In any order and by halves: a row whose chunk is gone is read by nobody.
        """
        import numpy as np

        self.ids[positions] = GONE
        places = np.sort(positions).tolist()
        with folder_failures(self._folder):
            for name, size in self._row_bytes():
                _overwrite(self._folder / name, places, bytes(size))
            with (self._folder / IDS).open("r+b") as file:
                file.write(self.ids.tobytes())
                file.flush()
                os.fsync(file.fileno())

    def _row_bytes(self) -> tuple[tuple[str, int], ...]:
        shape = self.shape
        return (COARSE, shape.coarse_width), (FINE, shape.fine_width * 2)

    def _compare(self, which: int, rows: NDArray[np.generic], at: Positions) -> None:
        ids = self.ids[at]
        right = row_checks(rows, ids, self._factors) == self._checks[which, at]
        if not (right | (ids == GONE)).all():
            raise CellsDamaged("a row is not as it was written")


def _read(file: FileIO, offset: int, into: NDArray[np.uint8]) -> None:
    file.seek(offset)
    if file.readinto(into.data) != into.nbytes:
        raise CellsDamaged(f"{file.name} ends too soon")


def _overwrite(path: Path, places: list[int], nothing: bytes) -> None:
    with path.open("r+b", 0) as file:
        for place in places:
            file.seek(place * len(nothing))
            file.write(nothing)
        os.fsync(file.fileno())


def discard_cells(above: Path, keep: Collection[str]) -> None:
    """Delete every folder of cells that the database does not name, half-built ones too.

    What another process still holds open goes the next time.
    """
    if above.is_dir():
        for folder in above.iterdir():
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)


def sha256_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _damage() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CellsDamaged(f"{type(error).__name__}: {error}") from error
