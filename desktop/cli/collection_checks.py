"""`carrel collections verify` and `repair`: whether a collection is whole, and making it so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from desktop.assistant.events import JobId
from desktop.cli.contract import collection_check, collection_repair
from desktop.cli.counted import counted
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import STOPPED, Session, one_line, session
from desktop.domain.checks import CollectionCheck, CollectionRepair

NameOrAll = Annotated[str | None, typer.Argument(metavar="NAME")]
All = Annotated[bool, typer.Option("--all", help="Every collection.")]


def verify(
    context: typer.Context,
    name: NameOrAll = None,
    every: All = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Check that a collection is whole: the database, its indexes, and that files find themselves.

    Exit code 1 where something is wrong; “carrel collections repair” makes it whole.
    """
    with session(context, data_dir, as_json) as opened:
        library = opened.assistant.library
        checks: list[CollectionCheck] = _each(opened, name, every, library.verify)
        _print(opened, every, [collection_check(check) for check in checks])
        if not opened.json:
            for check in checks:
                _say(opened, check)
    _fail_unless_whole(checks)


def repair(
    context: typer.Context,
    name: NameOrAll = None,
    every: All = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make anew what is derived: words, vector index, and vectors that are missing.

    No file is read again.
    """
    with session(context, data_dir, as_json) as opened:
        library = opened.assistant.library
        repairs: list[CollectionRepair] = _each(opened, name, every, library.repair)
        _print(opened, every, [collection_repair(one) for one in repairs])
        if not opened.json:
            for one in repairs:
                opened.print_line(
                    one_line(
                        f"{one.collection}: {', '.join(one.done)}; "
                        f"{one.vectors_per_second:,.0f} vectors a second."
                    )
                )
                _say(opened, one.check)
    _fail_unless_whole([one.check for one in repairs])


def _each(
    opened: Session, name: str | None, every: bool, start: Callable[[int], JobId]
) -> list[Any]:
    if every == (name is not None):
        raise typer.BadParameter("name one collection, or give --all")
    library = opened.assistant.library
    chosen = library.collections() if name is None else [library.collection(name)]
    return [opened.result(start(one.id)) for one in chosen]


def _print(opened: Session, every: bool, documents: list[dict[str, Any]]) -> None:
    if opened.json:
        opened.print_json(documents if every else documents[0])


def _say(opened: Session, check: CollectionCheck) -> None:
    opened.print_line(
        one_line(
            f"{check.collection}: {'whole' if check.ok else 'not whole'}, "
            f"{counted(check.documents, 'document')}, {counted(check.chunks, 'passage')}, "
            f"{counted(check.vectors, 'vector')}, "
            f"{check.indexed} of them searchable"
        )
    )
    for problem in check.problems:
        opened.print_line(one_line(f"  {problem}"))


def _fail_unless_whole(checks: list[CollectionCheck]) -> None:
    if not all(check.ok for check in checks):
        raise typer.Exit(STOPPED)
