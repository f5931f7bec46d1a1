"""Collections and documents as a face sees them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from desktop.assistant.events import JobId
from desktop.assistant.library_reading import LibraryParts
from desktop.assistant.library_removal import LibraryRemoval
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, Document, DocumentContent, Page, PagePicture
from desktop.domain.retrieval import NO_FILTERS, SearchFilters, SearchMode, SearchResult
from desktop.storage.resources import resource_path

__all__ = ["Library", "LibraryParts"]


class Library(LibraryRemoval):
    """What can be searched, and the jobs that change it.

    What a job works with is imported by the job, on its lane: the window does not wait for it.
    """

    def collections(self) -> list[Collection]:
        return self._parts.reads.documents.collections()

    def collection(self, name: str) -> Collection:
        """Raises `UnknownCollection`."""
        return self._parts.reads.documents.collection(name)

    def create(self, name: str) -> Collection:
        """Return the collection of this name, made if there was none; raises `InvalidName`."""
        return self._parts.reads.documents.create_collection(name)

    def documents(self, collection_id: int) -> list[Document]:
        return self._parts.reads.documents.documents(collection_id)

    def document(self, document_id: int) -> Document:
        """Raises `UnknownDocument`."""
        return self._parts.reads.documents.document(document_id)

    def page(self, document_id: int, number: int) -> Page:
        return self._parts.reads.documents.page(document_id, number)

    def page_picture(self, document_id: int, number: int, width_px: int) -> JobId:
        """Draw a page as people see it; `Finished.result` is a `PagePicture`.

        Also of a file inside another one, and of an encrypted file whose password was given since
        the program was started.
        """
        path, inside = self._way_to(document_id)
        return self._parts.errands_lane.start(
            lambda cancel: self._page_picture(path, inside, number, width_px, cancel)
        )

    def search(
        self,
        query: str,
        collection_name: str,
        top_k: int,
        mode: SearchMode,
        filters: SearchFilters = NO_FILTERS,
    ) -> JobId:
        """`filters` hold with those typed in the query; `Finished.result` is a `SearchResult`."""
        return self._parts.answers_lane.start(
            lambda _: self._search(query, collection_name, top_k, mode, filters)
        )

    def extract(self, path: Path, *, passwords: Sequence[str] = ()) -> JobId:
        """Read one file, or one inside it, without keeping it, the text of pictures recognised.

        `Finished.result` is a `DocumentContent`.
        """
        given = tuple(passwords)
        return self._parts.errands_lane.start(lambda cancel: self._extract(path, given, cancel))

    def warm(self) -> JobId:
        """Load the embedder and check the index, so that the first question need not wait."""
        return self._parts.indexing_lane.start(self._warm)

    def sample_folder(self) -> Path:
        return resource_path("samples")

    def sample_questions(self) -> list[str]:
        listed = json.loads(resource_path("sample_questions.json").read_text(encoding="utf-8"))
        return [entry["question"] for entry in listed]

    def _warm(self, cancel: CancelToken) -> None:
        from desktop.indexing.leftovers import check_index, put_back_interrupted

        documents = self._parts.indexing_stores.documents
        put_back_interrupted(documents)
        self._parts.index.warm(cancel)
        check_index(documents, self._parts.index, cancel)

    def _way_to(self, document_id: int) -> tuple[Path, tuple[str, ...]]:
        """The file on disk, and the names that lead from it to the document inside it."""
        document = self.document(document_id)
        if document.parent_id is None:
            return Path(document.path), ()
        path, inside = self._way_to(document.parent_id)
        holder = self.document(document.parent_id).path
        return path, (*inside, document.path[len(holder) + 1 :])

    def _page_picture(
        self, path: Path, inside: tuple[str, ...], number: int, width_px: int, cancel: CancelToken
    ) -> PagePicture:
        from desktop.documents.reader import DocumentReader

        reader = DocumentReader(self._parts.settings().documents)
        try:
            passwords = self._passwords.known()
            return reader.picture(
                path, number, width_px, cancel, inside=inside, passwords=passwords
            )
        finally:
            reader.close()

    def _search(
        self, query: str, name: str, top_k: int, mode: SearchMode, filters: SearchFilters
    ) -> SearchResult:
        collection = self._parts.answers_stores.documents.collection(name)
        return self._parts.retriever.retrieve(collection.id, query, top_k, mode, filters=filters)

    def _extract(
        self, path: Path, passwords: tuple[str, ...], cancel: CancelToken
    ) -> DocumentContent:
        from desktop.assistant.extraction import extracted
        from desktop.documents.reader import DocumentReader

        reader = DocumentReader(self._parts.settings().documents)
        try:
            return extracted(reader, path, (*passwords, *self._passwords.known()), cancel)
        finally:
            reader.close()
