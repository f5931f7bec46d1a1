"""The JSON documents that the command line promises; a field changes here or nowhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from desktop.domain.answers import Answer, Citation, Statement, Support
from desktop.domain.checks import CollectionCheck, CollectionRepair
from desktop.domain.documents import (
    Block,
    BlockKind,
    Box,
    Collection,
    Document,
    DocumentContent,
    FileOutcome,
    IndexReport,
    Page,
    PageUnit,
)
from desktop.domain.machine import Check
from desktop.domain.models import ModelEntry
from desktop.domain.retrieval import RetrievedChunk, SearchResult


def index_document(report: IndexReport) -> dict[str, Any]:
    return {
        "collection": report.collection,
        "files": [_outcome(file) for file in report.files],
        "counts": report.counts,
        "seconds": round(report.seconds, 3),
        "pages_per_second": round(report.pages_per_second, 2),
        "stopped": report.stopped,
        "removed": list(report.removed),
    }


def search_document(result: SearchResult) -> dict[str, Any]:
    return {
        "query": result.query,
        "mode": result.mode,
        "understood": list(result.understood),
        "hits": [_hit(rank, hit) for rank, hit in enumerate(result.hits, start=1)],
        "seconds": round(result.seconds, 4),
    }


def answer_document(answer: Answer) -> dict[str, Any]:
    figures = answer.figures
    return {
        "answer": answer.text,
        "citations": [_citation(citation) for citation in answer.citations],
        "statements": [_statement(statement) for statement in answer.statements],
        "refused": answer.refused,
        "stopped": answer.stopped,
        "mode": answer.mode,
        "prompt_tokens": figures.prompt_tokens,
        "completion_tokens": figures.completion_tokens,
        "seconds_to_first_token": round(figures.seconds_to_first_token, 4),
        "tokens_per_second": round(figures.tokens_per_second, 2),
        "model": answer.model_id,
    }


def extract_document(path: str, content: DocumentContent) -> dict[str, Any]:
    return {
        "path": path,
        "kind": content.kind,
        "title": content.title,
        **asdict(content.facts),
        "unit": content.unit,
        "pages": [_page(page) for page in content.pages],
        "inner_files": [asdict(inner) for inner in content.inner_files],
        "warnings": list(content.warnings),
    }


def model_document(entry: ModelEntry) -> dict[str, Any]:
    return asdict(entry)


def collection_document(collection: Collection) -> dict[str, Any]:
    return asdict(collection)


def collection_check(check: CollectionCheck) -> dict[str, Any]:
    return {
        "collection": check.collection,
        "ok": check.ok,
        "problems": list(check.problems),
        "counts": {
            "documents": check.documents,
            "chunks": check.chunks,
            "vectors": check.vectors,
            "indexed": check.indexed,
            "copied": check.copied,
        },
    }


def collection_repair(repair: CollectionRepair) -> dict[str, Any]:
    return {
        **collection_check(repair.check),
        "done": list(repair.done),
        "embedded": repair.embedded,
        "vectors_per_second": round(repair.vectors_per_second),
    }


def document_row(document: Document) -> dict[str, Any]:
    row = {
        "path": document.path,
        "title": document.title,
        "kind": document.kind,
        "status": document.status,
        "sha256": document.sha256,
        "size_bytes": document.size_bytes,
        "pages": document.pages,
        "chunks": document.chunks,
    }
    return row | ({"error": document.error_detail} if document.error_detail else {})


def check_document(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "ok": check.ok,
        "seconds": round(check.seconds, 3),
        "detail": check.detail,
    }


def _outcome(file: FileOutcome) -> dict[str, Any]:
    row: dict[str, Any] = {"path": file.path, "status": file.status}
    if file.error:
        row["error"] = file.error
    return row | {"pages": file.pages, "chunks": file.chunks}


def _hit(rank: int, hit: RetrievedChunk) -> dict[str, Any]:
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "path": hit.path,
        "title": hit.title,
        **_place(hit.page, hit.chunk.heading_path),
        "location": _location(
            hit.unit, hit.chunk.page_number, hit.chunk.start, hit.chunk.end, hit.boxes
        ),
        "text": hit.chunk.text,
        "chunk_id": hit.chunk.id,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "marker": citation.marker,
        "path": citation.path,
        "title": citation.title,
        **_place(citation.page, citation.heading_path),
        "location": _location(
            citation.unit, citation.page_number, citation.start, citation.end, citation.boxes
        ),
        "quote": citation.quote,
        "chunk_id": citation.chunk_id,
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "supported": statement.support is Support.SUPPORTED,
        "support": statement.support,
        "markers": list(statement.markers),
        "score": round(statement.score, 4),
    }


def _place(page: int | None, heading_path: tuple[str, ...]) -> dict[str, Any]:
    place: dict[str, Any] = {}
    if page is not None:
        place["page"] = page
    if heading_path:
        place["heading"] = " › ".join(heading_path)
    return place


def _location(
    unit: PageUnit, number: int, start: int, end: int, boxes: tuple[Box, ...]
) -> dict[str, Any]:
    """Where the words stand: the number of a page, slide, sheet, section or part, a span of its
    text, boxes in points."""
    span = {"start": start, "end": end, "boxes": [_box(box) for box in boxes]}
    return {unit.value: number, **span}


def _box(box: Box) -> list[float]:
    return [round(side, 2) for side in (box.left, box.top, box.right, box.bottom)]


def _page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "name": page.name,
        "text": page.text,
        "blocks": [_block(page, block) for block in page.blocks],
        "lines": [[line.start, line.end, *_box(line.box)] for line in page.lines],
    }


def rows_of(table: str) -> list[list[str]]:
    """The cells of a table's text, all rows of one length.

    A row is a line; cells are parted by a bar or, in PDFs, by a tab, and empty ones at a row's
    end are not written.
    """
    between = "\t" if "\t" in table else " | "
    lines = (f" {line}" if line.startswith("| ") else line for line in table.split("\n"))
    rows = [[cell.strip() for cell in line.split(between)] for line in lines]
    columns = max(map(len, rows))
    return [row + [""] * (columns - len(row)) for row in rows]


def _block(page: Page, block: Block) -> dict[str, Any]:
    text = page.text[block.start : block.end]
    row: dict[str, Any] = {
        "kind": block.kind,
        "text": text,
        "heading": " › ".join(block.heading_path),
    }
    if block.kind is BlockKind.TABLE:
        row["rows"] = rows_of(text)
    return row | ({"bbox": _box(block.box)} if block.box else {})
