"""Formulas of Word documents in one line, as people type them: a^2 + b^2, (x+1)/2, √(n)."""

from __future__ import annotations

import re
from typing import Any

from desktop.documents.readers.office_package import attribute, local_name

_SIMPLE = re.compile(r"\w*|[^\w\s]")
_DEFAULT_SIGN = "∫"


def formula_text(element: Any) -> str:
    """The formula, with fractions, powers and limits in brackets where they need them."""
    name = local_name(element)
    if name == "t":
        return element.text or ""
    if name in _FORMS:
        return _FORMS[name](element)
    return "".join(map(formula_text, element)) if not name.endswith("Pr") else ""


def _part(element: Any, name: str) -> str:
    inner = element.find(f"{{*}}{name}")
    return "".join(map(formula_text, inner)).strip() if inner is not None else ""


def _grouped(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _scripts(element: Any) -> str:
    below, above = _part(element, "sub"), _part(element, "sup")
    return (f"_{_grouped(below)}" if below else "") + (f"^{_grouped(above)}" if above else "")


def _property(element: Any, name: str, default: str) -> str:
    """A sign from the element's properties; one that is there and empty is no sign."""
    for properties in element:
        if local_name(properties).endswith("Pr"):
            for inner in properties:
                if local_name(inner) == name:
                    return attribute(inner, "val")
    return default


def _fraction(element: Any) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _root(element: Any) -> str:
    degree = _part(element, "deg")
    return f"{degree}√{_grouped(_part(element, 'e'))}"


def _large_operator(element: Any) -> str:
    sign = _property(element, "chr", _DEFAULT_SIGN)
    return f"{sign}{_scripts(element)} {_part(element, 'e')}"


def _bracketed(element: Any) -> str:
    inner = ["".join(map(formula_text, item)) for item in element.iterfind("{*}e")]
    between = _property(element, "sepChr", "|")
    return (
        _property(element, "begChr", "(") + between.join(inner) + _property(element, "endChr", ")")
    )


def _limit(element: Any) -> str:
    sign = "_" if local_name(element) == "limLow" else "^"
    return f"{_part(element, 'e')}{sign}{_grouped(_part(element, 'lim'))}"


def _function(element: Any) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _rows(element: Any) -> str:
    rows = element.iterfind("{*}e") if local_name(element) == "eqArr" else element.iterfind("{*}mr")
    cells = (
        [formula_text(cell) for cell in row.iterfind("{*}e")] or [formula_text(row)] for row in rows
    )
    return "; ".join(", ".join(row) for row in cells)


_FORMS = {
    "sSup": lambda e: _part(e, "e") + _scripts(e),
    "sSub": lambda e: _part(e, "e") + _scripts(e),
    "sSubSup": lambda e: _part(e, "e") + _scripts(e),
    "sPre": lambda e: _scripts(e) + _part(e, "e"),
    "f": _fraction,
    "rad": _root,
    "nary": _large_operator,
    "d": _bracketed,
    "limLow": _limit,
    "limUpp": _limit,
    "func": _function,
    "eqArr": _rows,
    "m": _rows,
}
