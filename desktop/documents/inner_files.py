"""The way from a file on disk to the file inside it that is to be read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from desktop.documents.access import FileStamp, stamp_of
from desktop.documents.dispatch import decrypted_office, inner_file_of
from desktop.documents.held_file import held
from desktop.documents.kinds import is_encrypted_office, kind_of
from desktop.domain.documents import DocumentKind
from desktop.domain.errors import ContentTooLarge, FileTooLarge

MOST_DEEP = 4
MOST_INNER_BYTES = 256_000_000


def shown_path(path: Path | str, inside: Sequence[str]) -> str:
    """The path by which a file inside others is known."""
    return "/".join([str(path), *inside])


@dataclass(frozen=True, slots=True)
class Way:
    """Where the file lies on disk, and through which others it is reached from there.

    `folder` is where what is taken out may lie, None where memory serves.
    """

    path: Path
    inside: tuple[str, ...] = ()
    passwords: tuple[str, ...] = ()
    folder: str | None = None
    most_bytes: int = MOST_INNER_BYTES

    @property
    def shown(self) -> str:
        return shown_path(self.path, self.inside)

    def to_arguments(self) -> dict[str, object]:
        """The way as plain values for the pipe."""
        return {
            "path": str(self.path),
            "inside": self.inside,
            "passwords": self.passwords,
            "folder": self.folder,
            "most_bytes": self.most_bytes,
        }

    @staticmethod
    def of_arguments(values: Mapping[str, Any]) -> Way:
        """The way that `to_arguments` made these values from."""
        return Way(
            Path(values["path"]),
            tuple(values["inside"]),
            tuple(values["passwords"]),
            values["folder"],
            values["most_bytes"],
        )


@contextlib.contextmanager
def innermost(way: Way) -> Iterator[Path]:
    """The file at the end of the way, held for as long as the context lasts."""
    if len(way.inside) > MOST_DEEP:
        raise ContentTooLarge(str(way.path), f"it lies more than {MOST_DEEP} files deep")
    if not way.inside:
        with _unlocked(way) as file:
            yield file
        return
    first, *rest = way.inside
    stamp = stamp_of(way.path)
    kind = _kind_of_container(way.path, way.path.name, stamp)
    data = inner_file_of(way.path, kind, first, way.passwords)
    if len(data) > way.most_bytes:
        raise FileTooLarge(str(way.path), len(data), way.most_bytes)
    with held(data, PurePosixPath(first).name, way.folder) as file:
        del data
        with innermost(replace(way, path=file, inside=tuple(rest))) as last:
            yield last


# The files of a container are asked for one by one.
@lru_cache(maxsize=4)
def _kind_of_container(path: Path, _name: str, _stamp: FileStamp) -> DocumentKind:
    return kind_of(path)


@contextlib.contextmanager
def _unlocked(way: Way) -> Iterator[Path]:
    """The file itself, or what an encrypted Office document is without its encryption."""
    if not is_encrypted_office(way.path):
        yield way.path
        return
    data = decrypted_office(way.path, way.passwords)
    with held(data, way.path.name, way.folder) as file:
        del data
        yield file
