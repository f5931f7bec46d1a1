"""Bytes to text: byte order marks, UTF-8, UTF-16 without a mark, and old code pages."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from desktop.documents.language import evidence

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAME = rb"\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})"
_META = re.compile(rb"<meta[^>]{0,200}?charset" + _NAME, re.IGNORECASE)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding" + _NAME, re.IGNORECASE)
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]{0,1000}(?:\x07|\x1b\\)|[@-Z\\^_])")
# This encoding is plain bytes throughout, and only its shifts tell it from ASCII.
_JAPANESE_SHIFT = re.compile(rb"\x1b\$[@B][!-~]{2,4000}\x1b\([BJ]")
_SAMPLE_BYTES = 64 * 1024
_PIECE = 1 << 20
_CODE_PAGES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r",
    "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip
# Told apart by what they make words of; the systems of old Russian and Western PCs among them.
_SINGLE_BYTE = (
    "cp1252", "cp1250", "iso8859_2", "cp1254", "cp1257", "cp1251", "koi8_r", "iso8859_5", "cp866",
    "cp850", "cp852", "mac_roman", "mac_cyrillic",
)  # fmt: skip
_WESTERN_SIGNS = "‘’“”–—…•€°§«»£©®´½¼¾²³·±×µ™¿¡"
_SPOKEN_BYTES = 8_000
_LEAST_GAIN = 1.5  # words
_LEAST_SENSE = 0.18
# Signs in the midst of words, small letters before accented capitals, words of two scripts,
# words in accented letters only.
_NONSENSE = re.compile(
    r"(?<=[^\W\d_])[\u00a0-\u00b6\u00b8-\u00bf\u2020-\u25ff](?=[^\W\d_])|[a-zà-ÿа-я](?=[À-ÞĀЀ-Я])|[\u0080-\u009f\ufffd]|"
    r"[a-z](?=[\u0370-\u06ff])|[\u0370-\u06ff](?=[a-z])|[\u00c0-\u024f]{4,}|[\u2500-\u25ff]|"
    r"[¤¥¦¨¬¯¸](?=[^\W\d_])|(?<=[^\W\d_])[¤¥¦¨¬¯¸¹‚„ˆ˜]"
)
_NONSENSE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding it was read with, and how many places no character fitted."""

    text: str
    encoding: str
    broken: int = 0


class TextFile:
    """A file's text, read piece by piece in an encoding that is found first.

    `broken` counts the places where no character fitted, in what was read so far.
    """

    def __init__(self, path: Path, *, markup: bool = False) -> None:
        self._path = path
        with path.open("rb") as file:
            self.encoding = _encoding_of(file, markup)
        self.broken = 0

    def pieces(self) -> Iterator[str]:
        """The text in pieces of about a megabyte, each cut at a line's end where one is near.

        Every kind of line end has become a line feed, and a byte order mark is gone.
        """
        with self._path.open("r", encoding=self.encoding, errors="replace") as file:
            held = file.read(_PIECE).removeprefix("\ufeff")
            while held:
                more = file.read(_PIECE)
                cut = held.rfind("\n") + 1 if more else len(held)
                cut = cut or len(held)
                self.broken += held.count("\ufffd", 0, cut)
                yield held[:cut]
                held = held[cut:] + more

    def lines(self) -> Iterator[str]:
        """The lines without their ends; one without end comes in pieces of a megabyte."""
        for piece in self.pieces():
            yield from piece.removesuffix("\n").split("\n")


def decode(data: bytes, *, markup: bool = False) -> Decoded:
    """Decode a whole file; `markup` allows the file to name its own encoding."""
    encoding = _encoding_of(io.BytesIO(data), markup)
    text = data.decode(encoding, "replace")
    return Decoded(text.removeprefix("\ufeff"), encoding, text.count("\ufffd"))


def without_escapes(text: str) -> str:
    """The text without the codes that colour or move a terminal's cursor."""
    return _ESCAPES.sub("", text)


def _encoding_of(file: BinaryIO, markup: bool) -> str:
    head = file.read(_SAMPLE_BYTES)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if wide := _unmarked_utf16(head):
        return wide
    wrong = _not_utf8(head, file)
    if wrong is None:
        return "iso2022_jp" if _JAPANESE_SHIFT.search(head) else "utf-8"
    declared = _declared_encoding(head) if markup else None
    # Text may be plain for megabytes before its first accent.
    return declared or _guessed_encoding(head if wrong in head else head + wrong)


def _not_utf8(head: bytes, file: BinaryIO) -> bytes | None:
    """The piece of the file in which UTF-8 breaks first, None where it never does."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    piece = head
    while piece:
        more = file.read(_PIECE)
        try:
            decoder.decode(piece, final=not more)
        except UnicodeDecodeError as error:
            return piece[max(0, error.start - _SAMPLE_BYTES // 4) :][:_SAMPLE_BYTES]
        piece = more
    return None


def _unmarked_utf16(sample: bytes) -> str | None:
    """UTF-16 shows in any European text by zeros in every second place."""
    pairs = len(sample) // 2
    if pairs < 2 or b"\x00" not in sample:
        return None
    even, odd = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if odd > 0.4 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.4 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _declared_encoding(data: bytes) -> str | None:
    head = data[:4096]
    match = _META.search(head) or _XML.search(head)
    if match is None:
        return None
    try:
        name = codecs.lookup(match.group(1).decode("ascii")).name
    except LookupError:
        return None
    # Browsers read "iso-8859-1" as Windows' superset, and so does everybody who writes it.
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def _guessed_encoding(sample: bytes) -> str:
    if _mostly_utf8(sample):
        return "utf-8"
    guess = "cp1252"
    if not _is_western(sample):
        from charset_normalizer import from_bytes

        best = from_bytes(sample, cp_isolation=_CODE_PAGES).best()
        guess = best.encoding if best is not None else guess
    return _best_spoken(sample, guess)


def _best_spoken(sample: bytes, guess: str) -> str:
    """The code page in which the bytes make most words of some language; `guess` unless beaten."""
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    told = b"\n".join(lines)[:_SPOKEN_BYTES]
    scores = {page: _sense_of(told, page) for page in dict.fromkeys([guess, *_SINGLE_BYTE])}
    best = max(scores, key=lambda page: scores[page])
    gain = (scores[best] - scores[guess]) * len(told.split())
    return best if gain >= _LEAST_GAIN and scores[best] >= _LEAST_SENSE else guess


def _sense_of(data: bytes, page: str) -> float:
    """What speaks for the page, less what no language has, per word."""
    text = data.decode(page, "replace")
    nonsense = sum(1 for _ in _NONSENSE.finditer(text))
    return evidence(text) - _NONSENSE_SHARE * nonsense / max(1, len(text.split()))


def _mostly_utf8(sample: bytes) -> bool:
    """A few broken bytes in UTF-8 are damage, not another encoding."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    wide = sum(ord(character) > 127 for character in text) - broken
    return broken <= wide


def _is_western(sample: bytes) -> bool:
    """Few high bytes, standing between plain letters: accents and typographic quotes."""
    high = sum(byte > 127 for byte in sample)
    if high > 0.12 * len(sample):
        return False
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    accents = [character for character in text if ord(character) > 127]
    return sum(c.isalpha() or c in _WESTERN_SIGNS for c in accents) > 0.8 * len(accents)
