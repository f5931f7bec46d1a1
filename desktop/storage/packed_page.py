"""A page as it is stored: its text, and its layout as one compressed value."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from desktop.domain.documents import Page
from desktop.storage.page_layout import pack_layout, unpack_layout
from desktop.storage.stored_text import storable_text

# Level 1: four fifths of the gain at a fifth of the time.
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page that costs little memory while its document is being read.

    `text` is compressed UTF-8 where `pack_page` was asked to squeeze it.
    """

    number: int
    text: str | bytes
    layout: bytes
    width: float
    height: float
    name: str

    def plain_text(self) -> str:
        """The page's text as it is stored."""
        if isinstance(self.text, str):
            return self.text
        return zlib.decompress(self.text).decode()

    def page(self) -> Page:
        """The page as it was; raises `ValueError` where the stored bytes were changed."""
        blocks, lines = unpack_layout(self.layout)
        return Page(
            self.number, self.plain_text(), blocks, lines, self.width, self.height, self.name
        )


def pack_page(page: Page, *, squeeze: bool = False) -> PackedPage:
    """Pack a page; `squeeze` compresses its text too, for documents of many megabytes."""
    text = storable_text(page.text)
    return PackedPage(
        page.number,
        zlib.compress(text.encode(), _LEVEL) if squeeze else text,
        pack_layout(page.blocks, page.lines),
        page.width,
        page.height,
        storable_text(page.name),
    )
