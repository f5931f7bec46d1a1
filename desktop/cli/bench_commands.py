"""`carrel bench`: figures beside their baselines, measured in the same run."""

from __future__ import annotations

import typer


def bench() -> typer.Typer:
    """Build the group."""
    return typer.Typer(help="Measure this machine beside plain baselines.", no_args_is_help=True)
