"""Plain text: paragraphs between blank lines, headings only where they are evident."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from desktop.documents.charset import Decoded, TextFile, without_escapes
from desktop.documents.content import Opened, Reading, ReadPage, Remark
from desktop.documents.parts import PART_CHARACTERS, Parts
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_COUNT = (
    r"(?:[\dIVXLC]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|"
    r"fourteen|fifteen|first|last)\b\.?"
)
_TITLE = r"(?:[\s:–—-]+(?P<title>\S.*))?"
_NUMBERED = re.compile(rf"\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}\.?{_TITLE}")
# What one heading can be called, outermost first; numbers without a name are inside of these.
_NAMED = (
    re.compile(
        rf"(?:(?:book|part|volume|buch|teil|band)\s+{_COUNT}|(?:(?:first|second)\s+)?"
        rf"(?:prologue|epilogue|preface|foreword)){_TITLE}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:chapter|kapitel|act|appendix)\s+{_COUNT}{_TITLE}", re.IGNORECASE),
    re.compile(rf"(?:article|section|artikel|abschnitt|scene)\s+{_COUNT}{_TITLE}", re.IGNORECASE),
)
_RULE = re.compile(r"(=|-|~|\*)\1{2,}")
_ITEM = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+\S")
_LOGGED = re.compile(
    r"[\[(<]?(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} +\d+ \d\d:\d\d)"
)
# UTF-8 that a program took for Latin-1 and wrote as UTF-8 again; no text holds these by itself.
_TWICE_ENCODED = re.compile(
    "[\u00c2-\u00df][\u0080-\u009f]|[\u00e0-\u00ef](?:[\u0080-\u009f][\u0080-\u00bf]|"
    "[\u00a0-\u00bf][\u0080-\u009f])"
)
_ENCODED = re.compile("[\u00c2-\u00f4][\u0080-\u00bf]{1,3}")
_LONGEST_HEADING = 80


def read_text(path: Path, kind: DocumentKind = DocumentKind.TEXT) -> Reading:
    """Yield the text in parts; only about a part of it is in memory at once."""
    source = TextFile(path)
    yield Opened(kind, path.stem, PageUnit.PART)
    yield from flowing_parts(printable_lines(source))
    yield from encoding_remarks(source)


def text_parts(text: str) -> Iterator[ReadPage]:
    """Cut plain text into blocks and these into parts."""
    return flowing_parts(printable(text).split("\n"))


def printable_lines(source: TextFile) -> Iterator[str]:
    """The lines of a file, each as `printable` has it."""
    for piece in source.pieces():
        yield from printable(piece).removesuffix("\n").split("\n")


def printable(text: str) -> str:
    """The text without terminal escapes and control characters, with plain line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    if _TWICE_ENCODED.search(text):
        text = _ENCODED.sub(_encoded_once, text)
    return _CONTROLS.sub("", without_escapes(text))


def encoding_remarks(decoded: Decoded | TextFile) -> Iterator[Remark]:
    """Say where characters were lost."""
    if decoded.broken:
        places = "1 place" if decoded.broken == 1 else f"{decoded.broken:,} places"
        yield Remark(f"{places} did not fit the text encoding {decoded.encoding}.")


def flowing_parts(lines: Iterable[str], parts: Parts | None = None) -> Iterator[ReadPage]:
    """Cut printable lines into blocks; `parts` may hold what stands before them."""
    parts = parts or Parts()
    for paragraph in _paragraphs(lines):
        level = _heading_level(paragraph)
        below = paragraph[1:] if level else paragraph
        if level:
            yield from parts.heading(paragraph[0], level)
            if below and _RULE.fullmatch(below[0].strip()):
                below = below[1:]
        if below:
            is_list = all(map(_ITEM.match, below)) or all(map(_LOGGED.match, below))
            kind = BlockKind.LIST if is_list else BlockKind.PARAGRAPH
            yield from parts.block(kind, "\n".join(below))
    yield from parts.rest()


def _paragraphs(lines: Iterable[str]) -> Iterator[list[str]]:
    """Lines between blank ones; without blank lines, as many as make up a part."""
    paragraph: list[str] = []
    length = 0
    for line in lines:
        bare = line.rstrip()
        if bare and length < PART_CHARACTERS:
            paragraph.append(bare)
            length += len(bare) + 1
            continue
        if paragraph:
            yield paragraph
        paragraph = [bare] if bare else []
        length = len(bare)
    if paragraph:
        yield paragraph


def _encoded_once(match: re.Match[str]) -> str:
    try:
        return match.group().encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


def _heading_level(lines: list[str]) -> int:
    """The level of the heading that the paragraph begins with, 0 without one."""
    first = lines[0].strip()
    if len(first) > _LONGEST_HEADING or not any(map(str.isalpha, first)):
        return 0
    if len(lines) > 1:
        rule = _RULE.fullmatch(lines[1].strip())
        return (1 if rule.group(1) == "=" else 2) if rule else 0
    for level, named in enumerate(_NAMED, 1):
        if named.fullmatch(first) and _may_head(first):
            return level
    if _NUMBERED.fullmatch(first) and _may_head(first):
        return len(_NAMED) + 1 + first.split()[0].rstrip(".").count(".")
    if first.endswith((".", ",", ";", ":", "?", "!")) or _ITEM.match(first):
        return 0
    is_capitals = first.isupper() and first[0].isalnum() and sum(map(str.isalpha, first)) > 3
    return len(_NAMED) + 1 if is_capitals else 0


def _may_head(line: str) -> bool:
    return not line.endswith((",", ";", ":")) and (len(line) <= 60 or not line.endswith("."))
