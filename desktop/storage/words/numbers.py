"""Numbers in one form, however their thousands and decimals are written."""

from __future__ import annotations

import re

# Digits with the marks that part thousands and decimals in different countries; the spaces that
# do so are apostrophes once the text is folded.
_SPACES = "'’"
NUMBER = re.compile(rf"(?<![\w.,])\d+(?:[.,{_SPACES}]\d+)*(?![\w])")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_SPACED = re.compile(rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_BEFORE_NEGATIVE = re.compile(r"(?:^|[\s(|$€£¥])[-−–]\s?[$€£¥]?\s?$|\(\s?[$€£¥]?\s?$")
_AFTER_NEGATIVE = re.compile(r"\s?\)")
_PERCENT = re.compile(r"\s{0,1}%|\s(?:percent|per cent|prozent|por ciento|pour cent)\b", re.I)
_SCALE = re.compile(
    r"\s?(?:(thousand|tausend|mil|mille)|(million(?:s|en)?|millones|mio|mn|mm|m)"
    r"|(billions?|bn|b|milliarden?|mrd|mds?|mil millones))\b\.?",
    re.IGNORECASE,
)
_ABBREVIATED = ("m", "b", "mm", "mil", "md", "mds")
_SCALE_DIGITS = (3, 6, 9)


def number_values(written: str) -> list[str]:
    """What `written` can mean, plainest first: "1.234" is a decimal here and thousands there."""
    if _ENGLISH.fullmatch(written):
        return [_plain(written.replace(",", ""))]
    if _SPACED.fullmatch(written):
        return [_plain(re.sub(f"[{_SPACES}]", "", written).replace(",", "."))]
    if _CONTINENTAL.fullmatch(written):
        thousands = _plain(written.replace(".", "").replace(",", "."))
        decimal = [_plain(written)] if written.count(".") == 1 and "," not in written else []
        return [thousands, *decimal]
    if _PLAIN.fullmatch(written):
        return [_plain(written.replace(",", "."))]
    return []


def number_forms(text: str, start: int, end: int, value: str) -> list[str]:
    """What else the number at [start, end) is: negative, a share of a hundred, so many millions."""
    forms = []
    if _BEFORE_NEGATIVE.search(text, max(0, start - 4), start) and (
        text[:start].rstrip("$€£¥ ")[-1:] != "(" or _AFTER_NEGATIVE.match(text, end)
    ):
        forms.append("-" + value)
    if _PERCENT.match(text, end):
        forms.append(value + "%")
    scale = _SCALE.match(text, end)
    if scale and scale.lastindex and not _is_unit(scale[0], text, start):
        forms.append(_shifted(value, _SCALE_DIGITS[scale.lastindex - 1]))
    return forms


def _is_unit(written: str, text: str, start: int) -> bool:
    # "5 m" is a length as often as an amount; after a currency's sign it is an amount.
    return written.strip(" .").lower() in _ABBREVIATED and text[start - 1 : start] not in "$€£¥"


def _plain(number: str) -> str:
    whole, _, decimals = number.partition(".")
    decimals = decimals.rstrip("0")
    # Leading zeros tell identifiers apart, and none stands before a written amount.
    return f"{whole}.{decimals}" if decimals else whole


def _shifted(value: str, digits: int) -> str:
    whole, _, decimals = value.partition(".")
    moved = whole + decimals[:digits].ljust(digits, "0")
    rest = decimals[digits:]
    return (moved.lstrip("0") or "0") + (f".{rest}" if rest else "")
