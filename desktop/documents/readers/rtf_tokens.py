"""Rich Text taken apart into words, bytes of text and groups, and its many code pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?"  # a control word
    rb"|\\'([0-9A-Fa-f]{2})"  # a byte
    rb"|\\([^A-Za-z])"  # a control symbol
    rb"|([{}])"
    rb"|[\r\n\x00]+"
    rb"|([^\\{}\r\n\x00]+)",
    re.DOTALL,
)
_CHARSETS = {
    77: "mac_roman", 78: "cp932", 79: "cp949", 80: "cp936", 81: "cp950", 128: "cp932",
    129: "cp949", 130: "johab", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 179: "cp1256", 180: "cp1256", 181: "cp1255",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437",
}  # fmt: skip


class Token(Enum):
    """What stands in the file."""

    WORD = auto()
    SYMBOL = auto()
    TEXT = auto()
    BYTE = auto()
    OPEN = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True)
class RtfToken:
    """`word` names a control word or symbol, `number` its parameter, `data` is text."""

    kind: Token
    word: str = ""
    number: int | None = None
    data: bytes = b""


_OPEN, _CLOSE = RtfToken(Token.OPEN), RtfToken(Token.CLOSE)


def tokens_of(data: bytes) -> Iterator[RtfToken]:
    """Every token in order; binary data between them is passed over."""
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        word, number, code, symbol, brace, text = match.groups()
        if word is not None:
            value = int(number) if number else None
            if word == b"bin":
                place += max(value or 0, 0)
            else:
                yield RtfToken(Token.WORD, word.decode("ascii"), value)
        elif text is not None:
            yield RtfToken(Token.TEXT, data=text)
        elif code is not None:
            yield RtfToken(Token.BYTE, data=bytes.fromhex(code.decode("ascii")))
        elif brace is not None:
            yield _OPEN if brace == b"{" else _CLOSE
        elif symbol is not None:
            yield RtfToken(Token.SYMBOL, symbol.decode("latin-1"))
    # A single backslash at the very end matches nothing; there is nothing behind it.


def charset_encoding(charset: int | None, default: str) -> str:
    """The encoding of a font's character set; Western and unknown sets are the document's own."""
    return _CHARSETS.get(charset or 0, default)


def page_encoding(number: int | None) -> str:
    """The encoding of a code page by its number, Western where there is no such."""
    if number == 65001:
        return "utf-8"
    try:
        name = f"cp{number or 1252}"
        b"".decode(name)
    except LookupError:
        return "mac_roman" if number == 10000 else "cp1252"
    return name
