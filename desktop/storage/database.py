"""One connection to the database, opened safely, with every failure named."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from desktop.storage.failures import database_failures, folder_failures
from desktop.storage.migrations import check_version, migrate

Row = tuple[Any, ...]

_BUSY_TIMEOUT_MS = 10_000
_CACHE_KIB = 32 * 1024

# 4 MB: some 20 ms, so that another connection's one-row write does not wait.
_PAGES_A_STEP = 1000


class Database:
    """A connection for one lane; a lock keeps a stray second thread out of its transactions."""

    def __init__(self, path: Path, connection: dbapi2.Connection) -> None:
        self._path = path
        self._connection = connection
        self._lock = threading.RLock()

    @staticmethod
    def open(path: Path) -> Database:
        """Open or create the database and bring it to the newest schema.

        Raises `DataFolderReadOnly`, `DiskFull`, `DatabaseDamaged`, `DatabaseNewer`, or
        `DataFolderInUse`; in each case the file is left as it was.
        """
        make_private_folder(path.parent)
        with database_failures(path):
            # isolation_level None: the driver must never begin or commit by itself.
            connection = dbapi2.connect(
                str(path), isolation_level=None, check_same_thread=False, cached_statements=256
            )
            try:
                connection.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
                # Before anything is set: a file that is not ours to change stays as it is.
                check_version(connection, path)
                _configure(connection)
                migrate(connection, path)
            except BaseException:
                connection.close()
                raise
        return Database(path, connection)

    @property
    def path(self) -> Path:
        return self._path

    @property
    def total_changes(self) -> int:
        """How many rows this connection has changed so far."""
        return int(self._connection.total_changes)

    @property
    def in_transaction(self) -> bool:
        """Whether what is executed now is part of a transaction."""
        return bool(self._connection.in_transaction)

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run one statement and return all its rows."""
        with self._lock, database_failures(self._path):
            rows: list[Row] = self._connection.execute(sql, parameters).fetchall()
            return rows

    def insert(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one INSERT and return the new row's id."""
        with self._lock, database_failures(self._path):
            row_id: int = self._connection.execute(sql, parameters).lastrowid
            return row_id

    def execute_many(self, sql: str, parameters: Iterable[Sequence[object]]) -> None:
        with self._lock, database_failures(self._path):
            self._connection.executemany(sql, parameters)

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Yield rows one by one, for results too large to hold twice."""
        with self._lock, database_failures(self._path):
            yield from self._connection.execute(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Inside another transaction this one is part of it."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self.execute("BEGIN IMMEDIATE")
            try:
                # SQLite 3.53 prepares a DELETE against the schema it remembers, and says "no such
                # table" when another connection has changed it since. A look reads it anew.
                self.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
                yield
                self.execute("COMMIT")
            except BaseException:
                # A failed COMMIT may or may not have ended the transaction already.
                if self._connection.in_transaction:
                    self.execute("ROLLBACK")
                raise

    def give_back_step(self) -> bool:
        """Give some freed pages back to the file system; True where more are left."""
        self.execute(f"PRAGMA incremental_vacuum({_PAGES_A_STEP})")
        [(free,)] = self.execute("PRAGMA freelist_count")
        return bool(free)

    def checkpoint(self) -> bool:
        """Move the log into the file and empty it; False where a reader holds it back.

        What was deleted is gone from the disk only after this.
        """
        [(busy, _, _)] = self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return not busy

    def problems(self) -> list[str]:
        """Read the whole file and name what is wrong with it; empty where it is whole."""
        found = [str(row[0]) for row in self.execute("PRAGMA integrity_check(20)")]
        found += [
            f"foreign key: {row[0]} {row[1]}" for row in self.stream("PRAGMA foreign_key_check")
        ]
        return [line for line in found if line != "ok"]

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def make_private_folder(folder: Path) -> None:
    """Create the data folder, readable by its owner alone; raises `StorageError` types."""
    with folder_failures(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _configure(connection: dbapi2.Connection) -> None:
    statements = (
        # Takes effect in an empty file alone, so it comes first: freed pages can be given back.
        "PRAGMA auto_vacuum=INCREMENTAL",
        "PRAGMA journal_mode=WAL",
        # FULL: what was acknowledged survives a power cut, not only a kill.
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        # Deleted text is overwritten and not left in free pages.
        "PRAGMA secure_delete=ON",
        f"PRAGMA cache_size=-{_CACHE_KIB}",
    )
    for statement in statements:
        connection.execute(statement).fetchall()
