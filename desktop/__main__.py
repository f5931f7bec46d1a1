"""The program's door: the network lock first, then the window, a command or a child's role."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from desktop.governance.network_lock import lock_network
from desktop.governance.offline import set_offline_switches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from desktop.assistant.events import Post
    from desktop.assistant.facade import Assistant
    from desktop.domain.machine import NetworkLock

_CHILD_FLAG = "--child"


def main() -> int:
    """Close the network, then be what the arguments ask for; returns the exit code."""
    lock = lock_network()
    set_offline_switches()
    arguments = sys.argv[1:]
    if arguments[:1] == [_CHILD_FLAG]:
        return _run_child(arguments[1:], lock)
    return _run(arguments, lock)


def _run(arguments: Sequence[str], lock: NetworkLock) -> int:
    """Open the window when nothing was asked for, else run the command line."""
    if not arguments:
        # Straight to the window: the command line's own imports would only delay it.
        return _open_window(None, lock)
    from desktop.cli.main import run_command_line

    return run_command_line(
        arguments,
        lambda data_dir, post: _open_assistant(data_dir, post, lock),
        lambda data_dir: _open_window(data_dir, lock),
    )


def _run_child(arguments: Sequence[str], lock: NetworkLock) -> int:
    """Be the child of the role named first, within the limits named second."""
    from desktop.processes.limits import Limits, apply_limits

    role, limits, rest = arguments[0], Limits.of_argument(arguments[1]), arguments[2:]
    apply_limits(limits)
    child = _children(lock).get(role)
    if child is None:
        sys.stderr.write(f"no such child: {role}\n")
        return 2
    child(rest)
    return 0


def _children(lock: NetworkLock) -> dict[str, Callable[[Sequence[str]], None]]:
    # Each child imports only what its role needs.
    def reader(arguments: Sequence[str]) -> None:
        from desktop.documents.reader_child import main

        main(arguments)

    def index(arguments: Sequence[str]) -> None:
        from desktop.retrieval.index_child import main

        main(arguments)

    def trial(arguments: Sequence[str]) -> None:
        from desktop.inference.trial_child import main

        main(arguments)

    def window(_: Sequence[str]) -> None:
        from desktop.app import serve_drawing

        serve_drawing(lock)

    return {"reader": reader, "index": index, "trial": trial, "window": window}


def _open_assistant(data_dir: Path | None, post: Post, lock: NetworkLock) -> Assistant:
    from desktop.app import build_assistant

    return build_assistant(data_dir, post, lock)


def _open_window(data_dir: Path | None, lock: NetworkLock) -> int:
    # Nearly all that a start makes is kept: looking through it for garbage is a tenth of its time.
    gc.disable()
    from desktop.gui.application import run_window

    return run_window(lambda post: _open_assistant(data_dir, post, lock))


if __name__ == "__main__":
    sys.exit(main())
