"""What importing the program brings along, and what it does not."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.architecture.tree import ROOT, program_files

HEAVY = {"torch", "llama_cpp", "sentence_transformers", "chromadb", "transformers", "onnxruntime"}

IMPORT_ALL = """
import importlib, json, pkgutil, sys
blocked = json.loads(sys.argv[1])
for name in blocked:
    sys.modules[name] = None
import desktop
names = [
    module.name
    for module in pkgutil.walk_packages(desktop.__path__, "desktop.")
    if not any(module.name.startswith(skipped) for skipped in json.loads(sys.argv[2]))
]
for name in names:
    importlib.import_module(name)
loaded = sorted(name for name, module in sys.modules.items() if "." not in name and module)
print(json.dumps({"imported": names, "loaded": loaded}))
"""


def _import_all(blocked: list[str], skipped: list[str]) -> tuple[list[str], set[str]]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_ALL, json.dumps(blocked), json.dumps(skipped)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    return answer["imported"], set(answer["loaded"])


def test_everything_but_the_window_imports_where_qt_is_missing() -> None:
    imported, loaded = _import_all(["PySide6", "shiboken6"], ["desktop.gui"])
    assert "desktop.assistant.facade" in imported
    assert "desktop.cli.main" in imported
    assert "PySide6" not in loaded


def test_no_module_brings_a_heavy_library_along() -> None:
    imported, loaded = _import_all([], [])
    assert "desktop.gui.mailbox" in imported
    assert not HEAVY & loaded


@pytest.mark.parametrize("package", ["domain", "processes"])
def test_the_lowest_layers_import_the_standard_library_alone(package: str) -> None:
    files = [path for path in program_files() if path.is_relative_to(ROOT / "desktop" / package)]
    assert files
    foreign = {
        f"{path.name}: {name}"
        for path in files
        for name in _imported_roots(path)
        if name not in sys.stdlib_module_names and name != "desktop"
    }
    assert not foreign


def _imported_roots(path: Path) -> set[str]:
    roots = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            roots |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            roots.add(node.module.partition(".")[0])
    return roots
