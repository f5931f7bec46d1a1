"""PPTX: slides with their titles, lists, tables, diagrams and charts, then notes and comments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.documents.readers.office_drawings import (
    Drawn,
    chart_blocks,
    diagram_text,
    list_lines,
    paragraphs_of,
    table_lines,
)
from desktop.documents.readers.office_facts import DEFAULT_TITLES, package_facts
from desktop.documents.readers.office_package import (
    OfficePackage,
    attribute,
    local_name,
    relation_id,
)
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit
from desktop.domain.errors import DamagedFile, NoPages

_TITLES = ("title", "ctrTitle")
_RUNNING = {"ftr": BlockKind.FOOTER, "dt": BlockKind.FOOTER, "hdr": BlockKind.HEADER}
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class _Slide:
    part: str
    root: Any
    title: str


def read_pptx(path: Path) -> Reading:
    """Yield one page a slide, hidden ones too."""
    package = OfficePackage(path)
    try:
        deck = _Deck(package, path)
        title, facts = package_facts(package)
        count = len(deck.slides)
        if title in DEFAULT_TITLES:
            title = ""
        yield Opened(DocumentKind.PPTX, title or path.stem, PageUnit.SLIDE, count, facts)
        yield from deck.read()
        yield from deck.remarks()
    finally:
        package.close()


class _Deck:
    def __init__(self, package: OfficePackage, path: Path) -> None:
        self._package = package
        mains = [item.target for item in package.relations("") if item.role == "officeDocument"]
        main = mains[0] if mains else "ppt/presentation.xml"
        if not package.has(main):
            raise DamagedFile(str(path), "its main part is missing")
        targets = {item.id: item.target for item in package.relations(main)}
        listed = [
            targets.get(relation_id(element), "")
            for element in package.tree(main).iterfind("{*}sldIdLst/{*}sldId")
        ]
        if not listed:
            raise NoPages(str(path))
        if not all(map(package.has, listed)):
            raise DamagedFile(str(path), "a slide that it lists is missing")
        self.slides = listed
        self._hidden: list[int] = []
        self._people = dict(self._authors(targets.values()))

    def read(self) -> Iterator[ReadPage]:
        parts = Parts(cut=False)
        for number, name in enumerate(self.slides, start=1):
            root = self._package.tree(name)
            if attribute(root, "show") in ("0", "false"):
                self._hidden.append(number)
            yield from self._slide(_Slide(name, root, _title_of(root)), parts)
        yield from parts.rest()

    def remarks(self) -> Iterator[Remark]:
        if self._hidden:
            named = ", ".join(map(str, self._hidden[:_MOST_NAMED]))
            more = len(self._hidden) - _MOST_NAMED
            yield Remark(
                f"Hidden slides were read too: {named}"
                + (f" and {more} more." if more > 0 else ".")
            )

    def _slide(self, slide: _Slide, parts: Parts) -> Iterator[ReadPage]:
        yield from parts.begin(slide.title)
        yield from parts.heading(slide.title, 1)
        relations = {item.id: item for item in self._package.relations(slide.part)}
        targets = {
            key: item.target for key, item in relations.items() if self._package.has(item.target)
        }
        for shape in _shapes(slide.root.find("{*}cSld/{*}spTree")):
            for kind, text in self._drawn(shape, targets):
                yield from parts.block(kind, text)
        related = [(item.role, targets[key]) for key, item in relations.items() if key in targets]
        for label, texts in (("Notes", self._notes(related)), ("Comments", self._said(related))):
            parts.enter(label, 2)
            for text in texts:
                yield from parts.block(BlockKind.PARAGRAPH, text)

    def _drawn(self, shape: Any, targets: dict[str, str]) -> Iterator[Drawn]:
        if local_name(shape) == "graphicFrame":
            yield from self._framed(shape, targets)
            return
        place = _placeholder(shape)
        body = shape.find("{*}txBody")
        if body is None or place in (*_TITLES, "sldNum"):
            return
        if place in _RUNNING:
            yield _RUNNING[place], " ".join(text for _, text in paragraphs_of(body))
        else:
            yield from list_lines(body, bulleted=place in ("body", "obj", ""))

    def _framed(self, frame: Any, targets: dict[str, str]) -> Iterator[Drawn]:
        for table in frame.iter("{*}tbl"):
            yield BlockKind.TABLE, table_lines(table)
        for chart in frame.iter("{*}chart"):
            if name := targets.get(relation_id(chart)):
                yield from chart_blocks(self._package, name, data=True)
        for diagram in frame.iter("{*}relIds"):
            if name := targets.get(attribute(diagram, "dm")):
                yield BlockKind.LIST, diagram_text(self._package, name)

    def _notes(self, related: list[tuple[str, str]]) -> Iterator[str]:
        for role, name in related:
            if role == "notesSlide":
                for shape in _shapes(self._package.tree(name).find("{*}cSld/{*}spTree")):
                    body = shape.find("{*}txBody")
                    if body is not None and _placeholder(shape) in ("body", None):
                        yield "\n".join(text for _, text in paragraphs_of(body))

    def _said(self, related: list[tuple[str, str]]) -> Iterator[str]:
        for role, name in related:
            if role == "comments":
                for comment in self._package.tree(name).iter("{*}cm", "{*}reply"):
                    author = self._people.get(attribute(comment, "authorId"), "")
                    body = comment.find("{*}txBody")
                    lines = [text for _, text in paragraphs_of(body)] if body is not None else []
                    text = comment.findtext("{*}text") or " ".join(lines)
                    if text.strip():
                        yield f"{author}: {text.strip()}" if author else text.strip()

    def _authors(self, names: Any) -> Iterator[tuple[str, str]]:
        for name in names:
            if name.endswith(("commentAuthors.xml", "authors.xml")) and self._package.has(name):
                for author in self._package.tree(name).iter("{*}cmAuthor", "{*}author"):
                    yield attribute(author, "id"), attribute(author, "name")


def _shapes(tree: Any) -> Iterator[Any]:
    """Each shape in the order of the file, groups opened, and of alternatives the first."""
    for child in tree if tree is not None else ():
        name = local_name(child)
        if name in ("grpSp", "AlternateContent", "Choice"):
            yield from _shapes(child)
        elif name in ("sp", "graphicFrame", "cxnSp", "pic"):
            yield child


def _placeholder(shape: Any) -> str | None:
    """The type of the place that the shape fills, "" for the usual one, None for a free shape."""
    mark = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    return attribute(mark, "type") if mark is not None else None


def _title_of(root: Any) -> str:
    for shape in _shapes(root.find("{*}cSld/{*}spTree")):
        body = shape.find("{*}txBody")
        if body is not None and _placeholder(shape) in _TITLES:
            return " ".join(" ".join(text for _, text in paragraphs_of(body)).split())
    return ""
