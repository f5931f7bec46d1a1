"""Strings and numbers of a JSON schema as rules of a grammar: lengths, formats and bounds."""

from __future__ import annotations

import math
from typing import Any

from desktop.domain.errors import SchemaNotSupported

_LONGEST = 1000
_LARGEST = 10**15 - 1
_DATE = (
    '[1-9] [0-9]{3} "-" (("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | "1" [0-9] | "2" [0-8])'
    ' | ("0" [13-9] | "1" [0-2]) "-" ("29" | "30") | ("0" [13578] | "1" [02]) "-31")'
)
_HOURS = '("0" [0-9] | "1" [0-9] | "2" [0-3]) ":" [0-5] [0-9]'
_TIME = f'{_HOURS} ":" [0-5] [0-9] ("." [0-9] [0-9]? [0-9]?)? ("Z" | [+-] {_HOURS})'
_FORMATS = {
    "date": _DATE,
    "time": _TIME,
    "date-time": f'{_DATE} "T" {_TIME}',
    "uuid": ' "-" '.join(" ".join(["hex"] * digits) for digits in (8, 4, 4, 4, 12)),
}


def string_rule(words: dict[str, Any]) -> str:
    """The body of a rule for a string."""
    if "format" in words:
        named = words["format"]
        if named not in _FORMATS:
            raise SchemaNotSupported(f"the format '{named}'")
        if "minLength" in words or "maxLength" in words:
            raise SchemaNotSupported("a length beside 'format'")
        return f'"\\"" {_FORMATS[named]} "\\""'
    fewest, most = count(words, "minLength", 0), count(words, "maxLength", -1)
    if max(fewest, most) > _LONGEST or -1 < most < fewest:
        raise SchemaNotSupported(f"'minLength' or 'maxLength' beyond {_LONGEST}, or crossed")
    if most == 0:
        return '"\\"\\""'
    return f'"\\"" char{{{fewest},{"" if most < 0 else most}}} "\\""'


def number_rule(words: dict[str, Any], whole: bool) -> str:
    """The body of a rule for a number between its bounds."""
    low, over = _bound(words, "minimum", "exclusiveMinimum", max)
    high, under = _bound(words, "maximum", "exclusiveMaximum", min)
    if low is None and high is None:
        return "integer" if whole else "number"
    if whole:
        first = None if low is None else math.floor(low) + 1 if over else math.ceil(low)
        last = None if high is None else math.ceil(high) - 1 if under else math.floor(high)
        return _joined(_whole_numbers(*_completed(first, last)))
    if any(bound is not None and bound != int(bound) for bound in (low, high)):
        raise SchemaNotSupported("a bound with a fraction, of a number")
    first, last = _completed(*(None if one is None else int(one) for one in (low, high)))
    return _joined(_numbers(first, last, over, under))


def count(words: dict[str, Any], word: str, otherwise: int) -> int:
    """A keyword that counts; raises `SchemaNotSupported` where it is no whole number."""
    found = words.get(word, otherwise)
    if found is not otherwise and (isinstance(found, bool) or found != int(_number(found, word))):
        raise SchemaNotSupported(f"'{word}' that is no whole number")
    if found is not otherwise and found < 0:
        raise SchemaNotSupported(f"'{word}' below 0")
    return int(found)


def _number(found: object, word: str) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or math.isinf(found):
        raise SchemaNotSupported(f"'{word}' that is no number")
    return found


def _bound(
    words: dict[str, Any], word: str, exclusive: str, nearer: Any
) -> tuple[float | None, bool]:
    """The tighter of two bounds, and whether it is itself left out."""
    closed = _number(words[word], word) if word in words else None
    open_ = _number(words[exclusive], exclusive) if exclusive in words else None
    if open_ is None or (closed is not None and nearer(closed, open_) != open_):
        return closed, False
    return open_, True


def _completed(low: int | None, high: int | None) -> tuple[int, int]:
    """Bounds where there were none, so that no number goes on for ever."""
    if low is None:
        assert high is not None
        low = min(-_LARGEST, high - _LARGEST)
    if high is None:
        high = max(_LARGEST, low + _LARGEST)
    return low, high


def _joined(branches: list[str]) -> str:
    if not branches:
        raise SchemaNotSupported("bounds with nothing between them")
    return " | ".join(branches)


def _whole_numbers(low: int, high: int) -> list[str]:
    branches = _between(max(low, 0), high)
    if low < 0 and (below := _between(max(1, -high), -low)):
        branches.append(f'"-" ({" | ".join(below)})')
    return branches


def _numbers(low: int, high: int, over: bool, under: bool) -> list[str]:
    branches = []
    if high >= 0:
        branches += _positive(max(low, 0), high, over and low >= 0, under)
    if low < 0:
        below = _positive(max(-high, 0), -low, under or high >= 0, over)
        if below:
            branches.append(f'"-" ({" | ".join(below)})')
    return branches


def _positive(low: int, high: int, over: bool, under: bool) -> list[str]:
    """From `low` on, itself left out if `over`, to `high`, left out if `under`."""
    branches = []
    if low < high:
        if over:
            branches.append(f'"{low}" over-zero')
        if within := _between(low + 1 if over else low, high - 1):
            branches.append(f"({' | '.join(within)}) fraction?")
    if low <= high and not under and not (low == high and over):
        branches.append(f'"{high}"')
    return branches


def _between(low: int, high: int) -> list[str]:
    """Whole numbers from `low`, 0 or more, to `high`, digit by digit."""
    branches = []
    for digits in range(len(str(low)), len(str(max(high, 0))) + 1):
        first = max(low, 10 ** (digits - 1) if digits > 1 else 0)
        last = min(high, 10**digits - 1)
        if first <= last:
            branches.append(_same_length(str(first), str(last)))
    return branches


def _same_length(low: str, high: str) -> str:
    if low == high:
        return f'"{low}"'
    rest = len(low) - 1
    if not rest:
        return f"[{low}-{high}]"
    if low[0] == high[0]:
        return f'"{low[0]}" ({_same_length(low[1:], high[1:])})'
    branches = []
    first, last = int(low[0]), int(high[0])
    if low[1:] != "0" * rest:
        branches.append(f'"{first}" ({_same_length(low[1:], "9" * rest)})')
        first += 1
    high_open = high[1:] != "9" * rest
    if first <= last - high_open:
        branches.append(f"[{first}-{last - high_open}] [0-9]{{{rest}}}")
    if high_open:
        branches.append(f'"{last}" ({_same_length("0" * rest, high[1:])})')
    return " | ".join(branches)
