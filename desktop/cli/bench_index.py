"""`carrel bench index`: indexing speed and memory beside the pipeline that tutorials show."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

from desktop.cli.options import SETS_PATH, AsJson, Shared
from desktop.cli.session import explained


def index(
    shared: Shared,
    files: Annotated[
        int, typer.Option(metavar="N", min=0, help="Only the N smallest files of a set; 0: all.")
    ] = 0,
    repeats: Annotated[int, typer.Option(metavar="N", min=1, help="How often each.")] = 3,
    as_json: AsJson = False,
) -> None:
    """Index PDF files with Carrel and with the plain pipeline, in turns, and ask both the same.

    Plain is what tutorials show: pypdf, chunks of 1,000 characters with 200 in common,
    sentence-transformers, Chroma. Each pipeline is a process of its own.
    """
    console = Console(stderr=True)
    with explained(console), console.status("starting") as status:
        # The benches are heavy; nothing else of the command line needs them.
        from desktop.bench.index import measure_index
        from desktop.bench.marked_questions import PDF_SETS, MarkedSet

        sets = [MarkedSet.load(shared / SETS_PATH, name, files or None) for name in PDF_SETS]
        try:
            measured = measure_index(sets, repeats, status.update)
        except subprocess.CalledProcessError as error:
            sys.stderr.write(str(error.stderr))
            raise typer.Exit(1) from error
    if as_json:
        sys.stdout.write(json.dumps(measured) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(measured)) + "\n")


def _lines(measured: dict[str, Any]) -> list[str]:
    lines = [
        f"{measured['files']} PDF files, {measured['repeats']} times in turns; "
        f"Carrel embeds in {measured['embedder']}",
        "",
        "            pages  chunks  seconds   cpu s  pages/s  chunks/s  peak memory   hit@10",
    ]
    for name, passes in measured["passes"].items():
        for one in passes:
            shares = ", ".join(f"{key} {share:.3f}" for key, share in one["hit_at_10"].items())
            lines.append(
                f"  {name:8}{one['pages']:7,}{one['chunks']:8,}{one['seconds']:9.1f}"
                f"{one['cpu_seconds']:8.1f}"
                f"{one['pages'] / one['seconds']:9.2f}{one['chunks'] / one['seconds']:10.2f}"
                f"{one['peak_bytes'] / 1e6:10,.0f} MB   {shares}"
            )
    ratios = ", ".join(f"{ratio:.2f}" for ratio in measured["ratios"])
    lines += ["", f"pages a second, medians: {measured['ratio']:.2f} times (each turn: {ratios})"]
    return lines
