"""What a check of a collection finds, and what its repair did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CollectionCheck:
    """One collection as `carrel collections verify` finds it; no problems means whole.

    `vectors` stand in the database, `indexed` are those that a search can reach; `copied` are in
    Chroma, None where it has no copy by design or its copy waits to be built.
    """

    collection: str
    problems: tuple[str, ...]
    documents: int
    chunks: int
    vectors: int
    indexed: int
    copied: int | None

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class CollectionRepair:
    """What `carrel collections repair` did, and how the collection is now."""

    collection: str
    done: tuple[str, ...]
    embedded: int
    vectors_per_second: float
    check: CollectionCheck
