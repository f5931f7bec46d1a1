"""The folders and files that collections follow."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.domain.documents import WatchedFolder
from desktop.storage.database import Database, Row
from desktop.storage.stored_text import path_of, stored_path

_COLUMNS = "id, collection_id, path, include, exclude, reachable, max_file_mb, mounts, is_file"


@dataclass(frozen=True, slots=True)
class FollowedFolder:
    """A followed folder with what a look through it needs.

    `max_file_mb` is 0 for the setting's own limit. `mounts` are the drives that were seen at or
    below it when it was last looked through.
    """

    folder: WatchedFolder
    max_file_mb: int = 0
    mounts: tuple[str, ...] = ()
    is_file: bool = False


class FolderStore:
    """Keeps what is followed, with its patterns, and when it was last looked through."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def followed(self, collection_id: int) -> list[FollowedFolder]:
        """Return what a collection follows, by path."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM folders WHERE collection_id = ? ORDER BY path",
            (collection_id,),
        )
        return [_followed(row) for row in rows]

    def follow(
        self,
        collection_id: int,
        path: str,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        max_file_mb: int = 0,
        *,
        is_file: bool = False,
    ) -> FollowedFolder:
        """Follow a folder or file; patterns and limit replace those of an earlier time."""
        [row] = self._database.execute(
            "INSERT INTO folders (collection_id, path, include, exclude, max_file_mb, is_file) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (collection_id, path) DO UPDATE SET "
            "include = excluded.include, exclude = excluded.exclude, is_file = excluded.is_file, "
            f"max_file_mb = excluded.max_file_mb RETURNING {_COLUMNS}",
            (
                collection_id,
                stored_path(path),
                json.dumps(list(include)),
                json.dumps(list(exclude)),
                max_file_mb,
                is_file,
            ),
        )
        return _followed(row)

    def change_folder(self, folder: WatchedFolder) -> None:
        """Replace the patterns of a followed folder."""
        self._database.execute(
            "UPDATE folders SET include = ?, exclude = ? WHERE id = ?",
            (json.dumps(folder.include), json.dumps(folder.exclude), folder.id),
        )

    def folder(self, folder_id: int) -> FollowedFolder | None:
        rows = self._database.execute(f"SELECT {_COLUMNS} FROM folders WHERE id = ?", (folder_id,))
        return _followed(rows[0]) if rows else None

    def forget_folder(self, folder_id: int) -> None:
        """Follow it no more; its documents are removed by whoever asks for that."""
        self._database.execute("DELETE FROM folders WHERE id = ?", (folder_id,))

    def note_look(self, folder_id: int, reachable: bool, mounts: Sequence[str]) -> None:
        """Note that a folder was looked through just now, and which drives lie in it."""
        self._database.execute(
            "UPDATE folders SET reachable = ?, mounts = ?, checked_at = ? WHERE id = ?",
            (reachable, json.dumps(list(mounts)), time.time(), folder_id),
        )


def _followed(row: Row) -> FollowedFolder:
    folder = WatchedFolder(
        id=row[0],
        collection_id=row[1],
        path=path_of(row[2]),
        include=tuple(json.loads(row[3])),
        exclude=tuple(json.loads(row[4])),
        reachable=bool(row[5]),
    )
    return FollowedFolder(folder, row[6], tuple(json.loads(row[7])), bool(row[8]))
