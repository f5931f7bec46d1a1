"""Set-up says what is missing, takes each step once, and keeps no file it did not expect."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from engine_build import engine_key
from included_models import fetch_models, included_models, models_ready
from locked_packages import blocks, install_packages
from pip_runs import Downloads, SetupFailed, environment_python
from stamps import Stamps, digest

from desktop.inference.included_models import (
    CHAT_MODEL_SHA256,
    EMBEDDER_FILES,
    EMBEDDER_WEIGHTS_SHA256,
    chat_model_path,
    embedder_folder,
)

ROOT = Path(__file__).resolve().parents[3]
INSTALLERS = ROOT / "installers"
LOCK = INSTALLERS / "requirements.lock"
MEMBER = "little_model/weights.bin"
WEIGHTS = b"\x00weights\xff" * 500


@pytest.fixture(scope="module")
def fresh_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with pip and nothing else."""
    environment = tmp_path_factory.mktemp("fresh") / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    return environment_python(environment)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only place where pip may look."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def _put_model_wheel(shelf: Path) -> str:
    wheel = shelf / "little_model-1.0-py3-none-any.whl"
    info = "little_model-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(MEMBER, WEIGHTS)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: little-model\nVersion: 1.0\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


def _manifest(folder: Path, wheel_sha256: str, file_sha256: str) -> Path:
    files = [{"member": MEMBER, "target": "resources/models/little.bin", "sha256": file_sha256}]
    model = {"requirement": "little-model==1.0", "wheel_sha256": wheel_sha256, "files": files}
    path = folder / "manifest.json"
    path.write_text(json.dumps({"models": [model]}), encoding="utf-8")
    return path


def test_models_are_fetched_once_and_again_only_when_a_file_changes(
    tmp_path: Path, shelf: Path, fresh_python: Path
) -> None:
    manifest = _manifest(tmp_path, _put_model_wheel(shelf), hashlib.sha256(WEIGHTS).hexdigest())
    (tmp_path / "resources" / "models").mkdir(parents=True)
    target = tmp_path / "resources" / "models" / "little.bin"
    assert not models_ready(tmp_path, manifest)

    fetch_models(tmp_path, fresh_python, Downloads(), manifest)
    assert target.read_bytes() == WEIGHTS
    assert models_ready(tmp_path, manifest)

    target.write_bytes(b"something else")
    assert not models_ready(tmp_path, manifest)
    fetch_models(tmp_path, fresh_python, Downloads(), manifest)
    assert target.read_bytes() == WEIGHTS


def test_models_already_there_are_checked_and_not_fetched(
    tmp_path: Path, shelf: Path, fresh_python: Path
) -> None:
    manifest = _manifest(tmp_path, "0" * 64, hashlib.sha256(WEIGHTS).hexdigest())
    target = tmp_path / "resources" / "models" / "little.bin"
    target.parent.mkdir(parents=True)
    target.write_bytes(WEIGHTS)
    assert not list(shelf.iterdir())
    fetch_models(tmp_path, fresh_python, Downloads(), manifest)
    assert models_ready(tmp_path, manifest)


def test_a_wheel_with_another_hash_is_refused(
    tmp_path: Path, shelf: Path, fresh_python: Path
) -> None:
    _put_model_wheel(shelf)
    manifest = _manifest(tmp_path, "0" * 64, hashlib.sha256(WEIGHTS).hexdigest())
    with pytest.raises(SetupFailed, match="little-model"):
        fetch_models(tmp_path, fresh_python, Downloads(), manifest)
    assert not (tmp_path / "resources").exists()


def test_a_model_file_with_another_hash_is_not_kept(
    tmp_path: Path, shelf: Path, fresh_python: Path
) -> None:
    manifest = _manifest(tmp_path, _put_model_wheel(shelf), "0" * 64)
    with pytest.raises(SetupFailed, match="not the file that was expected"):
        fetch_models(tmp_path, fresh_python, Downloads(), manifest)
    assert list((tmp_path / "resources" / "models").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the CPU build is a matter of Linux")
def test_a_missing_cpu_build_of_torch_is_said_in_one_message(
    shelf: Path, fresh_python: Path
) -> None:
    with pytest.raises(SetupFailed, match="TORCH_WHEELS") as failure:
        install_packages(LOCK, fresh_python, "", Downloads())
    assert "http" not in str(failure.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows finds its compiler by other means")
def test_what_is_missing_is_said_at_once_with_the_way_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code = (
        "from prerequisites import *; print(*missing_prerequisites('vulkan', builds_engine=True))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=INSTALLERS,
        env={"PATH": str(tmp_path / "empty")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout
    for wanted in ("C++ compiler", "CMake 3.21", "Vulkan"):
        assert wanted in said
    assert "cmake" in said


def test_an_old_python_is_refused_with_the_way_to_get_another(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    found = subprocess.run(
        ["/bin/sh", str(INSTALLERS / "find_python.sh")],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert found.returncode == 1
    assert "python3.13" in found.stderr


def test_stamps_survive_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "stamps.json"
    path.write_text("{ half a fi", encoding="utf-8")
    stamps = Stamps(path)
    assert stamps.read("packages") is None
    stamps.write("packages", "key")
    stamps.write("engine", "other")
    stamps.forget("engine")
    assert (stamps.read("packages"), stamps.read("engine")) == ("key", None)


def test_digests_of_differently_cut_parts_differ() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")


def test_each_backend_and_each_cmake_argument_make_another_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CMAKE_ARGS", raising=False)
    keys = {engine_key(LOCK, backend) for backend in ("cpu", "cuda", "metal", "vulkan")}
    monkeypatch.setenv("CMAKE_ARGS", "-DCMAKE_CUDA_ARCHITECTURES=90")
    keys.add(engine_key(LOCK, "cuda"))
    assert len(keys) == 5


def test_blocks_of_the_lock_hold_each_line_once() -> None:
    text = LOCK.read_text(encoding="utf-8")
    kept = "".join(blocks(text).values())
    assert sorted(kept.splitlines()) == sorted(
        line for line in text.splitlines() if not line.startswith("#")
    )


def test_downloads_tell_fetched_from_found(tmp_path: Path) -> None:
    wheel = tmp_path / "a-1-py3-none-any.whl"
    wheel.write_bytes(b"x" * 3_000_000)
    downloads = Downloads()
    for line in (
        "Collecting a",
        "  Downloading b-1-py3-none-any.whl (12.5 MB)",
        "  Using cached c-1-py3-none-any.whl (500 kB)",
        f"Processing {wheel}",
    ):
        downloads.notice(line)
    assert downloads.summary() == "Downloaded 12 MB; 4 MB were on this machine already."


def test_set_up_fetches_the_very_models_that_the_program_expects() -> None:
    fetched = {file.target: file.sha256 for model in included_models() for file in model.files}
    assert fetched[str(chat_model_path().relative_to(ROOT))] == CHAT_MODEL_SHA256
    weights = embedder_folder().relative_to(ROOT) / "model.safetensors"
    assert fetched[str(weights)] == EMBEDDER_WEIGHTS_SHA256


def test_the_graphs_that_are_made_are_the_very_ones_that_the_program_loads() -> None:
    made = {
        Path(file.target).name: file.sha256
        for model in included_models()
        for file in (model.made.files if model.made else ())
    }
    assert made == {
        name: sha256 for name, sha256 in EMBEDDER_FILES.items() if name.endswith(".onnx")
    }


def test_a_made_file_that_comes_out_otherwise_stops_the_set_up(tmp_path: Path) -> None:
    script = tmp_path / "make.py"
    script.write_text("import sys; open(sys.argv[1] + '/made', 'w').write('x')", encoding="utf-8")
    manifest = tmp_path / "models.json"
    made = {"target": "made", "sha256": "0" * 64}
    model = {
        "requirement": "none==1",
        "wheel_sha256": "",
        "files": [],
        "made": {"script": "make.py", "folder": ".", "files": [made]},
    }
    manifest.write_text(json.dumps({"models": [model]}), encoding="utf-8")
    (tmp_path / "resources" / "models").mkdir(parents=True)
    with pytest.raises(SetupFailed, match="made did not come out"):
        fetch_models(tmp_path, Path(sys.executable), Downloads(), manifest)
    made["sha256"] = hashlib.sha256(b"x").hexdigest()
    manifest.write_text(json.dumps({"models": [model]}), encoding="utf-8")
    fetch_models(tmp_path, Path(sys.executable), Downloads(), manifest)
    assert models_ready(tmp_path, manifest)
