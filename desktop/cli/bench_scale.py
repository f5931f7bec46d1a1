"""`carrel bench scale`: searching, opening, building and deleting at growing sizes."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from desktop.cli.options import SETS_PATH, AsJson, DataDir, Shared
from desktop.cli.session import explained
from desktop.domain.cancel import CancelToken

Sizes = Annotated[str, typer.Option("--sizes", metavar="N,N,...", help="How many passages.")]


def scale(
    shared: Shared,
    sizes: Sizes = "10000,100000,1000000",
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Search 10 k, 100 k and 1 M passages made from real text, beside an exact search.

    With --data-dir the collections are kept there for the next time.
    """
    console = Console(stderr=True)
    with explained(console), ExitStack() as stack:
        wanted = _sizes(sizes)
        sets = shared / SETS_PATH
        if not sets.is_dir():
            raise typer.BadParameter(f"there is no {SETS_PATH} in {shared}", param_hint="--shared")
        # The benches are heavy; nothing else of the command line needs them.
        from desktop.bench.scale import measure_scale

        data = data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        status = stack.enter_context(console.status("embedding real texts"))
        measured = measure_scale(sets, data, wanted, status.update, CancelToken())
    if as_json:
        sys.stdout.write(json.dumps(measured) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(measured)) + "\n")


def _sizes(text: str) -> list[int]:
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or any(size < 1000 or size % 100 for size in found):
        raise typer.BadParameter("sizes are hundreds, from 1000, with commas between")
    return found


def _lines(measured: dict[str, Any]) -> list[str]:
    lines = [
        measured["corpus"],
        f"{measured['real_passages']} real passages, {measured['questions']} questions; "
        f"embedding a question takes {measured['embed_question_ms']} ms and is not in the times.",
    ]
    for one in measured["sizes"]:
        lines += ["", f"{one['chunks']:,} passages", *_figures(one)]
    return lines


def _figures(one: dict[str, Any]) -> list[str]:
    deletion = one["deletion"]
    stored = one["stored_seconds"]
    stored = "there from an earlier run" if stored is None else f"{stored} s"
    return [
        f"  stored                 {stored}, database {_mb(one['database_bytes'])}",
        f"  vector index built     {one['build_seconds']} s, "
        f"{one['vectors_per_second']:,} vectors/s, {_mb(one['cells_bytes'])}",
        f"  opened to first answer {one['open_seconds']} s",
        f"  by meaning             {_times(one['vector'])}",
        f"  by words               {_times(one['keyword'])}",
        f"  together               {_times(one['both'])}",
        f"  recall                 {one['recall_at_10']} at 10, {one['recall_at_100']} at 100",
        f"  deleting {deletion['chunks']:,}        {deletion['seconds']} s, "
        f"{_mb(deletion['bytes_given_back'])} given back; words overwritten "
        f"{deletion['words_seconds']} s later, {_mb(deletion['words_bytes_given_back'])} more",
        f"  memory                 {_mb(one['memory_bytes'])}",
    ]


def _times(times: dict[str, float]) -> str:
    return f"p50 {times['p50_ms']} ms, p95 {times['p95_ms']} ms"


def _mb(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
