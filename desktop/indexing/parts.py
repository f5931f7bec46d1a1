"""What an indexing run is given to work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from desktop.documents.reader import DocumentReader
from desktop.domain.errors import CarrelError
from desktop.domain.hold import Hold
from desktop.domain.settings import DocumentSettings
from desktop.indexing.crew import OpenCrew
from desktop.retrieval.index import Index
from desktop.storage.document_store import DocumentStore


def no_passwords() -> Sequence[str]:
    """Where nobody has given any."""
    return ()


@dataclass(frozen=True, slots=True)
class IndexingParts:
    """What a run works with; `describe` says an error in one plain sentence.

    As many files are read at a time as there are `readers`. `passwords` are those known now.
    """

    documents: DocumentStore
    readers: Sequence[DocumentReader]
    index: Index
    settings: DocumentSettings
    describe: Callable[[CarrelError], str]
    open_crew: OpenCrew
    passwords: Callable[[], Sequence[str]] = no_passwords
    hold: Hold = field(default_factory=Hold)
