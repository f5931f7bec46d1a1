"""Pages that the reading process draws: pictures, encrypted files, files inside others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSizeF, Signal
from PySide6.QtGui import QImage

from desktop.assistant.events import Event, Finished, JobId
from desktop.domain.documents import PagePicture
from desktop.domain.errors import CarrelError

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

Key = tuple[str, int, int]  # path, page index, width in pixels


class DrawnPages(QObject):
    """Asks the assistant for pictures of pages; each is asked for once."""

    drawn = Signal(object, QImage)  # Key
    refused = Signal(str)  # path

    def __init__(self, assistant: Assistant, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._documents: dict[str, int] = {}
        self._sizes: dict[tuple[str, int], QSizeF] = {}
        self._asked: dict[JobId, Key] = {}
        self._refused: set[str] = set()

    def page_count(self, path: str, document_id: int) -> int:
        """Pages of the document as it was read; 0 where they cannot be drawn."""
        if path in self._refused:
            return 0
        self._documents[path] = document_id
        try:
            return self._assistant.library.document(document_id).pages
        except CarrelError:
            return 0

    def knows(self, path: str) -> bool:
        return path in self._documents

    def page_size(self, path: str, index: int) -> QSizeF:
        """The page's size in points as it was read."""
        if (path, index) not in self._sizes:
            try:
                page = self._assistant.library.page(self._documents[path], index + 1)
            except CarrelError:
                return QSizeF()
            self._sizes[path, index] = QSizeF(page.width, page.height)
        return self._sizes[path, index]

    def ask(self, key: Key) -> None:
        """Have a page drawn; `drawn` follows unless the file refuses."""
        path, index, width = key
        if path in self._refused or key in self._asked.values() or width <= 0:
            return
        job = self._assistant.library.page_picture(self._documents[path], index + 1, width)
        self._asked[job] = key

    def show_event(self, event: Event) -> None:
        if not event.closing or event.job not in self._asked:
            return
        key = self._asked.pop(event.job)
        body = event.body
        if isinstance(body, Finished) and isinstance(body.result, PagePicture):
            self.drawn.emit(key, _image(body.result))
        else:
            # A wrong password or a file that has gone is not asked again by every repainting.
            self._refused.add(key[0])
            self.refused.emit(key[0])


def _image(picture: PagePicture) -> QImage:
    across = 3 * picture.width
    shape = QImage.Format.Format_RGB888
    # A copy, because Qt does not keep the bytes that it is given.
    return QImage(picture.levels, picture.width, picture.height, across, shape).copy()
