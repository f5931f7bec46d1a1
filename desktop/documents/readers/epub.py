"""EPUB: chapters by the table of contents, their text by the reader of web pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from desktop.documents.charset import decode
from desktop.documents.content import Opened, Reading, ReadPage
from desktop.documents.layout.lines import bare_words
from desktop.documents.parts import Parts
from desktop.documents.readers.epub_package import Book
from desktop.documents.readers.html import section_parts, title_in
from desktop.domain.documents import Block, BlockKind, DocumentKind, Page, PageUnit


def read_epub(path: Path) -> Reading:
    """Yield the chapters in reading order, each a page of its name and a long one several.

    A chapter begins where the table of contents points, in the midst of a file too. Raises
    `DamagedFile`, `ContentTooLarge`, and `ProtectedContent` for books that only their shop's
    programs open.
    """
    book = Book(path)
    try:
        yield Opened(DocumentKind.EPUB, book.title or path.stem, PageUnit.SECTION, None, book.facts)
        number = 0
        for page in _pages(book):
            if page.text:
                number += 1
                yield ReadPage(replace(_under_its_name(page), number=number))
    finally:
        book.close()


def _pages(book: Book) -> Iterator[Page]:
    parts = Parts()
    chapters = book.chapters()
    for name in book.reading_order:
        markup = decode(book.part(name), markup=True).text
        begun = dict(chapters.get(name, {}))
        title = begun.pop("", "") if chapters else title_in(markup)
        if title or not chapters:
            yield from (read.page for read in parts.begin(title))
        yield from (read.page for read in section_parts(parts, markup, begun))
    yield from (read.page for read in parts.rest())


def _under_its_name(page: Page) -> Page:
    """The page with its chapter's name above every block that is not under it already."""
    if not page.name:
        return page
    bare = bare_words(page.name)
    return replace(page, blocks=tuple(_under(block, page.name, bare) for block in page.blocks))


def _under(block: Block, name: str, bare: str) -> Block:
    path = block.heading_path
    if block.kind is BlockKind.HEADING and len(path) == 1:
        return block
    # A chapter's number and title are often two headings, and its name is both.
    below = path[1:] if path and bare_words(path[0]) in bare else path
    return replace(block, heading_path=(name, *below))
