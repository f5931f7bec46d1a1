"""`docs/cli.md` says what the command line does today."""

from __future__ import annotations

import os
from pathlib import Path

from desktop.cli.reference import reference

PAGE = Path(__file__).parents[3] / "docs" / "cli.md"


def test_the_page_is_what_the_commands_say_of_themselves() -> None:
    if os.environ.get("CARREL_WRITE_DOCS"):
        PAGE.write_text(reference(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == reference(), "run `make docs`"


def test_every_command_of_the_contract_is_there() -> None:
    page = reference()
    for command in (
        "index",
        "search",
        "ask",
        "extract",
        "models list",
        "models import",
        "models verify",
        "collections list",
        "collections show",
        "collections remove",
        "doctor",
    ):
        assert f"## carrel {command}\n" in page
