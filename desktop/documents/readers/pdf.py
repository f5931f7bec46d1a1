"""PDF: pages of located text through pdfium, with a second opinion from pypdf."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

from desktop.documents.content import Opened, PageFlag, Reading, ReadPage, Remark
from desktop.documents.layout.headings import Body, HeadingTrail, body_of, outline_levels
from desktop.documents.layout.lines import PrintedPage
from desktop.documents.layout.pages import laid_out
from desktop.documents.readers.garble import is_garbled
from desktop.documents.readers.pdf_attachments import attached_files
from desktop.documents.readers.pdf_damage import has_broken_streams
from desktop.documents.readers.pdf_facts import pdf_facts, pdf_outline, pdf_title
from desktop.documents.readers.pdf_file import open_pdf
from desktop.documents.readers.pdf_notes import Note, PageNotes, page_notes, with_notes
from desktop.documents.readers.pdf_second import SecondOpinion
from desktop.documents.readers.pdf_text import printed_page
from desktop.domain.documents import Block, BlockKind, DocumentKind, Page, PageUnit
from desktop.domain.errors import ContentTooLarge, NoPages

MOST_PAGES = 20_000
_NEIGHBOURS = 2
_MANY_PATHS = 20
_STAMP_LETTERS = 25


def read_pdf(path: Path, first_page: int = 1, passwords: Sequence[str] = ()) -> Reading:
    """Yield the document's facts, then its pages from `first_page` on."""
    document = open_pdf(path, passwords)
    try:
        count = len(document)
        if count <= 0:
            raise NoPages(str(path))
        if count > MOST_PAGES:
            raise ContentTooLarge(
                str(path), f"it lists {count:,} pages, and up to {MOST_PAGES:,} are read"
            )
        title, facts = pdf_title(document, path), pdf_facts(document)
        yield Opened(DocumentKind.PDF, title, PageUnit.PAGE, count, facts)
        with closing(SecondOpinion(path, passwords)) as second:
            pages = _PdfPages(document, second)
            yield from pages.read(first_page)
        yield from attached_files(document, path, pages.with_files, passwords)
        yield from _damage(document, path)
    finally:
        document.close()


def _damage(document: Any, path: Path) -> Iterator[Remark]:
    if not pdfium.FPDF_DocumentHasValidCrossReferenceTable(document.raw):
        yield Remark("The file is damaged and was repaired while it was read; parts may miss.")
    elif has_broken_streams(path):
        yield Remark("Parts of the file are damaged; words may miss or be wrong.")


class _PdfPages:
    """Reads pages in order, two ahead, so that running headers show by repetition."""

    def __init__(self, document: Any, second: SecondOpinion) -> None:
        self._document = document
        self._second = second
        self._outline = pdf_outline(document)
        self._trail = HeadingTrail()
        self._weights: Counter[tuple[float, bool]] = Counter()
        self._notes: dict[int, tuple[Note, ...]] = {}
        self._form: Any = None
        self.with_files: list[int] = []

    def read(self, first_page: int) -> Iterator[ReadPage]:
        window: deque[tuple[int, PrintedPage]] = deque()
        behind: deque[PrintedPage] = deque(maxlen=_NEIGHBOURS)
        for number in range(first_page, len(self._document) + 1):
            window.append((number, self._load(number)))
            if len(window) > _NEIGHBOURS:
                yield self._finish(window, behind)
        while window:
            yield self._finish(window, behind)

    def _finish(
        self, window: deque[tuple[int, PrintedPage]], behind: deque[PrintedPage]
    ) -> ReadPage:
        number, printed = window.popleft()
        neighbours = [*behind, *(page for _, page in window)]
        behind.append(printed)
        outline = outline_levels(self._outline.get(number, []))
        body = body_of(self._weights) if self._weights else Body(0.0)
        page = laid_out(number, printed, neighbours, body, outline, self._trail)
        read = self._judged(page)
        notes = self._notes.pop(number, ())
        return replace(read, page=with_notes(read.page, notes, self._trail.path)) if notes else read

    def _judged(self, page: Page) -> ReadPage:
        if page.text and not is_garbled(page.text):
            stamped = _has_few_letters(page.text) and self._has_image(page.number)
            return ReadPage(page, frozenset({PageFlag.PICTURE}) if stamped else frozenset())
        # An empty page that loaded is empty: the other library would add what lies off the page.
        is_asked = bool(page.text) or page.width <= 0
        other = self._second.text(page.number) if is_asked else ""
        if other:
            block = Block(BlockKind.PARAGRAPH, 0, len(other), self._trail.path)
            return ReadPage(replace(page, text=other, blocks=(block,), lines=()))
        if page.text:
            return ReadPage(page, frozenset({PageFlag.GARBLED}))
        if page.width <= 0:
            return ReadPage(page, frozenset({PageFlag.UNREAD}))
        pictured = self._has_image(page.number, drawn=True)
        return ReadPage(page, frozenset({PageFlag.PICTURE}) if pictured else frozenset())

    def _load(self, number: int) -> PrintedPage:
        page = pdfium.FPDF_LoadPage(self._document.raw, number - 1)
        if not page:
            return PrintedPage((), 0.0, 0.0)
        try:
            notes = page_notes(page, self._form_handle)
            if notes.has_fields:
                page = self._with_fields_printed(page, number)
            printed = printed_page(page)
        finally:
            pdfium.FPDF_ClosePage(page)
        self._keep(number, notes)
        for line in printed.lines:
            self._weights[round(line.size, 1), line.bold] += len(line.text)
        return printed

    def _keep(self, number: int, notes: PageNotes) -> None:
        if notes.notes:
            self._notes[number] = notes.notes
        if notes.has_files:
            self.with_files.append(number)

    def _form_handle(self) -> Any:
        """What names the fields; made for the first page that has any."""
        if self._form is None:
            self._document.init_forms()
            self._form = self._document.formenv.raw if self._document.formenv else False
        return self._form

    def _with_fields_printed(self, page: Any, number: int) -> Any:
        """What was filled into a form is no text of the page until it is merged into it."""
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        pdfium.FPDF_ClosePage(page)
        return pdfium.FPDF_LoadPage(self._document.raw, number - 1)

    def _has_image(self, number: int, drawn: bool = False) -> bool:
        """True for a page with an image; `drawn` counts shapes too, for letters may be drawn."""
        page = pdfium.FPDF_LoadPage(self._document.raw, number - 1)
        if not page:
            return False
        try:
            kinds = Counter(_object_kinds(page))
        finally:
            pdfium.FPDF_ClosePage(page)
        if kinds[pdfium.FPDF_PAGEOBJ_IMAGE]:
            return True
        shapes = kinds[pdfium.FPDF_PAGEOBJ_FORM] or kinds[pdfium.FPDF_PAGEOBJ_PATH] > _MANY_PATHS
        return drawn and bool(shapes)


def _has_few_letters(text: str) -> bool:
    """True for no more than a stamp or a page number."""
    return len(text) < 4 * _STAMP_LETTERS and sum(map(str.isalpha, text)) < _STAMP_LETTERS


def _object_kinds(page: Any) -> Iterator[int]:
    for index in range(min(pdfium.FPDFPage_CountObjects(page), 10_000)):
        yield pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, index))
