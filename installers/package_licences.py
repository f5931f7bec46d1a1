"""Writes the lists of packages with their licences anew from what is installed.

docs/dependencies.md                  the table below its marker: what comes with the rest
resources/licences/THIRD-PARTY.md     every package, as a notice for whoever gets the program
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from locked_packages import blocks

_ROOT = Path(__file__).resolve().parent.parent
_DEPENDENCIES = _ROOT / "docs" / "dependencies.md"
_NOTICES = _ROOT / "resources" / "licences" / "THIRD-PARTY.md"
MARKER = "<!-- Written by `make licences` from here on. -->\n"
_LONGEST_NAME = 60

# What this system does not install, or whose metadata names no licence.
_KNOWN = {
    "colorama": "BSD-3-Clause",
    "sqlcipher3": "Zlib AND BSD-3-Clause",
}
# The same licence as packages spell it.
_SPELLINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0 License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License Version 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "ISC License": "ISC",
    "MIT License": "MIT",
}
_BY_CLASSIFIER = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


@dataclass(frozen=True)
class Package:
    """One package of the lock file."""

    name: str
    version: str
    licence: str
    summary: str


def main() -> int:
    """Write both files; 1 when a package's licence is not known."""
    packages = locked_packages()
    unknown = [package.name for package in packages if not package.licence]
    if unknown:
        print(f"No licence found for: {', '.join(unknown)}", file=sys.stderr)
        return 1
    text = _DEPENDENCIES.read_text(encoding="utf-8")
    _DEPENDENCIES.write_text(text.partition(MARKER)[0] + MARKER + transitive_table(packages))
    _NOTICES.write_text(notices(packages), encoding="utf-8")
    return 0


def locked_packages() -> list[Package]:
    """Every package of the lock file, in order of name."""
    found = blocks((_ROOT / "installers" / "requirements.lock").read_text(encoding="utf-8"))
    return [_package(name, text) for name, text in sorted(found.items())]


def direct_names() -> set[str]:
    """The packages that pyproject.toml names itself."""
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        wanted += extra
    return {normal(re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]) for requirement in wanted}


def transitive_table(packages: list[Package]) -> str:
    """The table of what comes with the packages we name."""
    direct = direct_names()
    rows = [
        f"| {package.name} | {package.version} | {package.licence} | {package.summary} |\n"
        for package in packages
        if package.name not in direct
    ]
    return "\n| package | version | licence | what it is |\n| --- | --- | --- | --- |\n" + "".join(
        rows
    )


def notices(packages: list[Package]) -> str:
    """The list that goes with the program."""
    rows = "".join(f"| {p.name} | {p.version} | {p.licence} |\n" for p in packages)
    return (
        "# Packages of others\n\n"
        "Carrel is built on these. Each installed package carries the full text of its licence\n"
        "in its `dist-info` folder. Written by `make licences`.\n\n"
        "| package | version | licence |\n| --- | --- | --- |\n" + rows
    )


def normal(name: str) -> str:
    """A package's name as the lock file spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _package(name: str, block: str) -> Package:
    versions = sorted(set(re.findall(r"^[^\s=]+==(\S+)", block, re.MULTILINE)))
    try:
        found = metadata(name).json
    except PackageNotFoundError:
        return Package(name, ", ".join(versions), _KNOWN.get(name, ""), "for other systems")
    summary = " ".join(str(found.get("summary", "")).split()).replace("|", "/")
    return Package(name, ", ".join(versions), _KNOWN.get(name) or _licence(found), summary)


def _licence(found: dict[str, str | list[str]]) -> str:
    if expression := found.get("license_expression"):
        return str(expression)
    named = [
        classifier.rpartition(" :: ")[2]
        for classifier in found.get("classifier", [])
        if classifier.startswith("License ::")
    ]
    licence = str(found.get("license", "")).strip()
    if licence and len(licence) <= _LONGEST_NAME and "\n" not in licence:
        return _SPELLINGS.get(licence, licence)
    return " AND ".join(_BY_CLASSIFIER.get(name, name) for name in named)


if __name__ == "__main__":
    sys.exit(main())
