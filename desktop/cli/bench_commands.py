"""`carrel bench`: figures beside their baselines, measured in the same run."""

from __future__ import annotations

import typer

from desktop.cli.bench_engine import engine
from desktop.cli.bench_index import index
from desktop.cli.bench_retrieval import retrieval
from desktop.cli.bench_scale import scale
from desktop.cli.bench_turns import turns


def bench() -> typer.Typer:
    """Build the group."""
    group = typer.Typer(help="Measure this machine beside plain baselines.", no_args_is_help=True)
    group.command("engine")(engine)
    group.command("index")(index)
    group.command("retrieval")(retrieval)
    group.command("scale")(scale)
    group.command("turns")(turns)
    return group
