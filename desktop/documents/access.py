"""Whether a path is a plain file that may be opened, and how large it is."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.errors import (
    DocumentError,
    EmptyFile,
    FileMissing,
    FileUnreadable,
    KindUnsupported,
)


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What changes when a file is written."""

    size_bytes: int
    modified_ns: int


def stamp_of(path: Path) -> FileStamp:
    """Look at the file without opening it, for a pipe or a device would never answer."""
    try:
        facts = path.stat()
    except (OSError, ValueError) as error:
        raise access_error(path, error) from None
    if stat.S_ISDIR(facts.st_mode):
        raise KindUnsupported(str(path), "a folder")
    if not stat.S_ISREG(facts.st_mode):
        raise KindUnsupported(str(path), "a device or pipe")
    if not os.access(path, os.R_OK):
        raise FileUnreadable(str(path), os.strerror(errno.EACCES))
    if facts.st_size == 0:
        raise EmptyFile(str(path))
    return FileStamp(facts.st_size, facts.st_mtime_ns)


def access_error(path: Path, error: OSError | ValueError) -> DocumentError:
    """The error to raise for what the operating system said."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileMissing(str(path))
    reason = getattr(error, "strerror", None)
    return FileUnreadable(str(path), reason or str(error))
