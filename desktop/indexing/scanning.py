"""Files and folders in, the files that can be indexed out, each once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import DocumentError, FileMissing, FileUnreadable

# Files that desktops and office programs leave in folders and that nobody wrote.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})
_OFFICE_LOCK = "~$"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file. `named` is true where the person gave this very file, not its folder."""

    path: Path
    size_bytes: int
    modified_ns: int
    named: bool


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A file or folder that was asked for and cannot be looked at."""

    path: str
    error: DocumentError


def scan(
    paths: Sequence[Path], include_hidden: bool, cancel: CancelToken
) -> list[FoundFile | Unreachable]:
    """List the files at and under `paths`, in a steady order, following links, each file once."""
    walk = _Walk(include_hidden, cancel)
    return [found for path in paths for found in walk.start(Path(os.path.abspath(path)))]


@dataclass(slots=True)
class _Walk:
    include_hidden: bool
    cancel: CancelToken
    # Real paths: a link that leads back into a folder on the way would never end.
    seen: set[str] = field(default_factory=set)

    def start(self, path: Path) -> Iterator[FoundFile | Unreachable]:
        try:
            status = path.stat()
        except OSError as error:
            yield _unreachable(path, error)
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._folder(path, os.path.realpath(path))
        elif not stat.S_ISREG(status.st_mode):
            yield _not_a_file(path)
        elif self._first(os.path.realpath(path)):
            yield FoundFile(path, status.st_size, status.st_mtime_ns, named=True)

    def _folder(self, top: Path, real_top: str) -> Iterator[FoundFile | Unreachable]:
        # A list and no recursion: folders nest deeper than Python's stack.
        waiting = [(top, real_top)]
        while waiting:
            self.cancel.raise_if_cancelled()
            folder, real = waiting.pop()
            if not self._first(real):
                continue
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                yield _unreachable(folder, error)
                continue
            folders: list[tuple[Path, str]] = []
            for entry in entries:
                yield from self._entry(entry, real, folders)
            waiting.extend(reversed(folders))

    def _entry(
        self, entry: os.DirEntry[str], real_folder: str, folders: list[tuple[Path, str]]
    ) -> Iterator[FoundFile | Unreachable]:
        if self._left_out(entry.name):
            return
        path = Path(entry.path)
        link = entry.is_symlink()
        real = os.path.realpath(entry.path) if link else os.path.join(real_folder, entry.name)
        try:
            status = entry.stat()
        except OSError as error:
            if not link:
                yield _unreachable(path, error)
            # A link into nowhere, or round in a circle, is no document of anybody's.
            return
        if stat.S_ISDIR(status.st_mode):
            folders.append((path, real))
        elif stat.S_ISREG(status.st_mode) and self._first(real):
            yield FoundFile(path, status.st_size, status.st_mtime_ns, named=False)

    def _left_out(self, name: str) -> bool:
        if name.startswith(_OFFICE_LOCK) or name.lower() in _LITTER:
            return True
        return name.startswith(".") and not self.include_hidden

    def _first(self, real: str) -> bool:
        if real in self.seen:
            return False
        self.seen.add(real)
        return True


def _unreachable(path: Path, error: OSError) -> Unreachable:
    name = str(path)
    if isinstance(error, FileNotFoundError):
        return Unreachable(name, FileMissing(name))
    return Unreachable(name, FileUnreadable(name, error.strerror or type(error).__name__))


def _not_a_file(path: Path) -> Unreachable:
    name = str(path)
    return Unreachable(name, FileUnreadable(name, "not a regular file"))
