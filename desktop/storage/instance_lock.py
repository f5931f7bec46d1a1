"""One Carrel for one data folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop.domain.errors import DataFolderInUse
from desktop.storage.database import make_private_folder
from desktop.storage.failures import folder_failures

_FILE_NAME = "carrel.lock"
_PID_BYTES = 32


class InstanceLock:
    """A lock of the operating system on a file: it goes with its process, however that ends.

    The file also names the holder's process; it stays behind and means nothing by itself.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @staticmethod
    def take(data_dir: Path) -> InstanceLock:
        """Take the lock at once; raises `DataFolderInUse`, `DataFolderReadOnly` or `DiskFull`."""
        make_private_folder(data_dir)
        path = data_dir / _FILE_NAME
        with folder_failures(data_dir):
            # Not inherited by children (Python's default), or one of them would keep the lock.
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                if not _lock(descriptor):
                    raise DataFolderInUse(str(data_dir), _holder(descriptor))
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode())
            except BaseException:
                os.close(descriptor)
                raise
        return InstanceLock(descriptor)

    def release(self) -> None:
        """Let others in; does nothing the second time."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _holder(descriptor: int) -> int | None:
    written = os.read(descriptor, _PID_BYTES).strip()
    return int(written) if written.isdigit() else None


if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes against reading too, so the lock lies far behind the process id.
    _LOCKED_BYTE = 1 << 20

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            # flock and not lockf: that one is lost when any other descriptor of the file closes.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
