"""Numbered steps of plain SQL from one schema to the next, with a backup before each journey."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqlcipher3 import dbapi2

from desktop.domain.errors import DatabaseDamaged, DatabaseNewer
from desktop.storage.failures import folder_failures
from desktop.storage.schema import FIRST_SCHEMA

# Marks the file as ours ("Carl" in ASCII), so that a foreign database is never written into.
APPLICATION_ID = 0x4361726C

Migration = Callable[[], Iterator[str]]


def _from_0_to_1() -> Iterator[str]:
    """The first schema; later steps change it and never this one."""
    yield from FIRST_SCHEMA


def _from_1_to_2() -> Iterator[str]:
    """Documents of every format: what a page is, what a file says of itself, files inside files."""
    yield "ALTER TABLE documents ADD COLUMN unit TEXT NOT NULL DEFAULT 'part'"
    yield "UPDATE documents SET unit = 'page' WHERE paged"
    yield "ALTER TABLE documents DROP COLUMN paged"
    # facts: author, dates and language as JSON; shown and filtered by, never joined.
    yield "ALTER TABLE documents ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'"
    yield "ALTER TABLE pages ADD COLUMN name TEXT NOT NULL DEFAULT ''"


MIGRATIONS: Sequence[Migration] = (_from_0_to_1, _from_1_to_2)


def migrate(
    connection: dbapi2.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring the database to the newest schema in one transaction; a copy of it is kept first.

    Raises `DatabaseNewer` and `DatabaseDamaged`, with the file as it was.
    """
    version = check_version(connection, path, len(migrations))
    if version == len(migrations):
        return
    if version > 0:
        _back_up(connection, path, version)
    # EXCLUSIVE, and the version read again: two processes may have come here together.
    connection.execute("BEGIN EXCLUSIVE")
    try:
        version = check_version(connection, path, len(migrations))
        for migration in migrations[version:]:
            for statement in migration():
                # One by one: executescript would commit what stands before it.
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def backup_path(path: Path, version: int) -> Path:
    """Return where the copy of a database of this version is kept."""
    return path.with_name(f"{path.stem}-before-version-{version + 1}{path.suffix}")


def check_version(
    connection: dbapi2.Connection, path: Path, supported: int = len(MIGRATIONS)
) -> int:
    """Return the version of the database, 0 of an empty one, without changing anything.

    Raises `DatabaseNewer`, and `DatabaseDamaged` where the file is no database or not ours.
    """
    [(version,)] = connection.execute("PRAGMA user_version").fetchall()
    [(owner,)] = connection.execute("PRAGMA application_id").fetchall()
    [(tables,)] = connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    if tables and owner != APPLICATION_ID:
        raise DatabaseDamaged(str(path))
    if version > supported:
        raise DatabaseNewer(str(path), version, supported)
    return int(version)


def _back_up(connection: dbapi2.Connection, path: Path, version: int) -> None:
    kept = backup_path(path, version)
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}-{time.time_ns()}")
    with folder_failures(kept.parent):
        # Through the driver and not by copying: part of the data may still be in the log.
        try:
            copy = dbapi2.connect(str(unfinished))
            try:
                connection.backup(copy)
            finally:
                copy.close()
            with unfinished.open("rb") as written:
                os.fsync(written.fileno())
            unfinished.replace(kept)
        finally:
            unfinished.unlink(missing_ok=True)
