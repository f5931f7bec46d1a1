"""Files and folders in, the files that can be indexed out, each once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import DocumentError, FileMissing, FileUnreadable
from desktop.indexing.patterns import Patterns

# Files that desktops and office programs leave in folders and that nobody wrote.
_LITTER = frozenset({"thumbs.db", "desktop.ini"})
_OFFICE_LOCK = "~$"

# A folder to look into: its path, its real path, the drive it lies on.
_Waiting = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file. `named` is true where the person gave this very file, not its folder."""

    path: str
    size_bytes: int
    modified_ns: int
    named: bool


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A file or folder that was asked for and cannot be looked at."""

    path: str
    error: DocumentError


@dataclass(frozen=True, slots=True)
class Root:
    """Where to look: a folder, or a file.

    The patterns hold for what lies in a folder; `max_bytes` is 0 for the setting's own limit.
    """

    path: Path
    patterns: Patterns = Patterns()
    max_bytes: int = 0


@dataclass(slots=True)
class Scanned:
    """What lies at and under some roots; `mounts` are the drives that were met on the way."""

    found: list[FoundFile | Unreachable] = field(default_factory=list)
    mounts: list[str] = field(default_factory=list)


def scan(
    paths: Sequence[Path], include_hidden: bool, cancel: CancelToken
) -> list[FoundFile | Unreachable]:
    """List the files at and under `paths`, in a steady order, following links, each file once."""
    walk = _Walk(include_hidden, cancel)
    return [found for path in paths for found in walk.look(Root(path)).found]


def scan_roots(
    roots: Sequence[Root], include_hidden: bool, cancel: CancelToken
) -> list[tuple[Root, Scanned]]:
    """As `scan`, for each root by itself; a file under two roots belongs to the first."""
    walk = _Walk(include_hidden, cancel)
    return [(root, walk.look(root)) for root in roots]


@dataclass(slots=True)
class _Walk:
    include_hidden: bool
    cancel: CancelToken
    # Real paths: a link that leads back into a folder on the way would never end.
    seen: set[str] = field(default_factory=set)
    patterns: Patterns = Patterns()
    # Characters of the root's path and the "/" behind it.
    above: int = 0
    mounts: list[str] = field(default_factory=list)

    def look(self, root: Root) -> Scanned:
        """Walk one root."""
        path = Path(os.path.abspath(root.path))
        self.patterns, self.mounts = root.patterns, []
        self.above = len(os.path.join(path, ""))
        return Scanned(list(self._start(path)), self.mounts)

    def _start(self, path: Path) -> Iterator[FoundFile | Unreachable]:
        try:
            status = path.stat()
        except OSError as error:
            yield _unreachable(path, error)
            return
        if stat.S_ISDIR(status.st_mode):
            if os.path.ismount(path):
                self.mounts.append(str(path))
            yield from self._folder(path, os.path.realpath(path), status.st_dev)
        elif not stat.S_ISREG(status.st_mode):
            yield _not_a_file(path)
        elif self._first(os.path.realpath(path)):
            yield FoundFile(str(path), status.st_size, status.st_mtime_ns, named=True)

    def _folder(self, top: Path, real_top: str, device: int) -> Iterator[FoundFile | Unreachable]:
        # A list and no recursion: folders nest deeper than Python's stack.
        waiting = [(str(top), real_top, device)]
        while waiting:
            self.cancel.raise_if_cancelled()
            folder, real, device = waiting.pop()
            if not self._first(real):
                continue
            try:
                with os.scandir(folder) as listing:
                    entries = sorted(listing, key=lambda entry: entry.name)
            except OSError as error:
                yield _unreachable(Path(folder), error)
                continue
            folders: list[_Waiting] = []
            for entry in entries:
                yield from self._entry(entry, (folder, real, device), folders)
            waiting.extend(reversed(folders))

    def _entry(
        self, entry: os.DirEntry[str], inside: _Waiting, folders: list[_Waiting]
    ) -> Iterator[FoundFile | Unreachable]:
        if self._left_out(entry):
            return
        _, real_folder, device = inside
        link = entry.is_symlink()
        real = os.path.realpath(entry.path) if link else os.path.join(real_folder, entry.name)
        try:
            status = entry.stat()
        except OSError as error:
            if not link:
                yield _unreachable(Path(entry.path), error)
            # A link into nowhere, or round in a circle, is no document of anybody's.
            return
        if stat.S_ISDIR(status.st_mode):
            if status.st_dev != device and not link:
                self.mounts.append(entry.path)
            folders.append((entry.path, real, status.st_dev))
        elif stat.S_ISREG(status.st_mode) and self._meant(entry) and self._first(real):
            yield FoundFile(entry.path, status.st_size, status.st_mtime_ns, named=False)

    def _left_out(self, entry: os.DirEntry[str]) -> bool:
        name = entry.name
        if name.startswith(_OFFICE_LOCK) or name.lower() in _LITTER:
            return True
        if name.startswith(".") and not self.include_hidden:
            return True
        return self.patterns.any and self.patterns.leaves_out(name, self._below(entry))

    def _meant(self, entry: os.DirEntry[str]) -> bool:
        return not self.patterns.any or self.patterns.takes_file(entry.name, self._below(entry))

    def _below(self, entry: os.DirEntry[str]) -> str:
        return entry.path[self.above :].replace(os.sep, "/")

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
