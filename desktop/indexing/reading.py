"""One file read and cut into passages, part by part, on a worker's thread."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from desktop.documents.content import Opened
from desktop.documents.reader import DocumentReader, Pages
from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentContent, Page
from desktop.domain.errors import EmptyFile
from desktop.indexing.chunking import passages_of
from desktop.indexing.crew import Room
from desktop.indexing.drafts import FileTask, Part
from desktop.indexing.finishing import refuse_if_changed
from desktop.storage.packed_page import pack_page

# A document is handed on in parts, so that a long one is embedded while it is being read.
_PART_PAGES = 64
_PART_CHARACTERS = 400_000
# From here on the pages' texts are held compressed: half a gigabyte of text is then a tenth.
_SQUEEZED_FROM_CHARACTERS = 4_000_000


@dataclass(slots=True)
class PartMaker:
    """Gathers pages into parts; chunks never cross a page, so parts can be cut on their own."""

    skeleton: DocumentContent
    cancel: CancelToken
    _seen: int = 0

    def parts(self, pages: Iterable[Page]) -> Iterator[Part]:
        gathered: list[Page] = []
        characters = 0
        for page in pages:
            gathered.append(page)
            characters += len(page.text)
            if len(gathered) == _PART_PAGES or characters >= _PART_CHARACTERS:
                yield self._part(gathered, characters)
                gathered, characters = [], 0
        if gathered:
            yield self._part(gathered, characters)

    def _part(self, pages: Sequence[Page], characters: int) -> Part:
        self._seen += characters
        squeeze = self._seen > _SQUEEZED_FROM_CHARACTERS
        passages = passages_of(with_pages(self.skeleton, pages), self.cancel)
        return Part(
            tuple(pack_page(page, squeeze=squeeze) for page in pages),
            tuple(passages),
            tuple(hash_of(passage.embedded_text) for passage in passages),
        )


def read_file(
    reader: DocumentReader,
    task: FileTask,
    passwords: Sequence[str],
    room: Room,
    cancel: CancelToken,
    take: Callable[[Part], None],
) -> DocumentContent:
    """Read a file, hand on its parts, and return what is known of it without its pages.

    Raises subclasses of `DocumentError`, or `Cancelled`.
    """
    try:
        return _handed_on(reader, task, passwords, room, cancel, take)
    except EmptyFile:
        # A file that is being written anew is empty for a moment.
        refuse_if_changed(task)
        raise


def _handed_on(
    reader: DocumentReader,
    task: FileTask,
    passwords: Sequence[str],
    room: Room,
    cancel: CancelToken,
    take: Callable[[Part], None],
) -> DocumentContent:
    # Closed here and not when it is forgotten: the reader is locked as long as it reads, and an
    # exception on its way to the pipeline would keep it so.
    with closing(
        reader.pages(task.path, cancel, inside=task.inside, passwords=passwords)
    ) as events:
        reading = _Reading(events)
        pages = reading.pages()
        for first in pages:
            skeleton = reading.skeleton()
            for part in PartMaker(skeleton, cancel).parts(itertools.chain([first], pages)):
                room.wait(cancel)
                take(part)
    assert reading.content is not None, "the pages came to their end"
    return reading.content


class _Reading:
    """The events of a reader, sorted into what they say."""

    def __init__(self, events: Pages) -> None:
        self._events = events
        self.opened: Opened | None = None
        self.content: DocumentContent | None = None

    def skeleton(self) -> DocumentContent:
        """What was known before the first page."""
        opened = self.opened
        assert opened is not None, "a reader says how the file opened before anything else"
        return DocumentContent(opened.kind, opened.title, (), opened.unit, facts=opened.facts)

    def pages(self) -> Iterator[Page]:
        while True:
            try:
                event = next(self._events)
            except StopIteration as end:
                self.content = end.value
                return
            if isinstance(event, Page):
                yield event
            else:
                self.opened = event


def hash_of(text: str) -> bytes:
    """What a text is known by, so that it is embedded once."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def with_pages(content: DocumentContent, pages: Sequence[Page]) -> DocumentContent:
    return DocumentContent(
        content.kind, content.title, tuple(pages), content.unit, (), content.facts
    )
