"""reStructuredText: headings by their lines, lists, tables, code; without directives and roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from desktop.documents.charset import TextFile
from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.parts import Parts
from desktop.documents.readers.marked_lines import Collected, dedented
from desktop.documents.readers.rst_tables import is_rule, listed_rows, table_end, table_text
from desktop.documents.readers.stated_dates import stated_date
from desktop.documents.readers.text import encoding_remarks, printable_lines
from desktop.domain.documents import BlockKind, DocumentFacts, DocumentKind, PageUnit

_LINE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}\s*")
_DIRECTIVE = re.compile(r"\.\.\s+(?:\|[^|]+\|\s+)?([\w:+.-]+)::\s*(.*)")
_NOTE = re.compile(r"\.\.\s+\[([^\]]+)\]\s+(.*)")
_FIELD = re.compile(r":([\w -]+):\s*(.*)")
_ITEM = re.compile(r"\s*(?:[-*+•]|(?:\d{1,4}|#|[A-Za-z])[.)]|\(\w{1,4}\))\s+\S")
_ROLE = re.compile(r":[\w:+.-]+:`[~!]?([^`<]*?)\s*(?:<[^`>]*>)?`")
_LINK = re.compile(r"`([^`<]+?)\s*<[^`>]*>`__?")
_MARKS = re.compile(r"``(.+?)``|\*\*(.+?)\*\*|\*(\S[^*\n]*?)\*|`([^`]+)`_{0,2}|\|([^|\s][^|]*)\|_?")
_REFERENCE = re.compile(r"(?<=[\w\]])_{1,2}(?=\W|$)|\s?\[(?:#\w*|\*)\]_")
_CODE = frozenset(
    "code code-block sourcecode literalinclude parsed-literal highlight math prompt".split()
)
_CAPTIONS = frozenset("figure image table list-table csv-table".split())
_UNSHOWN = frozenset(
    """
    toctree contents index image raw include role default-role meta highlight currentmodule module
    sectnum target-notes only autosummary unicode replace
""".split()
)


def read_rst(path: Path) -> Reading:
    """Yield the text in parts, without the marks that it is written with."""
    source = TextFile(path)
    lines = [line.expandtabs(8).rstrip() for line in printable_lines(source)]
    text = _Text(lines)
    pages = [*text.read()]
    title, facts = text.first_heading or path.stem, text.facts()
    yield Opened(DocumentKind.RST, title, PageUnit.PART, None, facts)
    yield from pages
    yield from encoding_remarks(source)


class _Text:
    """Goes through the lines once; levels of headings are found by the order of their lines."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0
        self._parts = Parts()
        self._text = Collected(self._parts)
        self._styles: list[str] = []
        self._said: dict[str, str] = {}
        self._code_follows = False
        self.first_heading = ""

    def facts(self) -> DocumentFacts:
        """Author and date of the field list at the top."""
        said = self._said
        author = said.get("author") or said.get("authors", "")
        return DocumentFacts(author, stated_date(said.get("date", "")))

    def read(self) -> Iterator[ReadPage]:
        """The parts of the whole text."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if not line:
                yield from self._blank()
            elif (level := self._heading_level()) and self._text.is_empty:
                yield from self._heading(level)
            elif line.startswith(".."):
                yield from self._explicit()
            elif is_rule(line) and (end := table_end(self._lines, self._at)):
                yield from self._text.flush()
                yield from self._parts.block(
                    BlockKind.TABLE, _shown(table_text(self._lines[self._at : end]))
                )
                self._at = end
            elif _LINE.fullmatch(line):
                self._at += 1
            else:
                yield from self._plain(line)
        yield from self._text.flush()
        yield from self._parts.rest()

    def _heading_level(self) -> int:
        """The level of the heading that begins here, 0 for none."""
        first, second, third = (*self._lines[self._at : self._at + 3], "", "", "")[:3]
        if _LINE.fullmatch(first):
            over = second.strip() and not _LINE.fullmatch(second) and first == third
            style = first[0] * 2 if over and len(second.strip()) <= len(first) else ""
        else:
            short = len(second) >= min(len(first), 3) and len(second) >= 0.7 * len(first)
            under = _LINE.fullmatch(second) is not None and first[:1] != " " and short
            style = second[0] if under else ""
        if not style:
            return 0
        if style not in self._styles:
            self._styles.append(style)
        return self._styles.index(style) + 1

    def _heading(self, level: int) -> Iterator[ReadPage]:
        over = _LINE.fullmatch(self._lines[self._at]) is not None
        text = _shown(self._lines[self._at + over].strip())
        self._at += 2 + over
        self.first_heading = self.first_heading or text
        yield from self._parts.heading(text, level)

    def _explicit(self) -> Iterator[ReadPage]:
        """A directive, a footnote, a target or a comment, with the indented lines below it."""
        yield from self._text.flush()
        line = self._lines[self._at]
        end = self._indented_end(self._at + 1)
        body = dedented("\n".join(self._lines[self._at + 1 : end])).split("\n")
        self._at = end
        if match := _NOTE.match(line):
            self._read_next([f"[{match[1]}] {match[2]}", *body])
        elif match := _DIRECTIVE.match(line):
            yield from self._directive(match[1].rpartition(":")[2].lower(), match[2], body)

    def _directive(self, name: str, argument: str, body: list[str]) -> Iterator[ReadPage]:
        while body and _FIELD.fullmatch(body[0]):
            body = body[1:]
        if name in _CODE:
            yield from self._parts.block(BlockKind.CODE, "\n".join(body))
        elif name in _CAPTIONS:
            if name.endswith("table"):
                yield from self._parts.block(BlockKind.CAPTION, _shown(argument))
            if rows := listed_rows(name, body):
                yield from self._parts.block(BlockKind.TABLE, _shown(rows))
            elif name == "figure":
                yield from self._parts.block(BlockKind.CAPTION, _shown(" ".join(body)))
            else:
                self._read_next(body)
        elif name not in _UNSHOWN:
            self._read_next([argument, *body])

    def _read_next(self, lines: list[str]) -> None:
        """Let these lines come next, as if they stood at the margin."""
        self._lines[self._at : self._at] = [*lines, ""]

    def _indented_end(self, at: int) -> int:
        """Behind the lines that are indented or blank, the last blank ones left over."""
        end = at
        while at < len(self._lines) and (not self._lines[at] or self._lines[at][0] == " "):
            at += 1
            if self._lines[at - 1]:
                end = at
        return end

    def _blank(self) -> Iterator[ReadPage]:
        self._at += 1
        if self._code_follows:
            yield from self._text.flush()
            yield from self._code()
            return
        following = next(filter(None, self._lines[self._at : self._at + 3]), "")
        goes_on = following[:1] == " " or _ITEM.match(following)
        if not (self._text.is_list and goes_on):
            yield from self._text.flush()

    def _code(self) -> Iterator[ReadPage]:
        """What is indented below a paragraph that ends with two colons."""
        self._code_follows = False
        end = self._indented_end(self._at)
        text = dedented("\n".join(self._lines[self._at : end]))
        yield from self._parts.block(BlockKind.CODE, text)
        self._at = max(end, self._at)

    def _plain(self, line: str) -> Iterator[ReadPage]:
        self._at += 1
        if (match := _FIELD.fullmatch(line)) and (self._text.is_empty or self._text.is_list):
            self._said.setdefault(match[1].lower(), _shown(match[2])[:200])
            yield from self._text.change(BlockKind.LIST)
            self._text.add(BlockKind.LIST, f"{match[1]}: {_shown(match[2])}")
            return
        if line.endswith("::"):
            self._code_follows = True
            line = line[:-1] if line.strip() != "::" else ""
        kind = self._text.kind_of_line(line, _ITEM)
        if line.startswith(">>> ") or (self._text.is_code and line):
            kind = BlockKind.CODE
        yield from self._text.change(kind)
        shown = line if kind is BlockKind.CODE else _shown(line.removeprefix("| "))
        if shown:
            self._text.add(kind, shown)


def _shown(text: str) -> str:
    text = _LINK.sub(r"\1", _ROLE.sub(r"\1", text))
    text = _MARKS.sub(lambda match: next(filter(None, match.groups()), ""), text)
    return _REFERENCE.sub("", text)
