"""What the OpenDocument formats share: facts, styles, and text as it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.documents.readers.odf_encryption import MANIFEST, decrypted_odf
from desktop.documents.readers.office_facts import iso_date, one_line
from desktop.documents.readers.office_package import OfficePackage, attribute, local_name
from desktop.documents.readers.table_rows import row_text
from desktop.domain.documents import DocumentFacts
from desktop.domain.errors import DamagedFile

CONTENT = "content.xml"
_UNSEEN = frozenset({
    "note", "annotation", "annotation-end", "tracked-changes", "ruby-text", "notes", "table",
    "frame", "custom-shape", "rect", "g", "line", "object", "object-ole", "title", "desc",
    "event-listeners", "forms",
})  # fmt: skip
_SPACES = re.compile(r"[ \t\r]+")
_MOST_SPACES = 100
_MOST_REPEATS = 1_000
_MOST_ANCESTORS = 20
_CAPTIONS = frozenset({"Caption", "Illustration", "Table", "Drawing", "Figure", "Text"})


def open_odf(path: Path, passwords: Sequence[str] = ()) -> OfficePackage:
    """Open the package; raises `PasswordNeeded` where no password opens its parts."""
    package = OfficePackage(path)
    try:
        if _is_encrypted(package):
            content = decrypted_odf(path, package, passwords)
            package.close()
            package = OfficePackage(path, content)
        if not package.has(CONTENT):
            raise DamagedFile(str(path), "its main part is missing")
    except BaseException:
        package.close()
        raise
    return package


def _is_encrypted(package: OfficePackage) -> bool:
    """Whether the list of parts tells how each is encrypted."""
    try:
        return package.has(MANIFEST) and b"encryption-data" in package.part(MANIFEST)
    except DamagedFile:
        return False  # very old programs wrote a document type into it, and no password


def odf_facts(package: OfficePackage) -> tuple[str, DocumentFacts]:
    """The title and the facts of the package, "" where it says nothing."""
    try:
        root = package.tree("meta.xml")
    except DamagedFile:
        return "", DocumentFacts()
    said = {local_name(item): one_line(item.text or "") for item in root.iter()}
    author = said.get("initial-creator") or said.get("creator", "")
    created, modified = iso_date(said.get("creation-date")), iso_date(said.get("date"))
    return said.get("title", ""), DocumentFacts(author, created, modified)


@dataclass(slots=True)
class OdfStyles:
    """Paragraph styles by name with what they are made from, and list styles by name."""

    parents: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Styles of sheets and slides that are not shown."""
    numbered: set[tuple[str, int]] = field(default_factory=set)
    """List styles with the levels, from 0, at which they count."""

    @staticmethod
    def of(package: OfficePackage, content: Any) -> OdfStyles:
        styles = OdfStyles()
        roots = [content]
        if package.has("styles.xml"):
            roots.append(package.tree("styles.xml"))
        for root in roots:
            for style in root.iter("{*}style", "{*}list-style"):
                styles.add(style)
        return styles

    def add(self, style: Any) -> None:
        name = attribute(style, "name")
        if local_name(style) == "list-style":
            for level in style.iterfind("{*}list-level-style-number"):
                place = attribute(level, "level")
                if attribute(level, "num-format") and place.isdecimal():
                    self.numbered.add((name, int(place) - 1))
            return
        self.parents[name] = attribute(style, "parent-style-name")
        for child in style:
            shown = attribute(child, "display"), attribute(child, "visibility")
            if shown[0] == "false" or shown[1] == "hidden":
                self.hidden.add(name)

    def heading_level(self, paragraph: Any) -> int:
        """1 for the document's title, 2 for a first heading, 0 for no heading."""
        said = attribute(paragraph, "outline-level")
        if local_name(paragraph) == "h":
            return (int(said) if said.isdecimal() else 1) + 1
        return 1 if "Title" in self._ancestry(paragraph) else 0

    def is_caption(self, paragraph: Any) -> bool:
        return not _CAPTIONS.isdisjoint(self._ancestry(paragraph))

    def _ancestry(self, paragraph: Any) -> list[str]:
        names: list[str] = []
        name = attribute(paragraph, "style-name")
        while name and len(names) < _MOST_ANCESTORS:
            names.append(name)
            name = self.parents.get(name, "")
        return names


def printed(element: Any) -> str:
    """The text of a paragraph, without notes, comments and what is drawn in it."""
    lines = _SPACES.sub(" ", "".join(_pieces(element))).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def all_printed(element: Any) -> str:
    """The text of all paragraphs within an element, as one line."""
    texts = (printed(paragraph) for paragraph in element.iter("{*}p", "{*}h"))
    return " ".join(" ".join(texts).split())


def repeats(element: Any, what: str) -> int:
    """How often a row or a cell stands there, within reason."""
    said = attribute(element, f"number-{what}-repeated")
    return min(int(said), 1 << 24) if said.isdecimal() and len(said) < 9 else 1


def table_rows(table: Any) -> Iterator[list[str]]:
    """The rows of a table of a text or a slide; covered cells are empty."""
    for row in _rows(table):
        cells: list[str] = []
        for cell in row.iterchildren("{*}table-cell", "{*}covered-table-cell"):
            text = " ".join(_own_texts(cell)) if local_name(cell) == "table-cell" else ""
            cells += [text] * min(repeats(cell, "columns"), _MOST_REPEATS if text else 16)
        yield cells


def table_text(table: Any) -> str:
    rows = [cells for cells in table_rows(table) if any(cells)]
    return "\n".join(map(row_text, rows))


def _own_texts(cell: Any) -> Iterator[str]:
    """The words of a cell without those of a table within it."""
    for child in cell:
        name = local_name(child)
        if name in ("p", "h"):
            yield from printed(child).split()
            yield from (word for box in child.iter("{*}text-box") for word in _own_texts(box))
        elif name not in ("table", "annotation"):
            yield from _own_texts(child)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        name = local_name(child)
        if name == "table-row":
            yield child
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(child)


def _pieces(element: Any) -> Iterator[str]:
    yield (element.text or "").replace("\n", " ")
    for child in element:
        name = local_name(child)
        if name == "s":
            count = attribute(child, "c")
            yield " " * (min(int(count), _MOST_SPACES) if count.isdecimal() else 1)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name not in _UNSEEN:
            yield from _pieces(child)
        yield (child.tail or "").replace("\n", " ")
