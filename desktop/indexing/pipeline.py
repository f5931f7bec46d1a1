"""Folders in, searchable chunks out: scan, read and embed at once, recognise, prove."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentStatus,
    FileOutcome,
    IndexReport,
    IndexStage,
)
from desktop.domain.errors import Cancelled, FileTooLarge, NotFindable
from desktop.indexing.changes import Judge, KnownDocuments, way_to
from desktop.indexing.crew import RunEvent
from desktop.indexing.drafts import FileTask
from desktop.indexing.finishing import status_after
from desktop.indexing.parts import IndexingParts
from desktop.indexing.recognition import Recognition
from desktop.indexing.run import Run
from desktop.indexing.scanning import FoundFile, Root, Scanned, Unreachable, scan_roots

IndexingEvent = RunEvent | IndexReport
Scans = list[tuple[Root, Scanned]]

__all__ = ["IndexingEvent", "IndexingParts", "Look", "index_paths", "index_roots", "read_again"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a run goes about its files.

    `again` tries once more what failed before. `quiet` says nothing of files that are unchanged.
    `missing` is told what was found, and names the documents whose files are gone.
    """

    again: bool = True
    quiet: bool = False
    missing: Callable[[Scans, KnownDocuments], Sequence[Document]] = lambda _, __: ()


def index_paths(
    paths: Sequence[Path], collection: Collection, parts: IndexingParts, cancel: CancelToken
) -> Iterator[IndexingEvent]:
    """Index files and folders; the report comes last, also when the run was stopped.

    Nothing done is done again: unchanged files are known by size and date, else by content. A
    file that cannot be read is named with its reason and stops nothing. Raises `ModelError`,
    `WorkerError` or `StorageError` where no file could be indexed any more.
    """
    return index_roots([Root(path) for path in paths], collection, parts, cancel, Look())


def index_roots(
    roots: Sequence[Root],
    collection: Collection,
    parts: IndexingParts,
    cancel: CancelToken,
    look: Look,
) -> Iterator[IndexingEvent]:
    """Index what lies at and under some roots, as `index_paths` does."""

    def noting(run: Run) -> Iterator[RunEvent]:
        if not look.quiet:
            yield run.tally.progress()
        scans = scan_roots(roots, parts.settings.include_hidden, cancel)
        known = KnownDocuments(parts.documents.documents(collection.id))
        missing = look.missing(scans, known)
        judge = Judge(known, look.again, bool(parts.passwords()))
        yield from _sorted_out(run, scans, judge, look.quiet)
        yield from run.work()
        for document in missing:
            run.remove_if_there(document)

    return _run(noting, collection, parts, cancel, quiet=look.quiet)


def read_again(
    document: Document, collection: Collection, parts: IndexingParts, cancel: CancelToken
) -> Iterator[IndexingEvent]:
    """Read one document again, a quarantined or skipped one too, also inside another file."""

    def noting(run: Run) -> Iterator[RunEvent]:
        task = way_to(document, parts.documents)
        status = task.path.stat() if task.path.exists() else None
        if status is not None and not task.inside:
            task = replace(task, size_bytes=status.st_size, modified_ns=status.st_mtime_ns)
        run.tally.expect(task.shown, task.size_bytes)
        run.add(task)
        yield from run.work()

    return _run(noting, collection, parts, cancel)


def _run(
    noting: Callable[[Run], Iterator[RunEvent]],
    collection: Collection,
    parts: IndexingParts,
    cancel: CancelToken,
    quiet: bool = False,
) -> Iterator[IndexingEvent]:
    stopped = False
    with Run(collection, parts, cancel) as run:
        try:
            yield from noting(run)
            if parts.settings.recognise_text and Recognition(run, collection).note_all():
                yield from run.work()
        except Cancelled:
            stopped = True
        run.end_workers()
        try:
            # A look that found nothing new costs nothing; the start of the program checks anyway.
            if run.writer.changed or not quiet:
                yield from _settled(run, cancel)
        except Cancelled:
            stopped = True
        yield run.tally.report(stopped)


def _sorted_out(run: Run, scans: Scans, judge: Judge, quiet: bool) -> Iterator[RunEvent]:
    """Note what is to be read, and say what became of everything else."""
    files = [(root, item) for root, scanned in scans for item in scanned.found]
    for _, item in files:
        run.tally.expect(item.path, item.size_bytes if isinstance(item, FoundFile) else 0)
    run.tally.stage = IndexStage.READING
    for root, item in files:
        if isinstance(item, Unreachable):
            error = item.error
            outcome = FileOutcome(item.path, status_after(error), run.parts.describe(error))
            yield run.done(outcome)
            continue
        for verdict in judge.verdicts(item):
            if isinstance(verdict, FileOutcome):
                said = run.done(verdict)
                if not (quiet and verdict.status is DocumentStatus.UNCHANGED):
                    yield said
            elif root.max_bytes and verdict.size_bytes > root.max_bytes:
                yield from run.fail(verdict, _too_large(verdict, root.max_bytes))
            else:
                run.add(verdict)


def _too_large(task: FileTask, limit_bytes: int) -> FileTooLarge:
    return FileTooLarge(task.shown, task.size_bytes, limit_bytes)


def _settled(run: Run, cancel: CancelToken) -> Iterator[RunEvent]:
    """Leave the index whole; name the documents that do not find themselves in it."""
    if not run.writer.needs_settling:
        return
    run.tally.stage = IndexStage.SETTLING
    yield run.tally.progress()
    for document in run.writer.settle(cancel):
        error = NotFindable(document.path)
        detail = run.parts.describe(error)
        run.parts.documents.mark_lost(document.id, type(error).__name__, detail)
        yield run.done(FileOutcome(document.path, DocumentStatus.FAILED, detail))
