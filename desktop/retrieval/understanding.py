"""What was read into a question, in short lines for the person who asked it."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.retrieval import SearchFilters
from desktop.retrieval.query import Query


def understood(query: Query, named: Sequence[str]) -> tuple[str, ...]:
    """One line for all that was read into a question, in a fixed order."""
    lines = [*_filters(query.filters)]
    lines += [f"{typed}: no date, searched for as words" for typed in query.misread]
    lines += [f"exactly: {phrase}" for phrase in query.exact]
    lines += [f"without: {' '.join(phrase)}" for phrase in query.asked.excluded]
    lines += [f"{other.asked}: also {other.also}" for other in query.others]
    lines += [f"names: {title}" for title in named]
    return tuple(lines)


def _filters(filters: SearchFilters) -> list[str]:
    values = {
        "file": filters.files,
        "folder": filters.folders,
        "kind": filters.kinds,
        "author": filters.authors,
        "heading": filters.headings,
        "after": (filters.after,) if filters.after else (),
        "before": (filters.before,) if filters.before else (),
    }
    return [f"{name}: {', '.join(each)}" for name, each in values.items() if each]
