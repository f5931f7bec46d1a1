"""Text in mail: charsets by all the names they go by, and encoded words in headers."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import Header, decode_header

from desktop.documents.charset import decode

_ALIASES = {
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "euc-kr": "cp949",
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030",
    "big5": "cp950", "x-x-big5": "cp950", "shift_jis": "cp932", "shift-jis": "cp932",
    "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932",
    "iso-2022-jp": "iso2022_jp_ext", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "iso-8859-8-i": "iso8859_8", "iso-8859-8-e": "iso8859_8", "iso-8859-6-i": "iso8859_6",
    "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "utf8": "utf-8", "unicode": "utf-16",
    "unicode-1-1-utf-7": "utf-7", "tis-620": "cp874", "iso-8859-11": "cp874",
}  # fmt: skip
# Not charsets of mail, and slow or strange enough to be somebody's trick.
_NO_CHARSETS = frozenset({
    "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "ascii",
})  # fmt: skip
_FOLD = re.compile(r"\s*[\r\n]+\s*")


def decoded_text(data: bytes, charset: str | None, *, markup: bool = False) -> str:
    """The text of a part; a charset that is missing, unknown or wrong is found from the bytes."""
    encoding = _encoding(charset)
    if encoding is not None:
        try:
            return data.decode(encoding)
        except (UnicodeError, ValueError):
            pass
    found = decode(data, markup=markup)
    if encoding is not None and found.broken:
        return data.decode(encoding, "replace")
    return found.text


def decoded_header(value: object) -> str:
    """A header's text in one line, its encoded words and raw bytes decoded."""
    text = _FOLD.sub(" ", str(value) if not isinstance(value, Header) else _raw(value))
    if "=?" not in text:
        return _readable(text).strip()
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return _readable(text).strip()
    words = (
        decoded_text(word, charset) if isinstance(word, bytes) else _readable(word)
        for word, charset in pieces
    )
    return " ".join("".join(words).split())


def _raw(header: Header) -> str:
    """A header that the parser wrapped because it holds raw bytes."""
    return "".join(
        word.decode("ascii", "surrogateescape") if isinstance(word, bytes) else word
        for word, _ in decode_header(header)
    )


def _readable(text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    return text if text.isascii() else decode(data).text


def _encoding(charset: str | None) -> str | None:
    if not charset:
        return None
    name = charset.strip().strip("\"'").lower()
    try:
        encoding = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return None if encoding.replace("-", "_") in _NO_CHARSETS else encoding
