"""Copying a model's files in, so that an interrupted copy goes on where it stopped.

A copy grows in a folder of its own under `incoming`, beside a journal of what it is a copy of.
When a stick is pulled, the program is killed or the disk is full, both stay, and the next import
of the same files reads what is there again and copies only the rest. Every byte is hashed, those
of the earlier copy too, so the whole is always the file that was asked for.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BufferedReader, FileIO
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import CarrelError, DataFolderReadOnly, DiskFull
from desktop.domain.model_errors import ImportInterrupted, ModelDamaged, NoRoomForModel
from desktop.domain.models import ImportProgress
from desktop.inference.model_hash import BLOCK_BYTES, Meter

_INCOMING = "incoming"
_JOURNAL = "journal.json"
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
# Given back when the disk is full, so that the rest of the program can still write.
_GIVEN_BACK = 64 << 20
_SPARE_BYTES = 256 << 20
_KEPT_S = 14 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Source:
    """One file to be copied, as it was when its hash was taken."""

    path: str
    size_bytes: int
    modified_ns: int
    sha256: str

    @staticmethod
    def of(path: Path, sha256: str) -> Source:
        found = path.stat()
        return Source(str(path), found.st_size, found.st_mtime_ns, sha256)

    @property
    def unchanged(self) -> bool:
        try:
            return Source.of(Path(self.path), self.sha256) == self
        except OSError:
            return False


def hashes_known(models_folder: Path, paths: Sequence[Path]) -> list[str]:
    """The hashes that an interrupted copy of these files has noted; empty where none has."""
    for journal in (models_folder / _INCOMING).glob(f"*/{_JOURNAL}"):
        sources = _noted(journal)
        same = [source.path for source in sources] == [str(path) for path in paths]
        if same and all(source.unchanged for source in sources):
            return [source.sha256 for source in sources]
    return []


def forget_old_copies(models_folder: Path) -> None:
    """Remove what interrupted imports left weeks ago; of folders, which begin anew, at once."""
    for left in models_folder.glob("*.partial"):
        shutil.rmtree(left, ignore_errors=True)
        with suppress(OSError):
            left.unlink()
    incoming = models_folder / _INCOMING
    for folder in incoming.glob("*"):
        with suppress(OSError):
            if time.time() - (folder / _JOURNAL).stat().st_mtime < _KEPT_S:
                continue
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        incoming.rmdir()


class IncomingCopy:
    """The copies of one model's files while they are made and tried."""

    def __init__(self, models_folder: Path, stem: str, names: Sequence[str]) -> None:
        """`names` are the copies', in the order of the sources."""
        self._models = models_folder
        self._folder = models_folder / _INCOMING / stem
        self._names = tuple(names)

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(self._folder / name for name in self._names)

    def fill(
        self, sources: Sequence[Source], cancel: CancelToken
    ) -> Generator[ImportProgress, None, None]:
        """Copy the files, going on where an earlier copy of them stopped.

        Raises `NoRoomForModel`, `DiskFull`, `ImportInterrupted`, `ModelDamaged`, `Cancelled`.
        """
        self._make_room(sources)
        meter = Meter("copying", sum(source.size_bytes for source in sources))
        yield meter.start()
        for source, target in zip(sources, self.paths, strict=True):
            yield from _copied(source, target, meter, cancel)

    def keep(self) -> tuple[Path, ...]:
        """Give the tried copies their places; returns where they lie."""
        places = tuple(self._models / name for name in self._names)
        for path, place in zip(self.paths, places, strict=True):
            os.replace(path, place)
        self.drop()
        _make_durable(self._models)
        return places

    def drop(self) -> None:
        """Remove the copies and their journal."""
        shutil.rmtree(self._folder, ignore_errors=True)
        # Only where nothing else is under way, or was interrupted.
        with suppress(OSError):
            self._folder.parent.rmdir()

    def _make_room(self, sources: Sequence[Source]) -> None:
        there = sum(path.stat().st_size for path in self.paths if path.is_file())
        wanted = sum(source.size_bytes for source in sources) - there + _SPARE_BYTES
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self._folder).free
            if wanted <= free:
                _write_journal(self._folder / _JOURNAL, sources)
                return
        except OSError as error:
            raise _not_writable(self._folder, error) from error
        if not there:
            self.drop()
        raise NoRoomForModel(sources[0].path, wanted, free)


def _copied(
    source: Source, target: Path, meter: Meter, cancel: CancelToken
) -> Iterator[ImportProgress]:
    if (yield from _copy_once(source, target, meter, cancel)) == source.sha256:
        return
    # What an earlier copy left was not of this file, or the stick failed: once more, from the
    # beginning; what differs then is the file itself.
    target.unlink(missing_ok=True)
    if (yield from _copy_once(source, target, meter, cancel)) != source.sha256:
        raise ModelDamaged(source.path, "it changed while it was copied")


def _copy_once(
    source: Source, target: Path, meter: Meter, cancel: CancelToken
) -> Generator[ImportProgress, None, str]:
    digest = hashlib.sha256()
    try:
        # Unbuffered: what a full disk refuses must not wait in a buffer and fail again on closing.
        with target.open("r+b" if target.is_file() else "w+b", buffering=0) as copy:
            for block in _there_and_rest(copy, source, cancel):
                digest.update(block)
                if said := meter.advance(len(block)):
                    yield said
            os.fsync(copy.fileno())
    except OSError as error:
        raise _not_writable(target.parent, error) from error
    return digest.hexdigest()


def _there_and_rest(copy: FileIO, source: Source, cancel: CancelToken) -> Iterator[bytes]:
    """What an earlier copy left, and then the rest of the source, which is added to it."""
    yield from _blocks(copy, cancel)
    for block in _rest(source, copy.tell(), cancel):
        _append(copy, block)
        yield block


def _blocks(opened: FileIO | BufferedReader, cancel: CancelToken) -> Iterator[bytes]:
    while block := opened.read(BLOCK_BYTES):
        cancel.raise_if_cancelled()
        yield block


def _rest(source: Source, begin: int, cancel: CancelToken) -> Iterator[bytes]:
    done = begin
    try:
        with Path(source.path).open("rb") as opened:
            opened.seek(begin)
            for block in _blocks(opened, cancel):
                done += len(block)
                yield block
                if done > source.size_bytes:
                    raise ModelDamaged(source.path, "it changed while it was copied")
    except OSError as error:
        raise ImportInterrupted(source.path, done, error.strerror or "it is gone") from error


def _append(copy: FileIO, block: bytes) -> None:
    left = memoryview(block)
    try:
        while left:
            left = left[copy.write(left) or 0 :]
    except OSError as error:
        if error.errno in _FULL:
            with suppress(OSError):
                copy.truncate(max(0, copy.tell() - _GIVEN_BACK))
        raise


def _not_writable(folder: Path, error: OSError) -> CarrelError:
    if error.errno in _FULL:
        return DiskFull(str(folder))
    if error.errno in _FORBIDDEN:
        return DataFolderReadOnly(str(folder))
    return ModelDamaged(str(folder), f"it cannot be copied: {error.strerror}")


def _write_journal(journal: Path, sources: Sequence[Source]) -> None:
    with journal.open("w", encoding="utf-8") as opened:
        json.dump([asdict(source) for source in sources], opened)
        opened.flush()
        os.fsync(opened.fileno())


def _noted(journal: Path) -> list[Source]:
    try:
        return [Source(**one) for one in json.loads(journal.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []  # a journal that was not written to its end


def _make_durable(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
