"""`carrel doctor`: whether everything stands as it should."""

from __future__ import annotations

from typing import Annotated

import typer

from desktop.assistant.events import JobId
from desktop.assistant.waiting import result_of
from desktop.cli.contract import check_document
from desktop.cli.options import AsJson, DataDir
from desktop.cli.session import Session, session
from desktop.domain.machine import Check


def doctor(
    context: typer.Context,
    self_test: Annotated[
        bool,
        typer.Option("--self-test", help="Walk the whole journey once, on throwaway data."),
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Show versions, devices, memory, paths, the network lock and the included models."""
    with session(context, data_dir, as_json) as opened:
        machine = opened.assistant.machine
        checks = _heard(opened, machine.self_test() if self_test else machine.doctor())
        if opened.json:
            opened.print_json(
                {
                    "ok": all(check.ok for check in checks),
                    "checks": [check_document(check) for check in checks],
                }
            )
        if not all(check.ok for check in checks):
            opened.note("carrel: not everything is well; see the lines marked FAILED.")
            raise typer.Exit(1)


def _heard(opened: Session, job: JobId) -> tuple[Check, ...]:
    closing: object = None
    for body in opened.bodies(job):
        closing = body
        if isinstance(body, Check) and not opened.json:
            mark = "ok    " if body.ok else "FAILED"
            took = f"  ({body.seconds:.1f} s)" if body.seconds >= 0.1 else ""
            opened.print_line(f"{mark} {body.name}: {body.detail}{took}")
    checks = result_of(closing)
    assert isinstance(checks, tuple)
    return checks
