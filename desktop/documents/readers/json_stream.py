"""JSON read value by value, so that a file may be larger than memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

_LONGEST_VALUE = 8 << 20
_TOO_DEEP = "it is nested too deeply"
_BETWEEN = re.compile(r"[\s,:]*")


class JsonStream:
    """Goes through the text once; `failure` says why it went no further, "" where it did."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text = ""
        self._at = 0
        self._decode = json_decoder().raw_decode
        self.failure = ""

    def begins_with(self, sign: str) -> bool:
        """Whether the next value begins with this sign."""
        while (match := _BETWEEN.match(self._text, self._at)) and match.end() == len(self._text):
            self._at = match.end()
            if not self._grow():
                return False
        self._at = match.end() if match else self._at
        return self._text.startswith(sign, self._at)

    def values(self) -> Iterator[Any]:
        """The values of the list that comes next."""
        if not self._takes("["):
            self.failure = self.failure or "it is one large value"
        while not self.failure and not self._takes("]"):
            value = self.value()
            if not self.failure:
                yield value

    def names(self) -> Iterator[str]:
        """The names of the object that comes next; each one's value is to be read by the caller."""
        self._takes("{")
        while not self.failure and not self._takes("}"):
            name = self.value()
            if not self.failure:
                yield name if isinstance(name, str) else ""

    def value(self) -> Any:
        """The value that comes next, as a whole."""
        while True:
            self.begins_with("")
            try:
                value, end = self._decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                value, end = None, 0
                is_broken = isinstance(error, json.JSONDecodeError)
                self.failure = "it breaks there" if is_broken else _TOO_DEEP
            # A number that ends with the piece may go on in the next one.
            if 0 < end < len(self._text):
                self._at, self.failure = end, ""
                return value
            if len(self._text) - self._at > _LONGEST_VALUE or not self._grow():
                self.failure = self.failure or "it ends too early"
                return None

    def rest(self) -> Iterator[str]:
        """The lines behind the last value."""
        for piece in chain([self._text[self._at :]], self._pieces):
            yield from piece.split("\n")

    def _takes(self, sign: str) -> bool:
        found = self.begins_with(sign)
        self._at += len(sign) * found
        return found

    def _grow(self) -> bool:
        more = next(self._pieces, "")
        self._text = self._text[self._at :] + more
        self._at = 0
        return bool(more)


def json_decoder() -> json.JSONDecoder:
    """Decode figures as they are written: 1.50 would lose its zero, and a long one its end."""
    return json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)


def reason_of(error: Exception) -> str:
    """Why the text cannot be decoded, in words that follow a colon."""
    if isinstance(error, json.JSONDecodeError):
        return f"it breaks in line {error.lineno:,}"
    return _TOO_DEEP
