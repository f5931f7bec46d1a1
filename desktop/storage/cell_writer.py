"""A folder of cells as it is written: rows in any order, the manifest last."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from desktop.storage.cell_files import (
    BASIS,
    BOUNDS,
    CENTRES,
    CHECKS,
    COARSE,
    FINE,
    FIXED_FILES,
    FORMAT,
    GONE,
    IDS,
    MANIFEST,
    SCALES,
    Shape,
    sha256_of_file,
)
from desktop.storage.cell_rows import CodedRows
from desktop.storage.database import make_private_folder
from desktop.storage.failures import folder_failures
from desktop.storage.whole_file import replace_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CellWriter:
    """Writes one folder, from the first row to the manifest that makes it a whole one.

    Raises `DiskFull` and `DataFolderReadOnly`; what is there then is no folder of cells, and the
    next `discard_cells` deletes it.
    """

    def __init__(
        self,
        folder: Path,
        shape: Shape,
        basis: NDArray[np.float32],
        centres: NDArray[np.float32],
        bounds: NDArray[np.int64],
    ) -> None:
        import numpy as np

        self._folder = folder
        self._shape = shape
        make_private_folder(folder)
        self._ids = np.full(shape.rows, GONE, np.int64)
        self._scales = np.zeros(shape.rows, np.float32)
        self._checks = np.zeros((2, shape.rows), np.uint64)
        self._open: dict[str, BinaryIO] = {}
        try:
            self._begin(basis, centres, bounds)
        except BaseException:
            self.close()
            raise

    def put(self, positions: NDArray[np.int64], rows: CodedRows, ids: NDArray[np.int64]) -> None:
        """Write rows to their places; `positions` ascend."""
        import numpy as np

        breaks = np.flatnonzero(np.diff(positions) != 1) + 1
        begins = [0, *breaks.tolist()]
        ends = [*breaks.tolist(), len(positions)]
        with folder_failures(self._folder):
            for name, coded in ((COARSE, rows.coarse), (FINE, rows.fine)):
                file, width = self._open[name], coded.strides[0]
                for begin, end in zip(begins, ends, strict=True):
                    file.seek(int(positions[begin]) * width)
                    _write_all(file, coded[begin:end].data.cast("B"))
        self._ids[positions] = ids
        self._scales[positions] = rows.scales
        self._checks[:, positions] = rows.checks

    def finish(self) -> None:
        """Bring everything to the disk, and the manifest after it."""
        with folder_failures(self._folder):
            self._write_whole(IDS, self._ids)
            self._write_whole(SCALES, self._scales)
            self._write_whole(CHECKS, self._checks)
            for file in self._open.values():
                os.fsync(file.fileno())
            hashes = {name: sha256_of_file(self._folder / name) for name in FIXED_FILES}
        manifest = {"format": FORMAT, "shape": asdict(self._shape), "sha256": hashes}
        replace_file(self._folder / MANIFEST, json.dumps(manifest, indent=1))

    def close(self) -> None:
        for file in self._open.values():
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()

    def _begin(
        self, basis: NDArray[np.float32], centres: NDArray[np.float32], bounds: NDArray[np.int64]
    ) -> None:
        with folder_failures(self._folder):
            self._write_whole(BASIS, basis.astype("<f4"))
            self._write_whole(CENTRES, centres.astype("<f4"))
            self._write_whole(BOUNDS, bounds.astype("<i8"))
            for name in (COARSE, FINE):
                self._open[name] = (self._folder / name).open("w+b", 0)
                # The end first: a disk without room for it says so before the work.
                self._open[name].truncate(self._shape.sizes()[name])

    def _write_whole(self, name: str, array: NDArray[np.generic]) -> None:
        with (self._folder / name).open("wb", 0) as file:
            _write_all(file, memoryview(array.tobytes()))
            os.fsync(file.fileno())


def _write_all(file: BinaryIO, data: memoryview) -> None:
    # A file without a buffer may write a part, and says how much.
    while data:
        data = data[file.write(data) :]
