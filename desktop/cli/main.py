"""The command line: every command, its options and its exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from desktop import __version__
from desktop.cli import (
    ask_command,
    bench_commands,
    collections_commands,
    demo_command,
    doctor_command,
    extract_command,
    index_command,
    models_commands,
    search_command,
)
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Invocation, OpenAssistant


def run_command_line(
    arguments: Sequence[str],
    open_assistant: OpenAssistant,
    open_window: Callable[[Path | None], int],
) -> int:
    """Run one command; returns 0 on success, 1 on an explained failure, 2 on wrong usage."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that cannot show a letter shows a question mark; it is no reason to fail.
        sys.stdout.reconfigure(errors="replace")
    try:
        command_line()(list(arguments), obj=Invocation(open_assistant, open_window))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def command_line() -> typer.Typer:
    """Build the command tree."""
    app = typer.Typer(
        name="carrel",
        help="Chat with your own files, entirely on this machine. Without a command, the window.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback(invoke_without_command=True)(_root)
    app.command("index")(index_command.index)
    app.command("search")(search_command.search)
    app.command("ask")(ask_command.ask)
    app.command("extract")(extract_command.extract)
    app.add_typer(models_commands.models(), name="models")
    app.add_typer(collections_commands.collections(), name="collections")
    app.add_typer(bench_commands.bench(), name="bench")
    app.command("doctor")(doctor_command.doctor)
    app.command("demo")(demo_command.demo)
    return app


def _root(
    context: typer.Context,
    data_dir: DataDir = None,
    as_json: AsJson = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"carrel {__version__}")
        raise typer.Exit
    context.obj = replace(context.obj, data_dir=data_dir, json=as_json)
    if context.invoked_subcommand is None:
        raise typer.Exit(context.obj.open_window(data_dir))
