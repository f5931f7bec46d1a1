"""What was read into a question, in short lines for the person who asked it."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.domain.retrieval import SearchFilters
from desktop.retrieval.query import Query


def understood(query: Query, named: Sequence[str]) -> tuple[str, ...]:
    """One line for each filter, phrase, word left out, other word and named document."""
    lines = [*_filters(query.filters)]
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
