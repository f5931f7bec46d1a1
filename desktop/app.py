"""Where every part is built, once, by hand; owns the order of starting and closing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.processes.limits import Limits, apply_limits

if TYPE_CHECKING:
    from desktop.domain.machine import NetworkLock


def run(arguments: Sequence[str], lock: NetworkLock) -> int:
    """Open the window when nothing was asked for, else run the command line."""
    open_window = partial(_open_window, lock=lock)
    if not arguments:
        # Straight to the window: the command line's own imports would only delay it.
        return open_window(None)
    from desktop.assembly import build_assistant
    from desktop.cli.main import run_command_line

    return run_command_line(arguments, partial(build_assistant, lock=lock), open_window)


def run_child(arguments: Sequence[str]) -> int:
    """Be the child of the role named first, within the limits named second."""
    role, limits, rest = arguments[0], Limits.of_argument(arguments[1]), arguments[2:]
    apply_limits(limits)
    if role == "reader":
        from desktop.documents.reader_child import main
    elif role == "index":
        from desktop.retrieval.index_child import main
    elif role == "trial":
        from desktop.inference.trial_child import main
    elif role == "window":
        from desktop.gui.drawing_child import main
    else:
        sys.stderr.write(f"no such child: {role}\n")
        return 2
    main(rest)
    return 0


def _open_window(data_dir: Path | None, lock: NetworkLock) -> int:
    from desktop.gui.application import run_window

    # The engine's parts are imported when the window is on screen, not before.
    def open_assistant(post: object) -> object:
        from desktop.assembly import build_assistant

        return build_assistant(data_dir, post, lock=lock)

    return run_window(open_assistant)
