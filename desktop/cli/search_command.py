"""`carrel search`: the passages that fit a question, best first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from desktop.cli.contract import search_document
from desktop.cli.options import AsJson, CollectionName, DataDir
from desktop.cli.session import Session, one_line, session
from desktop.domain.retrieval import SearchMode, SearchResult

_SHOWN_CHARACTERS = 240


def search(
    context: typer.Context,
    collection: CollectionName,
    query: Annotated[str | None, typer.Argument(metavar="QUERY")] = None,
    queries: Annotated[
        Path | None,
        typer.Option(
            "--queries",
            metavar="FILE.jsonl",
            exists=True,
            dir_okay=False,
            help='Many questions, a line each: {"id": ..., "question": ...}.',
        ),
    ] = None,
    top: Annotated[int, typer.Option("--top", "-k", min=1, max=200, metavar="K")] = 10,
    mode: Annotated[SearchMode, typer.Option("--mode")] = SearchMode.HYBRID,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find passages by words and by meaning; --mode shows each search alone."""
    if (query is None) == (queries is None):
        raise typer.BadParameter("Give a QUERY or --queries FILE.jsonl, one of the two.")
    asked = list(_questions(queries)) if queries else []
    with session(context, data_dir, as_json) as opened:
        if query is not None:
            _show(opened, _found(opened, query, collection, top, mode))
        for row in asked:
            result = _found(opened, row["question"], collection, top, mode)
            opened.print_json({"id": row["id"], **search_document(result)})


def _questions(path: Path) -> Iterator[dict[str, Any]]:
    # Bytes, line by line: text has more line breaks than JSON lines know.
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield {"id": row["id"], "question": str(row["question"])}
        except (ValueError, KeyError, TypeError):
            raise typer.BadParameter(
                f'Line {number} of {path.name} is not {{"id": ..., "question": ...}}.'
            ) from None


def _found(
    opened: Session, query: str, collection: str, top: int, mode: SearchMode
) -> SearchResult:
    result = opened.result(opened.assistant.library.search(query, collection, top, mode))
    assert isinstance(result, SearchResult)
    return result


def _show(opened: Session, result: SearchResult) -> None:
    if opened.json:
        opened.print_json(search_document(result))
        return
    if not result.hits:
        opened.print_line("Nothing found.")
    for rank, hit in enumerate(result.hits, start=1):
        place = f", page {hit.page}" if hit.page is not None else ""
        heading = f"  {' › '.join(hit.chunk.heading_path)}" if hit.chunk.heading_path else ""
        where = f"{Path(hit.path).name}{place}{heading}"
        opened.print_line(one_line(f"{rank:2}. {where}  ({hit.score:.3f})"))
        words = " ".join(hit.chunk.text.split())
        cut = words[:_SHOWN_CHARACTERS] + ("…" if len(words) > _SHOWN_CHARACTERS else "")
        opened.print_line(f"    {cut}")
