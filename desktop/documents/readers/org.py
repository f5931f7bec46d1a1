"""Org: headings by their stars, lists, tables, code; without drawers and keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from desktop.documents.charset import TextFile
from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.marked_lines import Collected, grid_row
from desktop.documents.readers.stated_dates import stated_date
from desktop.documents.readers.text import encoding_remarks, printable_lines
from desktop.domain.documents import BlockKind, DocumentFacts, DocumentKind, PageUnit

_HEADING = re.compile(r"(\*+)\s+(?:(?:TODO|DONE|NEXT|WAITING|CANCELLED)\s+)?(?:\[#[A-Z]\]\s+)?(.*)")
_TAGS = re.compile(r"\s+:[\w@#%:]+:\s*$")
_KEYWORD = re.compile(r"\s*#\+(\w+)(?:\[.*?\])?:\s*(.*)")
_BEGIN = re.compile(r"\s*#\+begin_(\w+).*", re.IGNORECASE)
_END = re.compile(r"\s*#\+end_(\w+).*", re.IGNORECASE)
_DRAWER = re.compile(r"\s*:([A-Za-z_-]+):\s*")
_ITEM = re.compile(r"\s*(?:[-+]|\d{1,4}[.)]|\s\*)\s+\S")
_PLANNING = re.compile(r"\s*(?:SCHEDULED|DEADLINE|CLOSED|CLOCK):")
_LINK = re.compile(r"\[\[(?:[^\[\]]*)\]\[([^\[\]]+)\]\]|\[\[([^\[\]]+)\]\]")
_MARK = re.compile(r"(?<![\w\\])([*/_=~+])(?=\S)([^\n]{0,300}?\S)\1(?![\w])")
_CODE = ("src", "example", "export", "verse")
_CAPTIONED = ("caption",)


def read_org(path: Path) -> Reading:
    """Yield the text in parts, without the marks that Org is written with."""
    source = TextFile(path)
    lines = [*printable_lines(source)]
    said = _said(lines)
    facts = DocumentFacts(said.get("author", ""), stated_date(said.get("date", "").strip("<>[]")))
    yield Opened(DocumentKind.ORG, said.get("title") or path.stem, PageUnit.PART, None, facts)
    parts = Parts()
    yield from org_blocks(parts, lines)
    yield from parts.rest()
    yield from encoding_remarks(source)


def org_blocks(parts: Parts, lines: Iterable[str]) -> Iterator[ReadPage]:
    """Add the lines of an Org text."""
    text = Collected(parts)
    inside = ""
    for line in lines:
        if inside:
            if _ends(inside, line):
                inside = ""
                yield from text.flush()
            elif inside != "drawer":
                text.add(BlockKind.CODE, line.removeprefix(","))
        elif match := _BEGIN.fullmatch(line):
            yield from text.flush()
            # What is quoted or centred is text like any other.
            inside = match[1].lower() if match[1].lower() in (*_CODE, "comment") else ""
            inside = "drawer" if inside == "comment" else inside
        elif (match := _DRAWER.fullmatch(line)) and match[1].lower() != "end":
            yield from text.flush()
            inside = "drawer"
        else:
            yield from _plain(parts, text, line)
    yield from text.flush()


def _ends(inside: str, line: str) -> bool:
    if inside == "drawer" and line.strip().lower() == ":end:":
        return True
    return _END.fullmatch(line) is not None


def _plain(parts: Parts, text: Collected, line: str) -> Iterator[ReadPage]:
    if match := _HEADING.match(line):
        yield from text.flush()
        yield from parts.heading(_shown(_TAGS.sub("", match[2])), len(match[1]))
    elif match := _KEYWORD.fullmatch(line):
        yield from text.flush()
        if match[1].lower() in _CAPTIONED:
            yield from parts.block(BlockKind.CAPTION, _shown(match[2]))
    elif not line.strip() or _END.fullmatch(line):
        yield from text.flush()
    elif not _PLANNING.match(line) and not line.lstrip().startswith("# "):
        kind, shown = _body_line(text, line)
        yield from text.change(kind)
        if shown:
            text.add(kind, shown)


def _body_line(text: Collected, line: str) -> tuple[BlockKind, str]:
    bare = line.lstrip()
    if bare.startswith("|"):
        return BlockKind.TABLE, grid_row(_shown(line))
    if bare.startswith(": "):
        return BlockKind.CODE, bare[2:]
    return text.kind_of_line(line, _ITEM), _shown(line)


def _said(lines: Iterable[str]) -> dict[str, str]:
    """The keywords above the first heading."""
    said: dict[str, str] = {}
    for line in lines:
        if _HEADING.match(line):
            break
        if match := _KEYWORD.fullmatch(line):
            said.setdefault(match[1].lower(), match[2].strip()[:200])
    return said


def _shown(text: str) -> str:
    text = _LINK.sub(lambda match: match[1] or match[2], text)
    return _MARK.sub(r"\2", text)
