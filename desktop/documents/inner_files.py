"""The way from a file on disk to the file inside it that is to be read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from desktop.documents.dispatch import inner_file_of
from desktop.documents.held_file import held
from desktop.documents.kinds import kind_of
from desktop.domain.errors import ContentTooLarge

MOST_DEEP = 4
MOST_INNER_BYTES = 256 << 20
_TOO_LARGE = f"it is larger than {MOST_INNER_BYTES >> 20} MB, the most for a file inside another"


def shown_path(path: Path | str, inside: Sequence[str]) -> str:
    """The path by which a file inside others is known."""
    return "/".join([str(path), *inside])


@contextlib.contextmanager
def innermost(
    path: Path, inside: Sequence[str], passwords: Sequence[str], folder: str | None
) -> Iterator[Path]:
    """The file at the end of the way, held for as long as the context lasts."""
    if len(inside) > MOST_DEEP:
        raise ContentTooLarge(str(path), f"it lies more than {MOST_DEEP} files deep")
    if not inside:
        yield path
        return
    first, *rest = inside
    data = inner_file_of(path, kind_of(path), first, passwords)
    if len(data) > MOST_INNER_BYTES:
        raise ContentTooLarge(str(path), _TOO_LARGE)
    with held(data, PurePosixPath(first).name, folder) as file:
        del data
        with innermost(file, rest, passwords, folder) as last:
            yield last
