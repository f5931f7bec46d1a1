"""Followed folders: looked through again and again, for what is new, changed, moved or gone."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import Collection, Document, WatchedFolder
from desktop.indexing.changes import KnownDocuments, gone
from desktop.indexing.parts import IndexingParts
from desktop.indexing.patterns import Patterns
from desktop.indexing.pipeline import IndexingEvent, Look, Scans, index_roots
from desktop.indexing.scanning import FoundFile, Root, Scanned, Unreachable
from desktop.storage.document_store import DocumentStore
from desktop.storage.folder_store import FollowedFolder

_MB = 1_000_000


def look_through(
    folders: Sequence[FollowedFolder],
    collection: Collection,
    parts: IndexingParts,
    cancel: CancelToken,
    *,
    asked: bool,
) -> Iterator[IndexingEvent]:
    """Bring a collection in line with the folders and files that it follows.

    A document whose file is gone goes; where a folder cannot be reached, or a drive that lay in
    it is missing, nothing goes and that is said. `asked` is set where a person asked for it: what
    failed before is tried again then, and every file is told of.
    """
    roots = [_root(one) for one in folders]

    def missing(scans: Scans, known: KnownDocuments) -> list[Document]:
        lost: dict[int, Document] = {}
        every = [item for _, scanned in scans for item in scanned.found]
        found = {item.path for item in every if isinstance(item, FoundFile)}
        for followed, (root, scanned) in zip(folders, scans, strict=True):
            unreachable = _unreachable(followed, scanned)
            parts.documents.note_look(
                followed.folder.id, not unreachable, scanned.mounts or followed.mounts
            )
            if _was_deleted(followed.folder.path, followed):
                parts.documents.forget_folder(followed.folder.id)
            for document in gone(known, root.path, found, unreachable):
                lost[document.id] = document
        return list(lost.values())

    look = Look(again=asked, quiet=not asked, missing=missing)
    return index_roots(roots, collection, parts, cancel, look)


def follow(
    documents: DocumentStore,
    collection: Collection,
    path: Path,
    include: Sequence[str],
    exclude: Sequence[str],
    max_file_mb: int,
) -> FollowedFolder:
    """Let a collection follow a path, unless it follows a folder that has it already.

    Where no pattern is given, those of an earlier time stay. A path that is not there is looked
    at this once.
    """
    name = os.path.abspath(path)
    known = {one.folder.path: one for one in documents.followed(collection.id)}
    passing = FollowedFolder(
        WatchedFolder(0, collection.id, name, tuple(include), tuple(exclude)), max_file_mb
    )
    if not os.path.exists(name):
        return passing
    plain = not (include or exclude or max_file_mb)
    if plain and name in known:
        return known[name]
    if plain and any(_covers(one, name) for one in known.values()):
        return passing
    is_file = os.path.isfile(name)
    return documents.follow(collection.id, name, include, exclude, max_file_mb, is_file=is_file)


def forget(
    followed: FollowedFolder, collection: Collection, parts: IndexingParts, cancel: CancelToken
) -> Iterator[IndexingEvent]:
    """Follow a folder no more, and remove what was read from it and lies in no other one."""
    parts.documents.forget_folder(followed.folder.id)
    others = parts.documents.followed(collection.id)

    def missing(_: Scans, known: KnownDocuments) -> list[Document]:
        under = gone(known, Path(followed.folder.path), set(), ())
        return [one for one in under if not any(_covers(other, one.path) for other in others)]

    return index_roots([], collection, parts, cancel, Look(quiet=True, missing=missing))


def leave_out(documents: DocumentStore, document: Document) -> None:
    """See to it that a document which a person removes is not read again by the next look."""
    if document.parent_id is not None:
        return
    for followed in documents.followed(document.collection_id):
        folder = followed.folder
        if folder.path == document.path:
            documents.forget_folder(folder.id)
        elif _covers(followed, document.path):
            below = os.path.relpath(document.path, folder.path).replace(os.sep, "/")
            # "./" makes it a path and not a name, which would be left out of every folder.
            pattern = "./" + glob.escape(below)
            documents.change_folder(replace(folder, exclude=(*folder.exclude, pattern)))


def _covers(followed: FollowedFolder, path: str) -> bool:
    """Whether looking through a followed folder finds this path, were it there."""
    folder = followed.folder
    if path == folder.path:
        return True
    if followed.is_file or not path.startswith(os.path.join(folder.path, "")):
        return False
    below = os.path.relpath(path, folder.path).replace(os.sep, "/")
    patterns = Patterns.of(folder.include, folder.exclude)
    return patterns.takes_file(os.path.basename(path), below)


def _root(followed: FollowedFolder) -> Root:
    folder = followed.folder
    patterns = Patterns.of(folder.include, folder.exclude)
    return Root(Path(folder.path), patterns, followed.max_file_mb * _MB)


def _unreachable(followed: FollowedFolder, scanned: Scanned) -> list[str]:
    """What could not be looked at, drives that were there the last time among it."""
    refused = [item.path for item in scanned.found if isinstance(item, Unreachable)]
    missing = [mount for mount in followed.mounts if not _is_there(mount, scanned)]
    # A file of its own that is gone from a folder that is there was deleted.
    return [path for path in (*refused, *missing) if not _was_deleted(path, followed)]


def _is_there(mount: str, scanned: Scanned) -> bool:
    return mount in scanned.mounts or os.path.ismount(mount)


def _was_deleted(path: str, followed: FollowedFolder) -> bool:
    return (
        path == followed.folder.path
        and not os.path.lexists(path)
        and os.path.isdir(os.path.dirname(path))
        and followed.is_file
    )
