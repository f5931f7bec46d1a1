"""The numbered lists of an old Word document, counted as those of the new ones are."""

from __future__ import annotations

import re
import struct

from desktop.documents.readers.docx_numbering import ListLevel, Numbering

_FORMS = {1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter"}
_BULLET, _NONE = 23, 255
_SIMPLE = 1
_MOST_LISTS = 4096
_PLACE = re.compile("[\x00-\x08]")


def numbering_of(table: bytes, lists: tuple[int, int], uses: tuple[int, int]) -> Numbering:
    """Read the definitions of lists and what refers to them, each by its place and length.

    Where they are broken, no list is numbered.
    """
    try:
        used = _identities(table[uses[0] : uses[0] + uses[1]])
        return Numbering(used, dict(_levels(table, *lists)))
    except (struct.error, IndexError, ValueError):
        return Numbering()


def _identities(data: bytes) -> dict[str, str]:
    """The list that each number of a paragraph means, counted from 1."""
    if len(data) < 4:
        return {}
    (count,) = struct.unpack_from("<I", data)
    return {
        str(index + 1): str(struct.unpack_from("<i", data, 4 + 16 * index)[0])
        for index in range(min(count, (len(data) - 4) // 16))
    }


def _levels(table: bytes, start: int, size: int) -> list[tuple[tuple[str, int], ListLevel]]:
    """The levels stand behind the lists, in their order, one or nine for each."""
    found: list[tuple[tuple[str, int], ListLevel]] = []
    if size < 2:
        return found
    (count,) = struct.unpack_from("<H", table, start)
    place = start + size
    for index in range(min(count, _MOST_LISTS)):
        own = start + 2 + 28 * index
        (identity,) = struct.unpack_from("<i", table, own)
        for level in range(1 if table[own + 26] & _SIMPLE else 9):
            first, form = struct.unpack_from("<iB", table, place)
            text_at = place + 28 + table[place + 24] + table[place + 25]
            (length,) = struct.unpack_from("<H", table, text_at)
            text = table[text_at + 2 : text_at + 2 + 2 * length].decode("utf-16-le", "replace")
            place = text_at + 2 + 2 * length
            found.append(((str(identity), level), ListLevel(_form(form), _marked(text), first)))
    return found


def _form(number: int) -> str:
    if number in (_BULLET, _NONE):
        return "bullet" if number == _BULLET else "none"
    return _FORMS.get(number, "decimal")


def _marked(text: str) -> str:
    """The places of numbers as the new format writes them: %1 for the outermost."""
    return _PLACE.sub(lambda match: f"%{ord(match[0]) + 1}", text)
