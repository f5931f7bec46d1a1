"""The lock file pins everything with hashes, names no registry, and is documented."""

from __future__ import annotations

import json
import re
import tomllib

import package_licences
import pytest
from locked_packages import ENGINE, blocks

from tests.unit.architecture.tree import ROOT

LOCK = (ROOT / "installers" / "requirements.lock").read_text(encoding="utf-8")
DEPENDENCIES = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def test_every_requirement_is_pinned_and_has_hashes() -> None:
    for name, block in blocks(LOCK).items():
        for part in re.split(r"\n(?=\S)", block.strip()):
            assert re.match(r"^[a-z0-9.-]+==\S+( ;.*)? \\\n", part), name
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", part), name


def test_the_lock_names_no_address_and_no_option() -> None:
    assert "//" not in LOCK
    assert not re.search(r"^\s*-(?!-hash=)", LOCK, re.MULTILINE)


def test_the_lock_brings_no_graphics_libraries_of_gigabytes() -> None:
    assert not [name for name in blocks(LOCK) if name.startswith(("nvidia", "triton", "cuda"))]


def test_linux_gets_the_cpu_build_of_torch_with_every_known_wheel() -> None:
    cpu = json.loads((ROOT / "installers" / "torch_cpu_wheels.json").read_text(encoding="utf-8"))
    covered = {(wheel["python"], wheel["machine"]) for wheel in cpu["wheels"]}
    assert covered == {(p, m) for p in ("cp311", "cp312", "cp313") for m in ("x86_64", "aarch64")}
    linux, _, others = blocks(LOCK)["torch"].partition("torch==2.13.0+cpu")[::-1]
    assert "sys_platform == 'linux'" in linux
    assert "sys_platform != 'linux'" in others
    assert all(wheel["sha256"] in linux for wheel in cpu["wheels"])


@pytest.mark.parametrize("name", sorted(package_licences.direct_names()))
def test_what_we_name_ourselves_is_locked_and_explained(name: str) -> None:
    assert name in blocks(LOCK)
    explained = DEPENDENCIES.partition(package_licences.MARKER)[0]
    rows = {package_licences.normal(row) for row in re.findall(r"^\| (\S+) \|", explained, re.M)}
    assert name in rows


def test_what_comes_with_the_rest_is_listed_with_its_licence() -> None:
    written = DEPENDENCIES.partition(package_licences.MARKER)[2]
    rows = dict(re.findall(r"^\| (\S+) \| [^|]+ \| ([^|]*?) \|", written, re.MULTILINE))
    expected = set(blocks(LOCK)) - package_licences.direct_names()
    assert set(rows) - {"package", "---"} == expected
    assert all(rows.values())


def test_the_notice_of_third_parties_lists_every_locked_package() -> None:
    notice = (ROOT / "resources" / "licences" / "THIRD-PARTY.md").read_text(encoding="utf-8")
    assert set(blocks(LOCK)) <= set(re.findall(r"^\| (\S+) \|", notice, re.MULTILINE))


def test_the_engine_is_locked_exactly_as_it_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (named,) = [wanted for wanted in project["dependencies"] if wanted.startswith(ENGINE)]
    assert blocks(LOCK)[ENGINE].startswith(named + " ")
