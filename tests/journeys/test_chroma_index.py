"""The real Chroma keeps ids and vectors, answers by cosine, and never sees text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytestmark = pytest.mark.journey

# Chroma keeps threads of its own, so it runs in a process of its own, here as in the program.
PROGRAM = """
import json
import sys
from pathlib import Path
import numpy as np
from desktop.storage.chroma_index import ChromaIndex

folder = Path(sys.argv[1])
vectors = np.load(sys.argv[2])
index = ChromaIndex.open(folder)
ids = list(range(1000, 1000 + len(vectors)))
assert index.query(1, vectors[0], 5) == []
index.add(1, ids, vectors)
index.add(2, [7], vectors[:1])
assert (index.count(1), index.count(2)) == (len(ids), 1)
first = index.query(1, vectors[3], 5)
index.remove(1, ids[3:4])
assert ids[3] not in [found for found, _ in index.query(1, vectors[3], 5)]
index.add(1, ids[3:4], vectors[3:4])
index.add(1, ids[3:4], vectors[3:4])
assert index.count(1) == len(ids)
index.drop(2)
index.drop(2)
assert index.count(2) == 0
assert index.query(1, vectors[3], 10**6)[0][0] == ids[3]
index.close()
again = ChromaIndex.open(folder)
print(json.dumps([again.count(1), first, again.query(1, vectors[3], 5)]))
again.close()
"""


@pytest.fixture
def vectors() -> Iterator[NDArray[np.float32]]:
    drawn = np.random.default_rng(1).standard_normal((1500, 384)).astype(np.float32)
    yield drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_nearest_vectors_come_back_by_cosine_and_survive_a_restart(
    tmp_path: Path, vectors: NDArray[np.float32]
) -> None:
    np.save(tmp_path / "vectors.npy", vectors)
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "gen-1"), str(tmp_path / "vectors.npy")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert run.returncode == 0, run.stderr
    count, before, after = json.loads(run.stdout)
    assert count == len(vectors)
    exact = vectors @ vectors[3]
    nearest = {1000 + int(at) for at in np.argsort(-exact)[:5]}
    for pairs in (before, after):
        assert pairs[0][0] == 1003
        # The index is approximate; one of five may be the sixth.
        assert len(nearest & {chunk_id for chunk_id, _ in pairs}) >= 4
        for chunk_id, similarity in pairs:
            assert similarity == pytest.approx(float(exact[chunk_id - 1000]), abs=1e-4)
