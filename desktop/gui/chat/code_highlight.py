"""Source code in, coloured runs of text out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_LIMIT = 60_000  # beyond this, colouring costs more than it gives


class CodeRole(StrEnum):
    """What a run of code is, as far as colour tells."""

    PLAIN = "plain"
    COMMENT = "comment"
    KEYWORD = "keyword"
    STRING = "string"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class CodeRun:
    """Characters of one colour."""

    text: str
    role: CodeRole


def highlight(code: str, language: str) -> list[CodeRun]:
    """The code as runs; joined, they are exactly the code."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if not language or len(code) > _LIMIT:
        return [CodeRun(code, CodeRole.PLAIN)]
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return [CodeRun(code, CodeRole.PLAIN)]
    return [CodeRun(text, _role(str(kind))) for kind, text in lexer.get_tokens(code) if text]


def _role(kind: str) -> CodeRole:
    parts = kind.split(".")
    for name, role in (
        ("Comment", CodeRole.COMMENT),
        ("Keyword", CodeRole.KEYWORD),
        ("String", CodeRole.STRING),
        ("Number", CodeRole.NUMBER),
        ("Function", CodeRole.NAME),
        ("Class", CodeRole.NAME),
        ("Decorator", CodeRole.NAME),
        ("Tag", CodeRole.NAME),
    ):
        if name in parts:
            return role
    return CodeRole.PLAIN
