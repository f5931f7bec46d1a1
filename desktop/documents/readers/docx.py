"""DOCX: paragraphs, headings, numbered lists, tables, notes and text boxes from the parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.docx_math import formula_text
from desktop.documents.readers.docx_numbering import Numbering
from desktop.documents.readers.docx_styles import Styles
from desktop.documents.readers.office_drawings import Drawn, chart_blocks, diagram_text
from desktop.documents.readers.office_facts import package_facts
from desktop.documents.readers.office_package import (
    OfficePackage,
    attribute,
    local_name,
    relation_id,
)
from desktop.documents.readers.table_rows import row_text
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile

# Deleted and moved-away text, second copies of shapes for old programs, and field codes.
_UNSEEN = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr"})
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_WIDEST_CELL = 100
_BOLD_HEADING_LEVEL = 9
_LONGEST_BOLD_HEADING = 90


def read_docx(path: Path) -> Reading:
    """Yield the text in parts; headers first, footers and comments last."""
    package = OfficePackage(path)
    try:
        document = _Document(package, path)
        title, facts = package_facts(package)
        yield Opened(DocumentKind.DOCX, title or path.stem, PageUnit.PART, None, facts)
        yield from document.read()
    finally:
        package.close()


class _Document:
    def __init__(self, package: OfficePackage, path: Path) -> None:
        self._package = package
        self._parts = Parts()
        mains = [item.target for item in package.relations("") if item.role == "officeDocument"]
        self._main = mains[0] if mains else "word/document.xml"
        if not package.has(self._main):
            raise DamagedFile(str(path), "its main part is missing")
        self._targets: dict[str, str] = {}
        self._related: dict[str, list[str]] = {}
        for relation in package.relations(self._main):
            if package.has(relation.target):
                self._targets[relation.id] = relation.target
                self._related.setdefault(relation.role, []).append(relation.target)
        self._styles = Styles.of(self._tree("styles"))
        self._numbering = Numbering.of(self._tree("numbering"))
        self._notes = {role: self._notes_of(role) for role in _NOTES.values()}
        self._items: list[str] = []

    def read(self) -> Iterator[ReadPage]:
        yield from self._running("header", BlockKind.HEADER)
        for element in self._package.children_of(self._main, "body"):
            yield from self._body_element(element)
        yield from self._end_list()
        for name in self._related.get("comments", []):
            for comment in self._package.tree(name):
                yield from self._parts.block(BlockKind.PARAGRAPH, _paragraphs_text(comment))
        yield from self._running("footer", BlockKind.FOOTER)
        yield from self._parts.rest()

    def _tree(self, role: str) -> Any:
        names = self._related.get(role)
        return self._package.tree(names[0]) if names else None

    def _notes_of(self, role: str) -> dict[str, str]:
        root = self._tree(role)
        if root is None:
            return {}
        return {attribute(note, "id"): _paragraphs_text(note) for note in root}

    def _running(self, role: str, kind: BlockKind) -> Iterator[ReadPage]:
        texts = (_paragraphs_text(self._package.tree(name)) for name in self._related.get(role, []))
        for text in dict.fromkeys(texts):
            yield from self._parts.block(kind, text)

    def _body_element(self, element: Any) -> Iterator[ReadPage]:
        name = local_name(element)
        if name == "p":
            yield from self._paragraph(element)
        elif name == "tbl":
            yield from self._end_list()
            yield from self._table(element)
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            for child in element:
                yield from self._body_element(child)

    def _paragraph(self, paragraph: Any) -> Iterator[ReadPage]:
        text = _text_of(paragraph).strip()
        if text:
            yield from self._written(paragraph, text)
        for box in _text_boxes(paragraph):
            yield from self._end_list()
            for child in box:
                yield from self._body_element(child)
        for kind, words in self._drawn_in(paragraph):
            yield from self._end_list()
            yield from self._parts.block(kind, words)
        for note in self._notes_in(paragraph):
            yield from self._end_list()
            yield from self._parts.block(BlockKind.PARAGRAPH, note)

    def _drawn_in(self, paragraph: Any) -> Iterator[Drawn]:
        for element in paragraph.iter("{*}chart", "{*}relIds"):
            if name := self._targets.get(relation_id(element)):
                yield from chart_blocks(self._package, name, data=True)
            elif name := self._targets.get(attribute(element, "dm")):
                yield BlockKind.LIST, diagram_text(self._package, name)

    def _written(self, paragraph: Any, text: str) -> Iterator[ReadPage]:
        style = self._styles.of_paragraph(paragraph)
        label = self._numbering.next_label(*style.list_place) if style.list_place else ""
        level = style.heading_level
        is_plain = not level and not label and not style.contents_level
        if is_plain and _is_bold_line(paragraph, text):
            level = _BOLD_HEADING_LEVEL
        if level:
            yield from self._end_list()
            yield from self._parts.heading(f"{label} {text}" if label != "-" else text, level)
        elif style.list_place:
            indent = "  " * style.list_place[1]
            self._items.append(f"{indent}{label} {text}" if label else indent + text)
        elif style.contents_level:
            self._items.append("  " * (style.contents_level - 1) + " ".join(text.split()))
        else:
            yield from self._end_list()
            kind = BlockKind.CAPTION if style.is_caption else BlockKind.PARAGRAPH
            yield from self._parts.block(kind, text)

    def _end_list(self) -> Iterator[ReadPage]:
        if self._items:
            items, self._items = self._items, []
            yield from self._parts.block(BlockKind.LIST, "\n".join(items))

    def _table(self, table: Any) -> Iterator[ReadPage]:
        rows = [[*_row(row)] for row in table.iterfind("{*}tr")]
        if rows and all(len([*_cells(row)]) == 1 for row in table.iterfind("{*}tr")):
            # One column is a frame around text.
            for cell in table.iterfind("{*}tr/{*}tc"):
                for child in cell:
                    yield from self._body_element(child)
            yield from self._end_list()
            return
        yield from self._parts.block(BlockKind.TABLE, "\n".join(map(row_text, filter(any, rows))))

    def _notes_in(self, paragraph: Any) -> Iterator[str]:
        for element in paragraph.iter():
            role = _NOTES.get(local_name(element))
            if role and (text := self._notes[role].get(attribute(element, "id"))):
                yield text


def _text_of(element: Any) -> str:
    """What is printed of a paragraph, its text boxes left out."""
    pieces: list[str] = []
    for child in element:
        name = local_name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in ("tab", "ptab"):
            pieces.append("\t")
        elif name in ("br", "cr"):
            pieces.append("\n")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name == "oMath":
            pieces.append(formula_text(child))
        elif name not in _UNSEEN and name != "txbxContent":
            pieces.append(_text_of(child))
    return "".join(pieces)


def _text_boxes(element: Any) -> Iterator[Any]:
    for child in element:
        name = local_name(child)
        if name == "txbxContent":
            yield child
        elif name not in _UNSEEN:
            yield from _text_boxes(child)


def _paragraphs_text(element: Any) -> str:
    texts = []
    for paragraph in element.iter("{*}p"):
        texts.append(_text_of(paragraph).strip())
    return "\n".join(filter(None, texts))


def _row(row: Any) -> Iterator[str]:
    """The cells' texts; one over several columns leaves the others empty."""
    yield from [""] * _columns(row, "trPr", "gridBefore")
    for cell in _cells(row):
        yield " ".join(_paragraphs_text(cell).split())
        yield from [""] * (_columns(cell, "tcPr", "gridSpan") - 1)


def _columns(element: Any, properties: str, name: str) -> int:
    found = element.find(f"{{*}}{properties}/{{*}}{name}")
    written = attribute(found, "val") if found is not None else ""
    return min(int(written), _WIDEST_CELL) if written.isdecimal() else 0


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        name = local_name(child)
        if name == "tc":
            yield child
        elif name in ("sdt", "sdtContent", "customXml"):
            yield from _cells(child)


def _is_bold_line(paragraph: Any, text: str) -> bool:
    if len(text) > _LONGEST_BOLD_HEADING or text.endswith((".", ",", ";")) or "\n" in text:
        return False
    runs = [run for run in paragraph.iter("{*}r") if _text_of(run).strip()]
    return bool(runs) and all(map(_is_bold, runs)) and any(map(str.isalpha, text))


def _is_bold(run: Any) -> bool:
    mark = run.find("{*}rPr/{*}b")
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")
