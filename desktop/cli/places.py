"""Where a passage stands, on one line of a terminal."""

from __future__ import annotations

from pathlib import Path

from desktop.domain.documents import PageUnit


def place(path: str, unit: PageUnit, number: int) -> str:
    """`lease.pdf, page 3`; flowing text has no number that means anything to a person."""
    name = Path(path).name
    return name if unit is PageUnit.PART else f"{name}, {unit.value} {number}"
