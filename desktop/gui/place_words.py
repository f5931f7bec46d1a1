"""Where in a document something stands, as people say it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.domain.documents import PageUnit


def short_place(unit: PageUnit, number: int) -> str:
    """`p. 3`, `slide 3`, `sheet 2`; "" for the parts that flowing text is cut into."""
    words = {
        PageUnit.PAGE: _tr("p. {0}"),
        PageUnit.SLIDE: _tr("slide {0}"),
        PageUnit.SHEET: _tr("sheet {0}"),
        PageUnit.SECTION: _tr("section {0}"),
        PageUnit.PART: "",
    }
    return words[unit].format(number)


def long_place(unit: PageUnit, number: int) -> str:
    """`page 3`; flowing text has parts."""
    words = {PageUnit.PAGE: _tr("page {0}"), PageUnit.PART: _tr("part {0}")}
    return words[unit].format(number) if unit in words else short_place(unit, number)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlaceWords", text)
