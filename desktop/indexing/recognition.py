"""Text from pictures of pages: after all text is ready, page by page, and never twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from desktop.documents.reader import DocumentReader
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentContent,
    FileOutcome,
    IndexStage,
    InnerFile,
)
from desktop.domain.errors import DocumentError, NeedsTextRecognition
from desktop.indexing.changes import way_to
from desktop.indexing.crew import Pending, RunEvent
from desktop.indexing.drafts import Draft, FileTask
from desktop.indexing.finishing import refuse_if_changed
from desktop.indexing.reading import PartMaker
from desktop.indexing.run import Run
from desktop.storage.packed_page import PackedPage, pack_page

_SLICE_S = 0.05


class Recognition:
    """Recognises what waits for it in a collection, and stores each document again with both.

    Every recognised page is kept at once, so that a stop or a kill costs one page.
    """

    def __init__(self, run: Run, collection: Collection) -> None:
        self._run = run
        self._collection = collection
        self._documents = run.parts.documents

    def note_all(self) -> bool:
        """Note every document whose file is there unchanged; False where there is none."""
        found = False
        for document, pages in self._documents.pictured(self._collection.id):
            task = way_to(document, self._documents)
            try:
                refuse_if_changed(task)
            except DocumentError:
                # Another drive, or a new version: the next look at the folder deals with it.
                continue
            kept = set(self._documents.kept_pages(document.id))
            left = [page for page in pages if page not in kept]
            self._run.tally.expect_pictures(len(left))
            self._run.add_job(partial(self._start, document, task, left, len(pages)))
            found = True
        if found:
            self._run.tally.stage = IndexStage.RECOGNISING
        return found

    def _start(
        self,
        document: Document,
        task: FileTask,
        pages: Sequence[int],
        total: int,
        reader: DocumentReader,
    ) -> Iterator[RunEvent]:
        run, passwords = self._run, self._run.parts.passwords()

        def work() -> None:
            for page in reader.recognise(
                task.path, pages, run.stop, inside=task.inside, passwords=passwords
            ):
                packed = pack_page(page)
                run.inbox.post(partial(self._keep, document, packed, total))
                while not run.parts.hold.wait(_SLICE_S) and not run.stop.cancelled:
                    continue  # paused between two pages

        run.crew.start(
            work,
            lambda pending: run.inbox.post(partial(self._ended, document, task, reader, pending)),
        )
        yield run.tally.progress(document.path)

    def _keep(self, document: Document, page: PackedPage, total: int) -> Iterator[RunEvent]:
        self._documents.keep_page(document.id, page)
        self._run.tally.recognised(page.number, total)
        yield self._run.tally.progress(document.path)

    def _ended(
        self, document: Document, task: FileTask, reader: DocumentReader, pending: Pending[None]
    ) -> Iterator[RunEvent]:
        run = self._run
        run.give_back(reader)
        error: DocumentError = NeedsTextRecognition(document.path)
        try:
            pending.result()
        except DocumentError as failure:
            error = failure
        kept = self._documents.kept_pages(document.id)
        if not kept:
            detail = run.parts.describe(error)
            now = self._documents.give_up_pictures(document.id, type(error).__name__, detail)
            yield run.done(FileOutcome(now.path, now.status, now.error_detail, now.pages))
            return
        yield from self._store(document, task, len(kept))

    def _store(self, document: Document, task: FileTask, pages: int) -> Iterator[RunEvent]:
        """Cut the document into chunks anew; those that were there have their vectors."""
        draft = Draft(task, document, from_database=True)
        draft.recognised_pages = document.recognised_pages + pages
        content = self._content(document)
        stored = (page.page() for page in self._documents.packed_pages(document.id))
        for part in PartMaker(content, self._run.stop).parts(stored):
            yield from self._run.embed(draft, part)
        yield from self._run.read(draft, content)

    def _content(self, document: Document) -> DocumentContent:
        assert document.kind is not None, "a document with pages has a kind"
        inner = self._documents.documents_inside(document.id)
        return DocumentContent(
            document.kind,
            document.title,
            (),
            document.unit,
            self._documents.warnings(document.id),
            document.facts,
            tuple(InnerFile(one.path[len(document.path) + 1 :], one.size_bytes) for one in inner),
        )
