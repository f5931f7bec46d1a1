"""The project's tree as the tests of its structure see it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

# What tools leave behind and git ignores.
_NOT_OURS = {
    ".git", ".venv", ".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache",
    ".import_linter_cache", "__pycache__", "build", "dist", "models", "node_modules",
}  # fmt: skip


def project_files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project with one of the suffixes, or every file."""
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = sorted(
            name for name in subfolders if name not in _NOT_OURS and not name.endswith(".egg-info")
        )
        for name in sorted(names):
            path = Path(folder) / name
            if not suffixes or path.suffix in suffixes:
                yield path


def program_files() -> list[Path]:
    """Every Python file of the program."""
    return [path for path in project_files(".py") if path.is_relative_to(ROOT / "desktop")]


def copy_of_the_program(target: Path) -> Path:
    """A copy of the program and its configuration, to be broken on purpose."""
    shutil.copytree(
        ROOT / "desktop", target / "desktop", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", target)
    return target


def run_tool(folder: Path, tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a console program of the environment in `folder`."""
    program = Path(sys.executable).with_name(tool)
    # Without an inherited search path, the copy is what gets imported, not the original.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=240,
    )
