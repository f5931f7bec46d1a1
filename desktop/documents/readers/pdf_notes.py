"""What is laid over a PDF's pages: form fields, comments and attached files."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2.raw as pdfium

from desktop.documents.layout.lines import joined_box
from desktop.documents.readers.pdf_frame import Frame, frame_of
from desktop.domain.documents import Block, BlockKind, Box, Line, Page

_MOST = 3_000
_LONGEST = 4_000
_BETWEEN_BLOCKS = "\n\n"
_COMMENTS = frozenset(
    {
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_FREETEXT,
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
        pdfium.FPDF_ANNOT_SQUARE,
        pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_LINE,
        pdfium.FPDF_ANNOT_INK,
        pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_CARET,
    }
)
_BUTTONS = frozenset({pdfium.FPDF_FORMFIELD_PUSHBUTTON, pdfium.FPDF_FORMFIELD_SIGNATURE})
_UNSET = frozenset({"", "Off"})
_INDEX = re.compile(r"\[\d+\]")
# Programs name fields that nobody named: f1_01, p2-t124, Text5.
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAMELESS = re.compile(r"(?:text|field|check ?box|undefined|form|feld)[ \d]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """A filled field, "Name: Ewa", or a comment, and where it lies on the page as it is shown."""

    text: str
    box: Box
    is_field: bool


@dataclass(frozen=True, slots=True)
class PageNotes:
    """All that is laid over a page."""

    notes: tuple[Note, ...] = ()
    has_fields: bool = False
    has_files: bool = False


def page_notes(page: Any, form_of: Callable[[], Any]) -> PageNotes:
    """Read what is laid over a loaded page; `form_of` gives pdfium's form handle or None."""
    count = min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)
    if count <= 0:
        return PageNotes()
    frame = frame_of(page)
    notes: list[Note] = []
    kinds: set[int] = set()
    for annotation in _annotations(page, count):
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        kinds.add(kind)
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            text = _filled_field(form_of(), annotation)
        else:
            text = _comment(annotation) if kind in _COMMENTS else ""
        if text:
            box = _box(annotation, frame)
            notes.append(Note(text, box, kind == pdfium.FPDF_ANNOT_WIDGET))
    return PageNotes(
        tuple(notes), pdfium.FPDF_ANNOT_WIDGET in kinds, pdfium.FPDF_ANNOT_FILEATTACHMENT in kinds
    )


def with_notes(page: Page, notes: Sequence[Note], path: tuple[str, ...]) -> Page:
    """The page with its filled fields as a list at the end, and a paragraph for each comment."""
    fields = [note for note in notes if note.is_field]
    comments = [note for note in notes if not note.is_field and note.text not in page.text]
    groups = [(BlockKind.LIST, fields)] if fields else []
    groups += [(BlockKind.PARAGRAPH, [comment]) for comment in comments]
    text, blocks, lines = page.text, list(page.blocks), list(page.lines)
    for kind, group in groups:
        text += _BETWEEN_BLOCKS if text else ""
        start = len(text)
        for note in group:
            text += "\n" if len(text) > start else ""
            lines.append(Line(len(text), len(text) + len(note.text), note.box))
            text += note.text
        box = joined_box([note.box for note in group])
        blocks.append(Block(kind, start, len(text), path, box))
    return replace(page, text=text, blocks=tuple(blocks), lines=tuple(lines))


def _annotations(page: Any, count: int) -> Iterator[Any]:
    for index in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if annotation:
            try:
                yield annotation
            finally:
                pdfium.FPDFPage_CloseAnnot(annotation)


def _filled_field(form: Any, annotation: Any) -> str:
    if not form or pdfium.FPDFAnnot_GetFormFieldType(form, annotation) in _BUTTONS:
        return ""
    value = _string(pdfium.FPDFAnnot_GetFormFieldValue, form, annotation)
    if value in _UNSET:
        return ""
    name = _string(pdfium.FPDFAnnot_GetFormFieldAlternateName, form, annotation)
    if not name:
        whole = _string(pdfium.FPDFAnnot_GetFormFieldName, form, annotation)
        name = _INDEX.sub("", whole).rpartition(".")[2].replace("_", " ").strip()
    # Without a name to go with it the value says no more than the page that prints it.
    if not _WORD.search(name) or _NAMELESS.fullmatch(name):
        return ""
    return f"{name.rstrip(':')}: {value}"


def _comment(annotation: Any) -> str:
    text = _string(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents")
    author = _string(pdfium.FPDFAnnot_GetStringValue, annotation, b"T")
    if not text:
        return ""
    return f"Comment by {author}: {text}" if author else f"Comment: {text}"


def _string(read: Callable[..., int], *arguments: Any) -> str:
    size = min(read(*arguments, None, 0), 2 * _LONGEST)
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    if read(*arguments, buffer, size) > size:
        return ""
    return " ".join(bytes(buffer)[: size - 2].decode("utf-16-le", "replace").split())


def _box(annotation: Any, frame: Frame) -> Box:
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rect)
    return frame.displayed(rect.left, rect.bottom, rect.right, rect.top)
