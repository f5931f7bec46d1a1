"""Each import contract holds on the tree and breaks on a deliberate violation in a copy of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.unit.architecture.tree import ROOT, copy_of_the_program, run_tool

VIOLATIONS = [
    ("layers", "desktop/storage", "import desktop.gui"),
    ("layers", "desktop/chat", "import desktop.indexing"),
    ("layers", "desktop/domain", "import desktop.processes"),
    ("siblings", "desktop/planted_a", "import desktop.planted_b"),
    ("faces", "desktop/gui", "import desktop.storage"),
    ("faces", "desktop/cli", "import desktop.chat"),
    ("door-of-storage", "desktop/retrieval", "import chromadb"),
    ("door-of-storage", "desktop/assistant", "import sqlite3"),
    ("door-of-documents", "desktop/indexing", "import pypdfium2"),
    ("door-of-inference", "desktop/chat", "import llama_cpp"),
    ("door-of-the-machine", "desktop/assistant", "import psutil"),
    ("qt-free", "desktop/assistant", "import PySide6.QtCore"),
    ("terminal", "desktop/gui", "import rich"),
    ("numbers", "desktop/domain", "import numpy"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_program(tmp_path_factory.mktemp("copy"))


def contract_ids() -> set[str]:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"] for contract in configuration["tool"]["importlinter"]["contracts"]}


def test_every_contract_has_a_violation_below() -> None:
    assert {identifier for identifier, _, _ in VIOLATIONS} == contract_ids()


def test_contracts_hold_on_the_tree(copy: Path) -> None:
    result = run_tool(copy, "lint-imports", "--no-logo")
    assert result.returncode == 0, result.stdout
    assert f"Contracts: {len(contract_ids())} kept, 0 broken." in result.stdout


@pytest.mark.parametrize(("contract", "package", "statement"), VIOLATIONS)
def test_a_violation_breaks_its_contract(
    copy: Path, contract: str, package: str, statement: str
) -> None:
    planted = _plant(copy, package, statement)
    try:
        result = run_tool(copy, "lint-imports", "--no-logo", "--contract", contract)
    finally:
        for path in planted:
            path.unlink()
    assert result.returncode == 1
    assert "1 broken" in result.stdout, result.stdout + result.stderr
    assert planted[0].stem in result.stdout


def test_a_package_outside_the_layers_breaks_the_exhaustive_contract(copy: Path) -> None:
    package = copy / "desktop" / "leftovers"
    package.mkdir()
    (package / "__init__.py").write_text('"""Belongs to no layer."""\n', encoding="utf-8")
    try:
        result = run_tool(copy, "lint-imports", "--no-logo", "--contract", "layers")
    finally:
        (package / "__init__.py").unlink()
        package.rmdir()
    assert result.returncode == 1
    assert "leftovers" in result.stdout


def _plant(copy: Path, package: str, statement: str) -> list[Path]:
    if package.endswith("_a"):
        # A cycle needs two modules, which import each other.
        first, second = copy / f"{package}.py", copy / f"{package[:-1]}b.py"
        first.write_text(f"{statement}\n", encoding="utf-8")
        second.write_text(f"import desktop.{first.stem}\n", encoding="utf-8")
        return [first, second]
    planted = copy / package / "planted.py"
    planted.write_text(f"{statement}\n", encoding="utf-8")
    return [planted]
