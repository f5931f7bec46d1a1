"""A process that stores and says what it has acknowledged, to be killed, starved or refused."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from desktop.domain.documents import DocumentStatus
from desktop.domain.errors import StorageError
from desktop.domain.settings import Settings
from desktop.storage.conversation_store import ConversationStore
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.instance_lock import InstanceLock
from desktop.storage.settings_file import load_settings, load_window_state, save_settings
from tests.support.stored_content import Prepared, prepare, store

DOCUMENTS = 5
_NOBODY = 65534


def version_of(path_number: int, version: int) -> Prepared:
    """Return what the given version of a document holds: from 1 to 40 passages."""
    word = f"doc{path_number}version{version}"
    passages = [f"{word} passage {n} " + "rent " * 60 for n in range(1 + version * 7 % 40)]
    return prepare(passages, title=word)


def keep_storing(folder: Path) -> None:
    """Store new versions of a few documents for ever; say each one that is acknowledged."""
    documents = DocumentStore(Database.open(folder / "carrel.db"))
    collection = documents.create_collection("contracts")
    for left in documents.interrupted():
        documents.mark_failed(left.id, DocumentStatus.FAILED, "ReaderDied", "Killed.")
    known = documents.documents(collection.id)
    start = 1 + max((int(one.title.split("version")[1]) for one in known if one.chunks), default=0)
    for version in range(start, 1_000_000):
        for number in range(DOCUMENTS):
            store(documents, collection.id, f"/{number}", version_of(number, version))
            _say(f"{number} {version}")


def store_until_full(folder: Path, limit_bytes: int) -> None:
    """Store until the disk is full, then go on reading."""
    if limit_bytes:
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    database = Database.open(folder / "carrel.db")
    documents = DocumentStore(database)
    collection = documents.create_collection("contracts")
    try:
        for number in range(1_000_000):
            store(documents, collection.id, f"/{number}", version_of(number, 39))
            _say(f"{number} 39")
    except StorageError as error:
        _say(type(error).__name__)
    words = f"words_{collection.id}"
    [(found,)] = database.execute(f"SELECT count(*) FROM {words} WHERE {words} MATCH 'front: doc*'")
    assert documents.collection("contracts").ready == found // len(version_of(0, 39).chunks)
    _say("still reading")


def try_everything(folder: Path) -> None:
    """As a person who may read the folder only, do what writes; say how each one ends."""
    if os.geteuid() == 0:
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    attempts: list[Callable[[], object]] = [
        lambda: InstanceLock.take(folder),
        lambda: ConversationStore(Database.open(folder / "carrel.db")).create("x", None),
        lambda: Database.open(folder / "below" / "carrel.db"),
        lambda: save_settings(folder / "settings.json", Settings()),
        lambda: load_settings(folder / "broken.json"),
        lambda: load_window_state(folder / "broken.json"),
    ]
    for attempt in attempts:
        try:
            attempt()
            _say("done")
        except StorageError as error:
            _say(type(error).__name__)


def hold(folder: Path) -> None:
    """Take the folder and keep it until killed."""
    lock = InstanceLock.take(folder)
    _say("held")
    sys.stdin.read()
    lock.release()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    action, place, *rest = sys.argv[1:]
    globals()[action](Path(place), *(int(argument) for argument in rest))
