"""`carrel bench retrieval`: whether questions with known answers find their places."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from desktop.cli.options import SETS_PATH, AsJson, DataDir, Shared
from desktop.cli.session import explained


def retrieval(
    shared: Shared,
    names: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME", help="One set, or several; all where none is named."),
    ] = None,
    questions: Annotated[
        int, typer.Option(metavar="N", min=0, help="Only N questions of each set; 0: all.")
    ] = 0,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Index the real files of each set, and ask its questions by words, by meaning, and by both.

    A hit is right when it is the marked page, or holds at least half of the marked sentence. With
    --data-dir the collections are kept there for the next time.
    """
    console = Console(stderr=True)
    with explained(console), ExitStack() as stack:
        # The benches are heavy; nothing else of the command line needs them.
        from desktop.bench.question_sets import SETS
        from desktop.bench.retrieval import measure_retrieval

        wanted = names or list(SETS)
        unknown = [name for name in wanted if name not in SETS]
        if unknown:
            raise typer.BadParameter(f"{unknown[0]} is none of {', '.join(SETS)}.")
        data = data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        status = stack.enter_context(console.status("starting"))
        try:
            measured = measure_retrieval(shared / SETS_PATH, wanted, data, questions, status.update)
        except subprocess.CalledProcessError as error:
            sys.stderr.write(str(error.stderr))
            raise typer.Exit(1) from error
    if as_json:
        sys.stdout.write(json.dumps(measured) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(measured)) + "\n")


def _lines(measured: dict[str, Any]) -> list[str]:
    lines = [f"Embedded in {measured['embedder']}"]
    for name, reached in measured["sets"].items():
        lines += [
            "",
            f"{name}: {reached['questions']} questions, {reached['chunks']:,} passages",
            "             hit@1   hit@5  hit@10  nDCG@10     p50     p95 ms",
        ]
        for mode, quality in reached["modes"].items():
            lines.append(
                f"  {mode:9}{quality['hit_at_1']:8.3f}{quality['hit_at_5']:8.3f}"
                f"{quality['hit_at_10']:8.3f}{quality['ndcg_at_10']:9.3f}"
                f"{quality['p50_ms']:8.1f}{quality['p95_ms']:8.1f}"
            )
    return lines
