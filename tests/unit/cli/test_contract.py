"""The JSON of `carrel extract`: fields that scripts rely on."""

from __future__ import annotations

from desktop.cli.contract import extract_document, rows_of
from desktop.domain.documents import (
    Block,
    BlockKind,
    Box,
    DocumentContent,
    DocumentFacts,
    DocumentKind,
    InnerFile,
    Page,
    PageUnit,
)


def test_an_extracted_document_has_its_facts_pages_tables_and_inner_files() -> None:
    text = "Stock\n\nItem | Count\nLedger |  | 7"
    blocks = (
        Block(BlockKind.HEADING, 0, 5, ("Stock",)),
        Block(BlockKind.TABLE, 7, len(text), ("Stock",), Box(1, 2, 3, 4)),
    )
    content = DocumentContent(
        DocumentKind.XLSX,
        "Book",
        (Page(1, text, blocks, name="Sheet 1"),),
        PageUnit.SHEET,
        ("Careful.",),
        DocumentFacts("Ada", "2024-01-02", "", "en"),
        (InnerFile("a.pdf", 12),),
    )
    assert extract_document("/b.xlsx", content) == {
        "path": "/b.xlsx",
        "kind": "xlsx",
        "title": "Book",
        "author": "Ada",
        "created": "2024-01-02",
        "modified": "",
        "language": "en",
        "unit": "sheet",
        "pages": [
            {
                "number": 1,
                "name": "Sheet 1",
                "text": text,
                "blocks": [
                    {"kind": "heading", "text": "Stock", "heading": "Stock"},
                    {
                        "kind": "table",
                        "text": "Item | Count\nLedger |  | 7",
                        "heading": "Stock",
                        "rows": [["Item", "Count", ""], ["Ledger", "", "7"]],
                        "bbox": [1, 2, 3, 4],
                    },
                ],
                "lines": [],
            }
        ],
        "inner_files": [{"name": "a.pdf", "size_bytes": 12}],
        "warnings": ["Careful."],
    }


def test_rows_have_all_their_cells_empty_ones_too() -> None:
    assert rows_of(" | Count\nLedger | 7\nShelf") == [["", "Count"], ["Ledger", "7"], ["Shelf", ""]]
    assert rows_of("| Count\nLedger | 7") == [["", "Count"], ["Ledger", "7"]]
    assert rows_of("Item\tCount\nA | B\t\t7") == [["Item", "Count", ""], ["A | B", "", "7"]]
