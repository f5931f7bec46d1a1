"""Options that every command shares."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        envvar="CARREL_DATA_DIR",
        help="Where collections, chats and settings are kept.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
PasswordStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin", help="Read passwords of documents from standard input, one a line."
    ),
]
CollectionName = Annotated[
    str, typer.Option("--collection", "-c", metavar="NAME", help="The collection's name.")
]
Shared = Annotated[
    Path,
    typer.Option(
        "--shared",
        metavar="DIR",
        envvar="CARREL_SHARED",
        help="The folder with the evaluation data.",
    ),
]
# Where the question sets lie in it.
SETS_PATH = Path("data", "retrieval")
