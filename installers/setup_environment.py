"""Makes a checkout ready to run: the environment, the engine, the models, the program itself.

    python3 installers/setup_environment.py [--backend cpu|cuda|metal|vulkan]

Standard library only: nothing else is there yet. Each step has a key made of everything it
depends on; a step whose key is already on record is not taken again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine_build import BACKENDS, build_engine, default_backend, engine_key
from included_models import fetch_models, models_ready
from locked_packages import install_packages, packages_key
from pip_runs import Downloads, SetupFailed, environment_python, run_pip
from prerequisites import missing_prerequisites, unsupported_python
from stamps import Stamps, digest

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"


@dataclass(frozen=True)
class Step:
    """One part of the set-up: `take` runs only while `key` is not the one on record."""

    name: str
    says: str
    key: str
    take: Callable[[], None]


def main(arguments: list[str]) -> int:
    """Bring the checkout up to date; 0 when it is ready, 1 with the reason when it is not."""
    options = _parse(arguments)
    try:
        return _set_up(options)
    except SetupFailed as failure:
        print(f"\nSet-up stopped: {failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nSet-up stopped. The next start goes on from here.", file=sys.stderr)
    return 1


def _set_up(options: argparse.Namespace) -> int:
    if wrong := unsupported_python():
        raise SetupFailed(wrong)
    stamps = Stamps(ENVIRONMENT / "carrel-setup.json")
    backend = options.backend or stamps.read("backend") or default_backend()
    downloads = Downloads()
    due = _due_steps(stamps, backend, options.torch_wheels, downloads)
    models_due = not models_ready(ROOT)
    if options.check or not (due or models_due):
        return int(bool(due or models_due))
    builds_engine = any(step.name == "engine" for step in due)
    if missing := missing_prerequisites(backend, builds_engine=builds_engine):
        raise SetupFailed("this is missing:\n\n" + "\n".join(missing))
    started = time.monotonic()
    _take(due, stamps, backend)
    if models_due:
        print("Checking the included models; fetching what is missing (176 MB)", flush=True)
        fetch_models(ROOT, environment_python(ENVIRONMENT), downloads)
    minutes, seconds = divmod(round(time.monotonic() - started), 60)
    print(f"Ready after {minutes} min {seconds} s. {downloads.summary()}")
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--backend", choices=sorted(BACKENDS), help="what the engine computes on")
    parser.add_argument(
        "--torch-wheels",
        default=os.environ.get("TORCH_WHEELS", ""),
        metavar="WHERE",
        help="folder or index that holds PyTorch's CPU wheels",
    )
    parser.add_argument("--check", action="store_true", help="only say by the exit code: ready?")
    return parser.parse_args(arguments)


def _take(due: list[Step], stamps: Stamps, backend: str) -> None:
    for step in due:
        print(step.says, flush=True)
        # Forgotten first: an interrupted step must be taken again.
        stamps.forget(step.name)
        step.take()
        stamps.write(step.name, step.key)
    stamps.write("backend", backend)


def _due_steps(stamps: Stamps, backend: str, torch_wheels: str, downloads: Downloads) -> list[Step]:
    steps = _steps(backend, torch_wheels, downloads)
    version = _environment_version()
    if version is None or not _is_wanted(version, stamps.read("python")):
        making = Step("python", "Making .venv", platform.python_version(), _make_environment)
        return [making, *steps]  # an empty environment needs every step
    return [step for step in steps if stamps.read(step.name) != step.key]


def _steps(backend: str, torch_wheels: str, downloads: Downloads) -> list[Step]:
    lock = ROOT / "installers" / "requirements.lock"
    python = environment_python(ENVIRONMENT)
    return [
        Step(
            "packages",
            "Installing the packages of the lock file (about 760 MB, one to five minutes)",
            packages_key(lock),
            lambda: install_packages(lock, python, torch_wheels, downloads),
        ),
        Step(
            "engine",
            f"Building llama.cpp for {backend} (two to five minutes on two cores)",
            engine_key(lock, backend),
            lambda: build_engine(ROOT, python, backend, downloads),
        ),
        Step(
            "project",
            "Installing Carrel itself",
            _project_key(),
            lambda: _install_project(python),
        ),
    ]


def _is_wanted(version: str, made_with: str | None) -> bool:
    """False for an environment of another Python than it was made with, or than PYTHON names."""
    named = os.environ.get("PYTHON")
    supported = (3, 11) <= tuple(int(part) for part in version.split(".")[:2]) <= (3, 13)
    return supported and made_with in (None, version) and (not named or _version(named) == version)


def _environment_version() -> str | None:
    """The version of the environment's own Python; None when it does not answer."""
    python = environment_python(ENVIRONMENT)
    return platform.python_version() if Path(sys.executable) == python else _version(str(python))


def _version(python: str) -> str | None:
    try:
        asked = subprocess.run(
            [python, "-S", "-c", "import platform; print(platform.python_version())"],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None


def _make_environment() -> None:
    if Path(sys.executable).is_relative_to(ENVIRONMENT):
        raise SetupFailed("this Python belongs to .venv itself; run it with the system's Python.")
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    made = subprocess.run(command, check=False)
    if made.returncode != 0:
        raise SetupFailed("python could not make .venv; its message is above.")


def _project_key() -> str:
    """What the editable install is made from; a new lint rule does not change it."""
    import tomllib  # not in every Python that may read this file before it is refused

    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    made_from = [configured[part] for part in ("build-system", "project")]
    return digest(json.dumps(made_from, sort_keys=True).encode(), str(ROOT).encode())


def _install_project(python: Path) -> None:
    run_pip(
        python,
        ["install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT)],
        "the editable install",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
