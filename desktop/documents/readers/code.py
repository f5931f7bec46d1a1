"""Source code of any language: definitions as blocks under their names, comments with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from desktop.documents.charset import TextFile
from desktop.documents.content import Opened, Reading
from desktop.documents.parts import Parts
from desktop.documents.readers.code_outline import Outline, is_comment
from desktop.documents.readers.text import encoding_remarks, printable_lines
from desktop.domain.documents import BlockKind, DocumentKind, PageUnit

# A definition of fewer lines stays in one block with all that is in it.
_LONG_LINES = 60
# Neighbours of fewer lines are read together: a file of constants is no file of headings.
_SMALL_LINES = 5
_LOOSE_LINES = 30
_MOST_LINES = 400
_MOST_COMMENT_LINES = 80


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines that belong to the definition of these names; () before the first one."""

    names: tuple[str, ...]
    lines: list[str]


def read_code(path: Path) -> Reading:
    """Yield the code in parts, a block for each definition under its name.

    Long classes are cut at their methods. Comments and decorators stay with what follows them.
    Names are found by their looks; nothing is parsed and nothing run.
    """
    source = TextFile(path)
    yield Opened(DocumentKind.CODE, path.name, PageUnit.PART)
    parts = Parts()
    for piece in _joined(_pieces(printable_lines(source), Outline(path))):
        _enter(parts, piece.names)
        yield from parts.block(BlockKind.CODE, "\n".join(piece.lines))
    yield from parts.rest()
    yield from encoding_remarks(source)


def _enter(parts: Parts, names: tuple[str, ...]) -> None:
    """Names over the code that stand in it already, so they are not written twice."""
    parts.enter("", 1)
    for level, name in enumerate(names, 1):
        parts.enter(name, level)


def _pieces(lines: Iterable[str], outline: Outline) -> Iterator[_Piece]:
    piece = _Piece((), [])
    for line in lines:
        names = outline.begun_by(line)
        if names:
            above = _comment_lines(piece.lines)
            before = piece.lines[: len(piece.lines) - above]
            if any(before):
                yield _Piece(piece.names, before)
            piece = _Piece(names, piece.lines[len(before) :])
        elif len(piece.lines) >= _MOST_LINES and not line.strip():
            yield piece
            piece = _Piece(piece.names, [])
        piece.lines.append(line.rstrip())
    if any(piece.lines):
        yield piece


def _comment_lines(lines: list[str]) -> int:
    """How many lines at the end are comments that touch what comes next."""
    count = 0
    for line in reversed(lines[-_MOST_COMMENT_LINES:]):
        if not is_comment(line):
            break
        count += 1
    return count


def _joined(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Short definitions whole, long ones by their inner definitions, tiny ones together."""
    loose: list[str] = []
    for names, group in groupby(pieces, key=lambda piece: piece.names[:1]):
        whole = [*group]
        lines = [line for piece in whole for line in piece.lines]
        if names and len(lines) < _SMALL_LINES:
            loose += lines
            if len(loose) >= _LOOSE_LINES:
                yield _Piece((), loose)
                loose = []
            continue
        if loose:
            yield _Piece((), loose)
            loose = []
        if len(lines) <= _LONG_LINES:
            yield _Piece(names, lines)
        else:
            yield from _with_neighbours(names, whole)
    if loose:
        yield _Piece((), loose)


def _with_neighbours(names: tuple[str, ...], pieces: list[_Piece]) -> Iterator[_Piece]:
    """The inner definitions of a long one; tiny neighbours together under its own name."""
    loose: list[str] = []
    for piece in pieces:
        if len(piece.lines) < _SMALL_LINES and len(loose) < _LOOSE_LINES:
            loose += piece.lines
            continue
        if loose:
            yield _Piece(names, loose)
            loose = []
        yield piece
    if loose:
        yield _Piece(names, loose)
