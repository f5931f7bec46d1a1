"""Writes installers/requirements.lock anew from pyproject.toml (`make lock`).

Needs uv on the path. The lock holds for Python 3.11 to 3.13 on Linux, macOS and Windows, names
no registry, and carries the hashes of every file pip may take. PyTorch differs by system: on
Linux the CPU build is pinned with the hashes of torch_cpu_wheels.json, for the usual registry
has only the CUDA build there.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_ROOT = _HERE.parent
_LOCK = _HERE / "requirements.lock"
_HEADER = """\
# Every package of Carrel, pinned, with the hashes of the files pip may take.
# Written by `make lock` from pyproject.toml; not by hand.
"""
# A browser is no system of ours.
_BROWSER = re.compile(
    r"^\S+ ;[^\n]*sys_platform == 'emscripten'.*\n(?:    --hash=.*\n)+", re.MULTILINE
)
_BLOCK = re.compile(r"^torch==\S+\+cpu .*\n(?:    --hash=.*\n)+", re.MULTILINE)


def main(arguments: list[str]) -> int:
    """Resolve, pin PyTorch's CPU wheels, and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--uv", default="uv", help="the uv program")
    parser.add_argument("--torch-wheels", default="", help="folder or index with the CPU wheels")
    parser.add_argument("--upgrade", action="store_true", help="move to the newest that fit")
    options = parser.parse_args(arguments)
    cpu = json.loads((_HERE / "torch_cpu_wheels.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        resolved = Path(folder) / "resolved.txt"
        if _LOCK.exists() and not options.upgrade:
            resolved.write_text(_LOCK.read_text(encoding="utf-8"), encoding="utf-8")
        command = _command(options, _override(Path(folder), cpu["version"]), resolved)
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode != 0:
            return 1
        text = _with_cpu_hashes(resolved.read_text(encoding="utf-8"), cpu)
    _LOCK.write_text(_HEADER + text, encoding="utf-8")
    return 0


def _command(options: argparse.Namespace, override: Path, output: Path) -> list[str]:
    command = [options.uv, "pip", "compile", str(_ROOT / "pyproject.toml"), "--all-extras"]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--override", str(override), "--output-file", str(output), "--quiet"]
    if options.torch_wheels:
        where = "--find-links" if Path(options.torch_wheels).exists() else "--index"
        command += [where, options.torch_wheels]
    return command


def _override(folder: Path, cpu_version: str) -> Path:
    plain = cpu_version.partition("+")[0]
    path = folder / "override.txt"
    path.write_text(
        f"torch=={cpu_version} ; sys_platform == 'linux'\n"
        f"torch=={plain} ; sys_platform != 'linux'\n",
        encoding="utf-8",
    )
    return path


def _with_cpu_hashes(text: str, cpu: dict[str, object]) -> str:
    wheels = cpu["wheels"]
    assert isinstance(wheels, list)
    hashes = sorted(f"--hash=sha256:{wheel['sha256']}" for wheel in wheels)
    lines = [f"torch=={cpu['version']} ; sys_platform == 'linux'", *hashes]
    block = " \\\n    ".join(lines) + "\n"
    changed, count = _BLOCK.subn(lambda _: block, _BROWSER.sub("", text))
    if count != 1:
        sys.exit("The resolved file does not pin PyTorch's CPU build exactly once.")
    return changed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
