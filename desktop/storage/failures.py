"""What the database driver and the operating system report, as errors a person can act on."""

from __future__ import annotations

import errno
import os
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

# Result codes of SQLite; the low byte is the primary code, the rest tells more.
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = (
    5, 6, 8, 10, 11, 13, 14, 26,
)  # fmt: skip
_IOERR_WRITE = _IOERR | 3 << 8
_IOERR_SHMOPEN = _IOERR | 18 << 8
_IOERR_SHMSIZE = _IOERR | 19 << 8

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_PERMISSION = (errno.EACCES, errno.EPERM, errno.EROFS)


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
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF
    if primary == _FULL or code in (_IOERR_WRITE, _IOERR_SHMSIZE):
        # SQLite says FULL for a full disk only; a quota or a file size limit is a failed write.
        return DiskFull(str(path))
    if primary == _READONLY or (
        (primary == _CANTOPEN or code == _IOERR_SHMOPEN) and not _can_write_beside(path)
    ):
        return DataFolderReadOnly(str(path.parent))
    if primary in (_BUSY, _LOCKED):
        return DataFolderInUse(str(path.parent), None)
    if primary in (_CORRUPT, _NOTADB, _CANTOPEN, _IOERR):
        return DatabaseDamaged(str(path))
    return None


def _can_write_beside(path: Path) -> bool:
    return os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))


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
