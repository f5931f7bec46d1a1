"""Folders of another's making: closed, they carry a manifest of what their files hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from desktop.storage.cell_files import sha256_of_file
from desktop.storage.failures import folder_failures
from desktop.storage.whole_file import read_json_object, replace_file

_MANIFEST = "carrel-manifest.json"


def seal_folder(folder: Path) -> None:
    """Write the manifest; nothing may have the folder open. Raises `StorageError` types."""
    if folder.is_dir():
        with folder_failures(folder):
            files = _hashes(folder)
        replace_file(folder / _MANIFEST, json.dumps(files, indent=1))


def break_seal(folder: Path) -> None:
    """Take the manifest away before something opens the folder and changes its files."""
    (folder / _MANIFEST).unlink(missing_ok=True)


def seal_holds(folder: Path) -> bool:
    """Whether every file is as it was closed; True too where nothing was ever sealed."""
    if not (folder / _MANIFEST).exists():
        return True
    try:
        return read_json_object(folder / _MANIFEST) == _hashes(folder)
    except OSError:
        return False


def discard_folders(above: Path, pattern: str, keep: str) -> None:
    """Delete the folders that match `pattern`, but the one named `keep`."""
    for folder in above.glob(pattern):
        if folder.name != keep:
            shutil.rmtree(folder, ignore_errors=True)


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): f"{path.stat().st_size} {sha256_of_file(path)}"
        for path in files
        if path.name != _MANIFEST
    }
