"""Building llama-cpp-python from its locked source, for one backend."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from locked_packages import ENGINE, blocks
from pip_runs import Downloads, SetupFailed, run_pip
from stamps import digest

_EXTRAS = Path(__file__).resolve().parent / "engine_without_extras.cmake"

# The graphics backends are switched off by name: on some systems the default is on.
BACKENDS = {
    "cpu": ["-DGGML_METAL=OFF"],
    "cuda": ["-DGGML_CUDA=ON"],
    "metal": ["-DGGML_METAL=ON"],
    "vulkan": ["-DGGML_VULKAN=ON"],
}


def default_backend() -> str:
    """Metal on Apple's own processors, the processor elsewhere."""
    return "metal" if sys.platform == "darwin" and platform.machine() == "arm64" else "cpu"


def engine_key(lock: Path, backend: str) -> str:
    """Everything the built engine depends on; the user's own CMake arguments included."""
    return digest(
        blocks(lock.read_text(encoding="utf-8"))[ENGINE].encode(),
        " ".join(_chosen_arguments(backend)).encode(),
        _EXTRAS.read_bytes(),
        sys.platform.encode(),
        platform.machine().encode(),
    )


def build_engine(root: Path, python: Path, backend: str, downloads: Downloads) -> None:
    """Build the engine, or take the wheel built earlier from the same key, and install it."""
    lock = root / "installers" / "requirements.lock"
    shelf = root / ".cache" / "engine" / engine_key(lock, backend)[:16]
    if not list(shelf.glob("*.whl")):
        _build(lock, shelf, python, backend, downloads)
    (wheel,) = shelf.glob("*.whl")
    run_pip(
        python,
        ["install", "--no-deps", "--no-index", "--force-reinstall", str(wheel)],
        "the engine's install",
    )
    _try_engine(python, backend)


def _build(lock: Path, shelf: Path, python: Path, backend: str, downloads: Downloads) -> None:
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "engine.txt"
        requirements.write_text(blocks(lock.read_text(encoding="utf-8"))[ENGINE], encoding="utf-8")
        # pip's cache does not know for which backend a wheel was built, so it stays out of this.
        arguments = ["wheel", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
        arguments += ["--require-hashes", "--no-binary", ENGINE, "-r", str(requirements)]
        arguments += ["--wheel-dir", folder]
        run_pip(python, arguments, "the engine's build", downloads, _environment(python, backend))
        shelf.mkdir(parents=True, exist_ok=True)
        for wheel in Path(folder).glob("*.whl"):
            aside = shelf / (wheel.name + ".new")
            aside.write_bytes(wheel.read_bytes())
            aside.replace(shelf / wheel.name)


def _environment(python: Path, backend: str) -> dict[str, str]:
    environment = dict(os.environ)
    environment["CMAKE_ARGS"] = " ".join(_cmake_arguments(backend))
    environment.setdefault("CMAKE_BUILD_PARALLEL_LEVEL", str(os.cpu_count() or 1))
    # The locked Ninja lies beside the interpreter.
    environment["PATH"] = os.pathsep.join((str(python.parent), environment.get("PATH", "")))
    return environment


def _cmake_arguments(backend: str) -> list[str]:
    extras = shlex.quote(_EXTRAS.as_posix())
    return [f"-DCMAKE_PROJECT_INCLUDE={extras}", *_chosen_arguments(backend)]


def _chosen_arguments(backend: str) -> list[str]:
    of_user = shlex.split(os.environ.get("CMAKE_ARGS", ""))
    return ["-DLLAVA_BUILD=OFF", *BACKENDS[backend], *of_user]


def _try_engine(python: Path, backend: str) -> None:
    asked = subprocess.run(
        [str(python), "-c", "import llama_cpp; print(llama_cpp.llama_supports_gpu_offload())"],
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        raise SetupFailed(f"the built engine does not load:\n{asked.stderr.strip()}")
    if backend != "cpu" and asked.stdout.strip() != "True":
        print(f"  The engine was built for {backend}, but it finds no such device here now.")
