"""Pages as images, rendered beside the window's loop and kept while they are used."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, QSizeF, Signal
from PySide6.QtGui import QImage

from desktop.domain.answers import Citation
from desktop.domain.documents import PageUnit
from desktop.gui.sources.drawn_pages import DrawnPages, Key

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions, QPdfPageRenderer

    from desktop.assistant.events import Event
    from desktop.assistant.facade import Assistant

_KEPT_IMAGES = 12
_KEPT_DOCUMENTS = 3
_LARGEST_SIDE = 6000  # pixels; a page may claim to be a kilometre wide


class OpenedPdf:
    """One PDF file with its renderer."""

    def __init__(self, path: str, parent: QObject) -> None:
        # QtPdf is loaded with the first page that is looked at, not with the window.
        from PySide6.QtPdf import QPdfDocument, QPdfPageRenderer

        self.document: QPdfDocument = QPdfDocument(parent)
        self.whole = self.document.load(path) == QPdfDocument.Error.None_
        self.renderer: QPdfPageRenderer = QPdfPageRenderer(parent)
        self.renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
        self.renderer.setDocument(self.document)

    def close(self) -> None:
        self.renderer.deleteLater()
        self.document.deleteLater()


class PageImages(QObject):
    """Asked for a page, answers at once from what is kept or later by `rendered`.

    Qt draws plain PDF files itself; whatever else has pages is drawn by the reading process.
    """

    rendered = Signal(str, int)  # path, page index
    refused = Signal(str)  # path, whose pages are not drawn after all

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawn = DrawnPages(assistant, self)
        self._drawn.drawn.connect(self._keep)
        self._drawn.refused.connect(self.refused)
        self._opened: OrderedDict[str, OpenedPdf] = OrderedDict()
        self._images: OrderedDict[tuple[str, int, int], QImage] = OrderedDict()
        self._asked: set[tuple[str, int, int]] = set()

    def page_count(self, citation: Citation) -> int:
        """Pages of the cited file; 0 where it has none that can be drawn."""
        if citation.unit is not PageUnit.PAGE:
            return 0
        if _is_pdf(citation.path):
            opened = self._open(citation.path)
            if opened.whole:
                return opened.document.pageCount()
        return self._drawn.page_count(citation.path, citation.document_id)

    def show_event(self, event: Event) -> None:
        self._drawn.show_event(event)

    def page_size(self, path: str, index: int) -> QSizeF:
        """The page's size in points."""
        if self._drawn.knows(path):
            return self._drawn.page_size(path, index)
        return self._open(path).document.pagePointSize(index)

    def image(self, path: str, index: int, width: int) -> QImage | None:
        """The page `width` pixels wide, or the nearest kept size until `rendered` says so."""
        key = (path, index, width)
        if key in self._images:
            self._images.move_to_end(key)
            return self._images[key]
        self._ask(key)
        others = (kept for kept in reversed(self._images) if kept[:2] == (path, index))
        near = next(others, None)
        return self._images[near] if near else None

    def _ask(self, key: Key) -> None:
        path, index, width = key
        if self._drawn.knows(path):
            self._drawn.ask(key)
            return
        size = self.page_size(path, index)
        if key in self._asked or size.isEmpty() or width <= 0:
            return
        height = round(width * size.height() / size.width())
        target = QSize(width, height).boundedTo(QSize(_LARGEST_SIDE, _LARGEST_SIDE))
        self._asked.add(key)
        self._open(path).renderer.requestPage(index, target)

    def _open(self, path: str) -> OpenedPdf:
        if path in self._opened:
            self._opened.move_to_end(path)
            return self._opened[path]
        while len(self._opened) >= _KEPT_DOCUMENTS:
            self._forget(*self._opened.popitem(last=False))
        opened = self._opened[path] = OpenedPdf(path, self)

        def keep(
            page: int, size: QSize, image: QImage, _options: QPdfDocumentRenderOptions, _id: int
        ) -> None:
            self._keep((path, page, size.width()), image)

        opened.renderer.pageRendered.connect(keep)
        return opened

    def _keep(self, key: Key, image: QImage) -> None:
        self._asked.discard(key)
        self._images[key] = image
        while len(self._images) > _KEPT_IMAGES:
            self._images.popitem(last=False)
        self.rendered.emit(key[0], key[1])

    def _forget(self, path: str, opened: OpenedPdf) -> None:
        opened.close()
        self._asked = {key for key in self._asked if key[0] != path}


def _is_pdf(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            return b"%PDF" in file.read(1024)
    except OSError:
        return False
