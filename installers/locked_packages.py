"""Installing what the lock file names, and nothing else.

A block of the lock is a pinned requirement with the hashes of its files:

    name==version ; marker \\
        --hash=sha256:... \\
        --hash=sha256:...
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from pip_runs import Downloads, PipFailed, SetupFailed, run_pip
from stamps import digest

ENGINE = "llama-cpp-python"
_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==")

NO_CPU_TORCH = """PyTorch's CPU build was not found.
  On Linux the usual registry offers only the CUDA build of several gigabytes, which Carrel
  does not use. Point pip at PyTorch's CPU wheels and start again, either way:
    make setup TORCH_WHEELS=<index address or folder with the torch +cpu wheel>
    PIP_EXTRA_INDEX_URL=<index address> make setup
  PyTorch's own installation page names the index: choose Linux, Pip, CPU.
  On a machine without network, copy the wheel into a folder and name that folder."""


def blocks(lock_text: str) -> dict[str, str]:
    """The lock's blocks by package name; a package with several markers has all its blocks."""
    found: dict[str, str] = {}
    name = ""
    for line in lock_text.splitlines(keepends=True):
        if line.startswith("#"):
            continue
        if match := _NAME.match(line):
            name = match[1].lower()
        if name:
            found[name] = found.get(name, "") + line
    return found


def packages_key(lock: Path) -> str:
    return digest(lock.read_bytes())


def install_packages(lock: Path, python: Path, torch_wheels: str, downloads: Downloads) -> None:
    """Install all but the engine; PyTorch first, for it is the one that may not be found."""
    found = blocks(lock.read_text(encoding="utf-8"))
    _install_torch(found.pop("torch"), python, torch_wheels, downloads)
    found.pop(ENGINE)
    install_blocks(python, "".join(found.values()), ["--only-binary", ":all:"], downloads)


def install_blocks(python: Path, text: str, options: list[str], downloads: Downloads) -> None:
    """Install pinned blocks without asking for anything they do not name."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        requirements.write_text(text, encoding="utf-8")
        run_pip(
            python,
            ["install", "--no-deps", "--require-hashes", "-r", str(requirements), *options],
            "the packages of the lock file",
            downloads,
        )


def _install_torch(block: str, python: Path, torch_wheels: str, downloads: Downloads) -> None:
    options = ["--only-binary", ":all:"]
    if torch_wheels:
        where = "--find-links" if Path(torch_wheels).exists() else "--extra-index-url"
        options += [where, torch_wheels]
    try:
        install_blocks(python, block, options, downloads)
    except PipFailed as failure:
        if sys.platform == "linux" and "No matching distribution" in failure.output:
            raise SetupFailed(NO_CPU_TORCH) from None
        raise
