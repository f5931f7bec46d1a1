"""What the documents name exists, and the tree holds nothing of the machine it was made on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.unit.architecture.tree import ROOT, project_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))

TOP_LEVEL = {
    "pyproject.toml", "README.md", "desktop", "tests", "resources", "installers", "docs",
    "Makefile", "CHANGELOG.md",
}  # fmt: skip
LEFT_BY_TOOLS = {"build", "dist", "carrel.egg-info"}

MACHINE_PATH = re.compile(r"(?<![\w.<])/(?:work|opt|root|tmp/w)(?:/|\b)")
REGISTRY = re.compile(r"pypi\.org|pythonhosted\.org|download\.pytorch\.org|conda\.anaconda")


def test_help_lists_every_target() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    assert set(re.findall(r"^  make ([a-z]+)", shown, re.MULTILINE)) == TARGETS


def test_every_target_is_phony() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert set(phony.split()) == TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_make_targets_named_in_documents_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = re.findall(r"(?:^    |`)(?:\w+=\S+ )*make ([a-z]+)", text, re.MULTILINE)
    assert set(named) <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_in_documents_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text(encoding="utf-8")):
        assert (document.parent / link).exists(), link


def test_files_that_the_documents_name_exist() -> None:
    for document in (ROOT / "docs" / "architecture.md", ROOT / "docs" / "contributing.md"):
        for name in re.findall(r"`([\w/.-]+\.(?:py|toml|md|lock|json))`", document.read_text()):
            places = (ROOT / name, ROOT / "desktop" / name, document.parent / name)
            assert any(place.exists() for place in places), f"{document.name}: {name}"


def test_the_architecture_page_names_every_package() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = {path.parent.name for path in (ROOT / "desktop").glob("*/__init__.py")}
    assert all(f"`{package}`" in text for package in packages)


def test_commands_of_the_readme_exist() -> None:
    reference = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    (carrel .*)$", README, re.MULTILINE)
    assert lines
    for line in lines:
        words = line.split()
        assert f"carrel {words[1]}" in reference, line
        assert all(option in reference for option in words if option.startswith("--")), line


def test_the_top_level_has_nothing_else() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - LEFT_BY_TOOLS == TOP_LEVEL


def test_no_file_names_a_machine_or_a_registry() -> None:
    named = []
    for path in project_files(".py", ".md", ".toml", ".json", ".lock", ".sh", ".cmake", ".qss", ""):
        if path == Path(__file__) or path.is_relative_to(ROOT / "resources" / "fonts"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        named += [
            f"{path.relative_to(ROOT)}: {match[0]}"
            for pattern in (MACHINE_PATH, REGISTRY)
            for match in pattern.finditer(text)
        ]
    assert named == []
