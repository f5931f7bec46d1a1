"""How one vector stands in the files of the cells: in eight bits, in sixteen, with checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GOLDEN = 0x9E3779B97F4A7C15


def row_factors(count: int) -> NDArray[np.uint64]:
    """Return odd factors that never change, well mixed: what the checks of rows are made with."""
    import numpy as np

    # Splitmix64, written out: a library's generator may change, and the files would not fit.
    mixed = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(_GOLDEN)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray((mixed ^ (mixed >> np.uint64(31))) | np.uint64(1), np.uint64)


def row_checks(
    rows: NDArray[np.generic], ids: NDArray[np.int64], factors: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Return a number for each row that any change of one of its words, or of its id, changes.

    A sum of products and no cryptography: memory speed, on every row of every search.
    """
    import numpy as np

    words = rows.view(np.uint64)
    sums = words @ factors[: words.shape[1]]
    return np.asarray(sums + ids.view(np.uint64) * factors[-1], np.uint64)


@dataclass(frozen=True, slots=True)
class CodedRows:
    """Vectors as they are written: `coarse` times `scales` seen along few axes, `fine` whole."""

    coarse: NDArray[np.int8]
    fine: NDArray[np.float16]
    scales: NDArray[np.float32]
    checks: NDArray[np.uint64]

    @staticmethod
    def of(
        seen: NDArray[np.float32], vectors: NDArray[np.float32], ids: NDArray[np.int64]
    ) -> CodedRows:
        """Code one row for each id; `seen` are the vectors along the axes of the basis."""
        import numpy as np

        scales = np.abs(seen).max(axis=1) / np.float32(127)
        coarse = np.zeros((len(seen), padded(seen.shape[1])), np.int8)
        divisors = np.where(scales > 0, scales, np.float32(1))[:, None]
        coarse[:, : seen.shape[1]] = np.rint(seen / divisors)
        fine = np.zeros((len(vectors), padded(vectors.shape[1])), np.float16)
        fine[:, : vectors.shape[1]] = vectors
        factors = row_factors(max(coarse.shape[1], fine.shape[1]) // 4 + 1)
        checks = np.stack([row_checks(coarse, ids, factors), row_checks(fine, ids, factors)])
        return CodedRows(coarse, fine, scales, checks)


def padded(numbers: int) -> int:
    """The next multiple of eight: rows are checked eight bytes at a time."""
    return -(-numbers // 8) * 8
