"""XLSX: sheets row by row as tables of shown values, with comments, text boxes and charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.office_drawings import chart_blocks, paragraph_text
from desktop.documents.readers.office_facts import package_facts
from desktop.documents.readers.office_package import (
    OfficePackage,
    attribute,
    local_name,
    relation_id,
)
from desktop.documents.readers.sheet_tables import SheetTables
from desktop.documents.readers.xlsx_cells import (
    CellTexts,
    SharedStrings,
    format_codes,
    rich_text,
    shared_strings,
)
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile

_RUNNING = {"oddHeader": BlockKind.HEADER, "oddFooter": BlockKind.FOOTER}
_RUNNING_CODE = re.compile(r'&(?:"[^"]*"|\d+|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|[A-Za-z])')
_THREAD_NOTICE = "[Threaded comment]"


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    is_hidden: bool


def read_xlsx(path: Path) -> Reading:
    """Yield the sheets in order, long ones as several pages of one name."""
    package = OfficePackage(path)
    try:
        workbook = _Workbook(package, path)
        title, facts = package_facts(package)
        yield Opened(DocumentKind.XLSX, title or path.stem, PageUnit.SHEET, facts=facts)
        yield from workbook.read()
        yield from workbook.remarks()
    finally:
        package.close()


class _Workbook:
    def __init__(self, package: OfficePackage, path: Path) -> None:
        self._package = package
        self._path = path
        mains = [item.target for item in package.relations("") if item.role == "officeDocument"]
        self._main = mains[0] if mains else "xl/workbook.xml"
        if not package.has(self._main):
            raise DamagedFile(str(path), "its main part is missing")
        self._related = {item.id: item for item in package.relations(self._main)}
        self._root = package.tree(self._main)
        self._sheets = list(self._listed())
        if not self._sheets:
            raise DamagedFile(str(path), "it has no sheet")
        self._cut: list[str] = []
        self._unfinished = 0
        self._lost = 0
        self._is_odd = False

    def _listed(self) -> Iterator[_Sheet]:
        for element in self._root.iterfind("{*}sheets/{*}sheet"):
            relation = self._related.get(relation_id(element))
            if relation is not None and self._package.has(relation.target):
                hidden = attribute(element, "state") in ("hidden", "veryHidden")
                yield _Sheet(attribute(element, "name"), relation.target, hidden)

    def read(self) -> Iterator[ReadPage]:
        cells = self._cell_texts()
        people = self._people()
        parts = Parts()
        for sheet in self._sheets:
            yield from parts.begin(sheet.name)
            yield from self._sheet(sheet, parts, cells)
            for role, name in self._parts_of(sheet.part):
                if role == "drawing":
                    yield from self._drawing(name, parts)
            for text in self._comments(sheet.part, people):
                yield from parts.block(BlockKind.PARAGRAPH, text)
        yield from parts.rest()
        self._unfinished = cells.unfinished
        self._lost = cells.lost

    def remarks(self) -> Iterator[Remark]:
        hidden = [f"“{sheet.name}”" for sheet in self._sheets if sheet.is_hidden]
        if hidden:
            yield Remark(f"Hidden sheets were read too: {', '.join(hidden)}.")
        if self._unfinished:
            yield Remark(f"Formulas without a stored result: {self._unfinished:,}.")
        if self._lost:
            yield Remark(f"Texts of cells that are missing in the file: {self._lost:,}.")
        if self._is_odd:
            yield Remark("The file is damaged; what could be read of it was read.")
        for name in self._cut:
            yield Remark(f"The sheet “{name}” is longer than what is read of one sheet.")

    def _cell_texts(self) -> CellTexts:
        strings = SharedStrings()
        styles = None
        for relation in self._related.values():
            if relation.role == "sharedStrings" and self._package.has(relation.target):
                strings = shared_strings(self._package, relation.target, str(self._path))
            elif relation.role == "styles" and self._package.has(relation.target):
                styles = self._package.tree(relation.target)
        calendar = self._root.find("{*}workbookPr")
        old = calendar is not None and attribute(calendar, "date1904") in ("1", "true")
        self._is_odd = strings.miscounted
        return CellTexts(strings.texts, format_codes(styles), since_1904=old)

    def _sheet(self, sheet: _Sheet, parts: Parts, cells: CellTexts) -> Iterator[ReadPage]:
        tables = SheetTables(parts)
        number = 0
        running: list[tuple[BlockKind, str]] = []
        for element in self._package.elements(sheet.part, ("row", *_RUNNING)):
            kind = _RUNNING.get(local_name(element))
            if kind is not None:
                running.append((kind, _running_text(element.text or "")))
                continue
            said = element.get("r", "")
            number = int(said) if said.isdecimal() else number + 1
            if shown := cells.of_row(element):
                yield from tables.row(number, shown)
            if tables.is_full:
                self._cut.append(sheet.name)
                break
        yield from tables.end()
        for kind, text in running:
            yield from parts.block(kind, text)

    def _drawing(self, name: str, parts: Parts) -> Iterator[ReadPage]:
        for body in self._package.tree(name).iter("{*}txBody"):
            lines = [paragraph_text(line) for line in body.iterfind("{*}p")]
            yield from parts.block(BlockKind.PARAGRAPH, "\n".join(filter(None, lines)))
        for role, chart in self._parts_of(name):
            if role == "chart":
                for kind, text in chart_blocks(self._package, chart, data=False):
                    yield from parts.block(kind, text)

    def _comments(self, sheet: str, people: dict[str, str]) -> Iterator[str]:
        parts = self._parts_of(sheet)
        threads = [name for role, name in parts if role == "threadedComment"]
        for name in threads:
            for comment in self._package.tree(name).iterfind("{*}threadedComment"):
                author = people.get(attribute(comment, "personId"), "")
                yield from _comment(comment, author, comment.findtext("{*}text") or "")
        for name in (name for role, name in parts if role == "comments"):
            root = self._package.tree(name)
            authors = [author.text or "" for author in root.iterfind("{*}authors/{*}author")]
            for comment in root.iterfind("{*}commentList/{*}comment"):
                text = "".join(rich_text(item) for item in comment.iterfind("{*}text"))
                if not (threads and text.startswith(_THREAD_NOTICE)):
                    number = attribute(comment, "authorId")
                    known = number.isdecimal() and int(number) < len(authors)
                    yield from _comment(comment, authors[int(number)] if known else "", text)

    def _people(self) -> dict[str, str]:
        names = [item.target for item in self._related.values() if item.role == "person"]
        return {
            attribute(person, "id"): attribute(person, "displayName")
            for name in names
            if self._package.has(name)
            for person in self._package.tree(name).iterfind("{*}person")
        }

    def _parts_of(self, name: str) -> list[tuple[str, str]]:
        relations = self._package.relations(name)
        return [(item.role, item.target) for item in relations if self._package.has(item.target)]


def _comment(comment: Any, author: str, text: str) -> Iterator[str]:
    """Where a comment stands, whose it is, and what it says."""
    author = "" if author.startswith("tc=") else author
    said = " ".join(text.split()).removeprefix(f"{author}:").strip()
    if said:
        by = f", {author}" if author else ""
        yield f"Comment on {attribute(comment, 'ref')}{by}: {said}"


def _running_text(text: str) -> str:
    return " ".join(_RUNNING_CODE.sub(" ", text.replace("&&", "\0")).replace("\0", "&").split())
