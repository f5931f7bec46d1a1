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
from desktop.storage.schema_unfinished import FOLLOWED_AND_UNFINISHED

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
    # A file inside another one goes when that goes.
    yield (
        "ALTER TABLE documents ADD COLUMN parent_id INTEGER REFERENCES documents ON DELETE CASCADE"
    )
    yield "CREATE INDEX documents_parent ON documents (parent_id) WHERE parent_id IS NOT NULL"
    yield "ALTER TABLE documents ADD COLUMN inner_files INTEGER NOT NULL DEFAULT 0"
    yield "ALTER TABLE documents ADD COLUMN recognised_pages INTEGER NOT NULL DEFAULT 0"
    # picture_pages: numbers of the pages that wait for text recognition, as a JSON list.
    yield "ALTER TABLE documents ADD COLUMN picture_pages TEXT NOT NULL DEFAULT '[]'"
    yield "CREATE INDEX documents_pictures ON documents (collection_id) WHERE picture_pages <> '[]'"
    # text_hash: of what was embedded for the chunk, so that the same text is embedded once.
    yield "ALTER TABLE chunks ADD COLUMN text_hash BLOB"
    yield "CREATE INDEX chunks_text_hash ON chunks (text_hash) WHERE text_hash IS NOT NULL"
    yield from FOLLOWED_AND_UNFINISHED


def _from_2_to_3() -> Iterator[str]:
    """Words as tokens of our own, which are made anew from the chunks when they are next needed."""
    # context: what is searched and embedded with a chunk beside its own words.
    yield "ALTER TABLE chunks ADD COLUMN context TEXT NOT NULL DEFAULT ''"
    # analysis: in which way the tokens were made; languages: by which words were stemmed, as JSON.
    yield "ALTER TABLE collections ADD COLUMN analysis INTEGER NOT NULL DEFAULT 0"
    yield "ALTER TABLE collections ADD COLUMN languages TEXT NOT NULL DEFAULT '[]'"


def _from_3_to_4() -> Iterator[str]:
    """Vectors of several embedders beside each other, and what the cells are built through."""
    # id: the order of writing, which an index that is older than the table catches up by.
    yield """
        CREATE TABLE vector_runs_kept (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
            document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
            first_chunk_id INTEGER NOT NULL REFERENCES chunks ON DELETE CASCADE,
            length INTEGER NOT NULL,
            embedder TEXT NOT NULL,
            dimensions INTEGER NOT NULL,
            vectors BLOB NOT NULL,
            UNIQUE (first_chunk_id, embedder)
        )
    """
    yield """
        INSERT INTO vector_runs_kept
            (collection_id, document_id, first_chunk_id, length, embedder, dimensions, vectors)
        SELECT collection_id, document_id, first_chunk_id, length, embedder, dimensions, vectors
        FROM vector_runs ORDER BY first_chunk_id
    """
    yield "DROP TABLE vector_runs"
    yield "ALTER TABLE vector_runs_kept RENAME TO vector_runs"
    yield "CREATE INDEX vector_runs_document ON vector_runs (document_id)"
    yield (
        "CREATE INDEX vector_runs_collection "
        "ON vector_runs (collection_id, embedder, first_chunk_id, length)"
    )
    # stamp: the folder of cells that holds these vectors, "" without one; the runs through
    # through_run are in it. Removals up to forgotten are in no file any more.
    # searched: the one embedder whose vectors answer in this collection.
    yield """
        CREATE TABLE vector_sets (
            collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
            embedder TEXT NOT NULL,
            searched INTEGER NOT NULL DEFAULT 0,
            stamp TEXT NOT NULL DEFAULT '',
            through_run INTEGER NOT NULL DEFAULT 0,
            forgotten INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (collection_id, embedder)
        )
    """
    yield "CREATE UNIQUE INDEX vector_sets_searched ON vector_sets (collection_id) WHERE searched"
    yield """
        INSERT INTO vector_sets (collection_id, embedder, searched)
        SELECT collection_id, embedder, max(first_chunk_id) = (
            SELECT max(first_chunk_id) FROM vector_runs AS every
            WHERE every.collection_id = vector_runs.collection_id
        )
        FROM vector_runs GROUP BY collection_id, embedder
    """
    # What was removed since, for whoever holds vectors in memory or in files. No reference to
    # the collection: its rows are deleted with the vectors' last bytes.
    yield """
        CREATE TABLE vector_removals (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            collection_id INTEGER NOT NULL,
            embedder TEXT NOT NULL,
            first_chunk_id INTEGER NOT NULL,
            length INTEGER NOT NULL
        )
    """
    yield "CREATE INDEX vector_removals_collection ON vector_removals (collection_id, embedder)"
    # A trigger, because vectors also go when their document or collection goes.
    yield """
        CREATE TRIGGER vector_runs_deleted AFTER DELETE ON vector_runs BEGIN
            INSERT INTO vector_removals (collection_id, embedder, first_chunk_id, length)
            VALUES (old.collection_id, old.embedder, old.first_chunk_id, old.length);
        END
    """


def _from_4_to_5() -> Iterator[str]:
    """Models as a register, and how each is run; a chat may have its own."""
    yield "ALTER TABLE conversations ADD COLUMN model_id TEXT NOT NULL DEFAULT ''"
    # sampler, choices, tuning and change are frozen values as JSON; '' is none.
    yield "ALTER TABLE conversations ADD COLUMN sampler TEXT NOT NULL DEFAULT ''"
    yield "CREATE TABLE model_choices (model_id TEXT PRIMARY KEY, choices TEXT NOT NULL)"
    # By the file's hash and the machine: a copied data folder measures again.
    yield """
        CREATE TABLE engine_tunings (
            sha256 TEXT NOT NULL,
            machine TEXT NOT NULL,
            tuning TEXT NOT NULL,
            PRIMARY KEY (sha256, machine)
        )
    """
    # Without a reference to models: the history stays when the model goes.
    yield """
        CREATE TABLE model_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            model_id TEXT NOT NULL,
            at REAL NOT NULL,
            change TEXT NOT NULL
        )
    """
    yield "CREATE INDEX model_changes_model ON model_changes (model_id, at)"
    # Saved states of the engine, each a file in the folder of that name; key is what it holds for.
    yield """
        CREATE TABLE sequence_states (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
            key TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            used_at REAL NOT NULL,
            UNIQUE (conversation_id, key)
        )
    """


MIGRATIONS: Sequence[Migration] = (
    _from_0_to_1,
    _from_1_to_2,
    _from_2_to_3,
    _from_3_to_4,
    _from_4_to_5,
)


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
