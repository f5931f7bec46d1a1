"""Plain text: paragraphs between blank lines, headings only where they are evident."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from desktop.documents.charset import Decoded, decode, without_escapes
from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import Parts
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|(?:chapter|article|section|part|book)\s+[\dIVXLC]+\.?)"
    r"(?:[\s:–-]+(?P<title>\S.*))?",
    re.IGNORECASE,
)
_RULE = re.compile(r"(=|-|~|\*)\1{2,}")
_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+\S")
_LONGEST_HEADING = 80


def read_text(path: Path, kind: DocumentKind = DocumentKind.TEXT) -> Reading:
    """Yield the text in parts."""
    decoded = decode(path.read_bytes())
    yield Opened(kind, path.stem, PageUnit.PART)
    yield from text_parts(decoded.text)
    yield from encoding_remarks(decoded)


def text_parts(text: str) -> Iterator[ReadPage]:
    """Cut plain text into blocks and these into parts."""
    parts = Parts()
    for lines in _paragraphs(printable(text)):
        level = _heading_level(lines)
        below = lines[1:] if level else lines
        if level:
            yield from parts.heading(lines[0], level)
            if below and _RULE.fullmatch(below[0].strip()):
                below = below[1:]
        if below:
            kind = BlockKind.LIST if all(map(_ITEM.match, below)) else BlockKind.PARAGRAPH
            yield from parts.block(kind, "\n".join(below))
    yield from parts.rest()


def printable(text: str) -> str:
    """The text without terminal escapes and control characters, with plain line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    return _CONTROLS.sub("", without_escapes(text))


def encoding_remarks(decoded: Decoded) -> Iterator[Remark]:
    """Say where characters were lost."""
    if decoded.broken:
        places = "1 place" if decoded.broken == 1 else f"{decoded.broken:,} places"
        yield Remark(f"{places} did not fit the text encoding {decoded.encoding}.")


def _paragraphs(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            lines.append(line.rstrip())
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _heading_level(lines: list[str]) -> int:
    """The level of the heading that the paragraph begins with, 0 without one."""
    first = lines[0].strip()
    if len(first) > _LONGEST_HEADING or not any(map(str.isalpha, first)):
        return 0
    if len(lines) > 1 and (rule := _RULE.fullmatch(lines[1].strip())):
        return 1 if rule.group(1) == "=" else 2
    if len(lines) > 1 or first.endswith((".", ",", ";", ":", "?", "!")) or _ITEM.match(first):
        match = _NUMBERED.fullmatch(first) if len(lines) == 1 else None
        if match is None or first.endswith((",", ";", ":")) or len(first) > 60:
            return 0
        return 1 + first.split()[0].rstrip(".").count(".")
    if match := _NUMBERED.fullmatch(first):
        return 1 + first.split()[0].rstrip(".").count(".")
    return 2 if first.isupper() and len(first) > 3 else 0
