"""What the database driver and the operating system report, as errors a person can act on."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2

from desktop.domain.errors import (
    DatabaseDamaged,
    DataFolderInUse,
    DataFolderReadOnly,
    DiskFull,
    StorageError,
)

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_PERMISSION = (errno.EACCES, errno.EPERM, errno.EROFS)
_PROBE_BYTES = 64 * 1024


@contextmanager
def database_failures(path: Path) -> Iterator[None]:
    """Raise `StorageError` types in place of the driver's errors; bugs in SQL stay as they are."""
    try:
        yield
    except dbapi2.Error as error:
        named = _named(error, path)
        if named is None:
            raise
        raise named from error


def _named(error: dbapi2.Error, path: Path) -> StorageError | None:
    match _code(error):
        case 11 | 26:  # CORRUPT, NOTADB
            return DatabaseDamaged(str(path))
        case 13:  # FULL
            return DiskFull(str(path))
        case 8:  # READONLY
            return DataFolderReadOnly(str(path.parent))
        case 5 | 6:  # BUSY, LOCKED
            return DataFolderInUse(str(path.parent), None)
        case 10 | 14:  # IOERR, CANTOPEN
            return _refusal_to_grow(path) or DatabaseDamaged(str(path))
        case _:
            return None


def _code(error: dbapi2.Error) -> int:
    """Return SQLite's primary result code, 0 where there is none."""
    if str(error).startswith("Could not decode to UTF-8"):
        # Only valid text goes in, so the bytes were changed; the driver has no code for it.
        return 11
    code: int = getattr(error, "sqlite_errorcode", 0)
    # The low byte; the rest tells more.
    return code & 0xFF


def _refusal_to_grow(path: Path) -> StorageError | None:
    """Find out by trying why the system refused, for SQLite does not tell.

    It calls only a full disk by its name; a quota, a file size limit and a folder without
    permission are "input/output error" or "unable to open".
    """
    try:
        with folder_failures(path.parent):
            if path.exists() and not os.access(path, os.W_OK):
                return DataFolderReadOnly(str(path.parent))
            with tempfile.TemporaryFile(dir=path.parent) as probe:
                # As far as the largest of our files reaches; what lies before takes no room.
                probe.seek(max(_size(path), _size(path.with_name(f"{path.name}-wal"))))
                probe.write(bytes(_PROBE_BYTES))
                probe.flush()
    except StorageError as refusal:
        return refusal
    return None


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def folder_failures(path: Path) -> Iterator[None]:
    """Raise `StorageError` types for what the operating system refuses in the data folder."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull(str(path)) from error
        if error.errno in _NO_PERMISSION or isinstance(error, FileExistsError | NotADirectoryError):
            # A file that stands where the folder should be is as good as no permission.
            raise DataFolderReadOnly(str(path)) from error
        raise
