"""Whether a registered model still lies where the register says, as it was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop.domain.model_errors import ModelChanged, ModelMissing
from desktop.domain.models import ModelEntry


def files_of_entry(entry: ModelEntry) -> tuple[Path, ...]:
    """All files of a model; its folder, where it is one."""
    return (Path(entry.path), *map(Path, entry.parts))


def modified_ns(files: Sequence[Path]) -> int:
    """When the newest of them was last written; raises `OSError`."""
    return max(file.stat().st_mtime_ns for file in files)


def check_present(entry: ModelEntry) -> None:
    """A look without reading: raises `ModelMissing` or, of a model in place, `ModelChanged`.

    A copy of our own is known by its size when it is loaded; nobody else writes into its folder.
    """
    files = files_of_entry(entry)
    try:
        stats = [file.stat() for file in files]
    except OSError:
        raise ModelMissing(entry.name, entry.path) from None
    if not entry.in_place or files[0].is_dir():
        return
    newest = max(stat.st_mtime_ns for stat in stats)
    if sum(stat.st_size for stat in stats) != entry.size_bytes or newest != entry.modified_ns:
        raise ModelChanged(entry.name, entry.path)
