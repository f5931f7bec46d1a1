"""`carrel search`: the passages that fit a question, best first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from desktop.cli.contract import search_document
from desktop.cli.options import AsJson, CollectionName, DataDir
from desktop.cli.session import Session, one_line, session
from desktop.domain.retrieval import SearchFilters, SearchMode, SearchResult

_SHOWN_CHARACTERS = 240
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _several(name: str, help_text: str) -> Any:
    return typer.Option(f"--{name}", metavar="TEXT", help=help_text)


_Names = Annotated[list[str] | None, _several("file", "Only files with this in their name.")]
_Folders = Annotated[list[str] | None, _several("folder", "Only folders with this in their path.")]
_Kinds = Annotated[list[str] | None, _several("kind", "Only this kind of file: pdf, docx, ...")]
_Authors = Annotated[list[str] | None, _several("author", "Only files by this author.")]
_Headings = Annotated[list[str] | None, _several("heading", "Only under a heading with this.")]


def search(  # noqa: PLR0913, PLR0917  (an option each)
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
    file: _Names = None,
    folder: _Folders = None,
    kind: _Kinds = None,
    author: _Authors = None,
    heading: _Headings = None,
    after: Annotated[str, typer.Option(metavar="DATE", help="Not older than this day.")] = "",
    before: Annotated[str, typer.Option(metavar="DATE", help="Not newer than this day.")] = "",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find passages by words and by meaning; --mode shows each search alone.

    Filters can be options or be typed in the question: file:lease after:2023-05 kind:pdf. Words in
    quotes must be there as they are; -word must not. Of several filters of one kind any is enough.
    """
    filters = SearchFilters(
        files=tuple(file or ()),
        folders=tuple(folder or ()),
        kinds=tuple(kind or ()),
        authors=tuple(author or ()),
        headings=tuple(heading or ()),
        after=_date(after),
        before=_date(before),
    )
    if (query is None) == (queries is None):
        raise typer.BadParameter("Give a QUERY or --queries FILE.jsonl, one of the two.")
    asked = list(_questions(queries)) if queries else []
    with session(context, data_dir, as_json) as opened:
        if query is not None:
            _show(opened, _found(opened, query, collection, top, mode, filters))
        for row in asked:
            result = _found(opened, row["question"], collection, top, mode, filters)
            opened.print_json({"id": row["id"], **search_document(result)})


def _date(written: str) -> str:
    if not written or _DATE.fullmatch(written):
        return written
    raise typer.BadParameter(f"{written} is no date such as 2024, 2024-03 or 2024-03-01.")


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
    opened: Session,
    query: str,
    collection: str,
    top: int,
    mode: SearchMode,
    filters: SearchFilters,
) -> SearchResult:
    search = opened.assistant.library.search
    result = opened.result(search(query, collection, top, mode, filters))
    assert isinstance(result, SearchResult)
    return result


def _show(opened: Session, result: SearchResult) -> None:
    if opened.json:
        opened.print_json(search_document(result))
        return
    for line in result.understood:
        opened.print_line(one_line(f"    {line}"))
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
