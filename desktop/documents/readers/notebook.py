"""Notebooks: their notes as Markdown, their code and what it printed as code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from desktop.documents.content import ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.markdown import first_heading, markdown_blocks
from desktop.documents.readers.text import printable
from desktop.domain.documents import BlockKind, DocumentFacts

_LONGEST_OUTPUT = 20_000


def is_notebook(value: Any) -> bool:
    """Whether this JSON value is a notebook's, of any version."""
    if not isinstance(value, Mapping) or "nbformat" not in value:
        return False
    return isinstance(value.get("cells", value.get("worksheets")), list)


def notebook_facts(notebook: Mapping[str, Any]) -> tuple[str, DocumentFacts]:
    """The notebook's title, from its metadata or its first heading, and its authors."""
    metadata = notebook.get("metadata")
    known: Mapping[str, Any] = metadata if isinstance(metadata, Mapping) else {}
    authors = known.get("authors")
    names = [
        str(author.get("name", "")) if isinstance(author, Mapping) else str(author)
        for author in (authors if isinstance(authors, list) else [])
    ]
    notes = (_source(cell) for cell in _cells(notebook) if cell.get("cell_type") == "markdown")
    title = known.get("title") or next(filter(None, map(first_heading, notes)), "")
    return " ".join(str(title).split())[:200], DocumentFacts(author=", ".join(filter(None, names)))


def notebook_parts(notebook: Mapping[str, Any]) -> Iterator[ReadPage]:
    """Cut the cells into blocks and these into parts; pictures are passed over."""
    parts = Parts()
    for cell in _cells(notebook):
        source = printable(_source(cell))
        match cell.get("cell_type"):
            case "markdown":
                yield from markdown_blocks(parts, source)
            case "heading":
                level = str(cell.get("level", "1"))
                yield from parts.heading(source, int(level) if level.isdecimal() else 1)
            case "code":
                yield from parts.block(BlockKind.CODE, source)
                for text in _outputs(cell):
                    yield from parts.block(BlockKind.CODE, text)
            case _:
                yield from parts.block(BlockKind.PARAGRAPH, source)
    yield from parts.rest()


def _cells(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    sheets = notebook.get("worksheets")
    holders = [notebook, *(sheets if isinstance(sheets, list) else [])]
    for holder in holders:
        cells = holder.get("cells") if isinstance(holder, Mapping) else None
        for cell in cells if isinstance(cells, list) else []:
            if isinstance(cell, Mapping):
                yield cell


def _source(cell: Mapping[str, Any]) -> str:
    return _joined(cell.get("source", cell.get("input", "")))


def _outputs(cell: Mapping[str, Any]) -> Iterator[str]:
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, Mapping):
            continue
        data = output.get("data")
        shown = data.get("text/plain", "") if isinstance(data, Mapping) else ""
        text = _joined(output.get("text", shown)) or _failure(output)
        yield printable(text)[:_LONGEST_OUTPUT]


def _failure(output: Mapping[str, Any]) -> str:
    if "ename" not in output:
        return ""
    return f"{output['ename']}: {output.get('evalue', '')}"


def _joined(text: Any) -> str:
    if isinstance(text, list):
        return "".join(map(str, text))
    return text if isinstance(text, str) else ""
