"""The evaluation data beside the checkout; tests that need it say so and are skipped without."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

VARIABLE = "CARREL_SHARED"
REPOSITORY = Path(__file__).parents[2]


def shared_data(*parts: str) -> Path:
    """Return a path under the shared data, or skip the test with the reason."""
    root = Path(os.environ.get(VARIABLE, REPOSITORY.parent / "shared"))
    path = root.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"no evaluation data at {path}; {VARIABLE} names the folder that has it")
    return path
