"""Filters brought down to the chunks that may be found."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop.domain.documents import Chunk, Document
from desktop.domain.retrieval import SearchFilters
from desktop.storage.token_table import RowRanges

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KINDS = {"word": "docx", "excel": "xlsx", "powerpoint": "pptx", "mail": "eml", "email": "eml"}


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that count, and the ids of their chunks as ascending ranges."""

    documents: frozenset[int]
    ranges: RowRanges

    def chunk_ids(self) -> NDArray[np.int64]:
        import numpy as np

        parts = [np.arange(first, last + 1, dtype=np.int64) for first, last in self.ranges]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)


def chosen(documents: Iterable[Document], filters: SearchFilters) -> list[Document]:
    """The documents that pass the filters; headings are looked at chunk by chunk."""
    return [document for document in documents if _passes(document, filters)]


def joined_ranges(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ascending ranges, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def under_headings(chunk: Chunk, headings: Sequence[str]) -> bool:
    """Whether the chunk stands under any heading that holds one of the texts."""
    if not headings:
        return True
    path = " > ".join(chunk.heading_path).casefold()
    return any(heading.casefold() in path for heading in headings)


def _passes(document: Document, filters: SearchFilters) -> bool:
    folder, name = os.path.split(document.path)
    ending = os.path.splitext(name)[1].lstrip(".").lower()
    kinds = {str(document.kind or ""), ending}
    wanted = [_KINDS.get(kind.lower(), kind.lower().lstrip(".")) for kind in filters.kinds]
    return (
        _holds_any(name + " " + document.title, filters.files)
        and _holds_any(folder, filters.folders)
        and _holds_any(document.facts.author, filters.authors)
        and (not wanted or any(kind in kinds for kind in wanted))
        and _in_time(_date(document), filters)
    )


def _holds_any(text: str, parts: Sequence[str]) -> bool:
    text = text.casefold()
    return not parts or any(part.casefold() in text for part in parts)


def _date(document: Document) -> str:
    said = document.facts.modified or document.facts.created
    if said:
        return said
    return datetime.fromtimestamp(document.modified_ns / 1e9, UTC).date().isoformat()


def _in_time(date: str, filters: SearchFilters) -> bool:
    # ISO dates compare as texts; one that is cut short stands for all of its days.
    after, before = filters.after, filters.before
    return (not after or date[: len(after)] >= after) and (
        not before or date[: len(before)] <= before
    )
