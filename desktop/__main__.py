"""The program's door: the network lock first, then whatever was asked for."""

from __future__ import annotations

import sys

from desktop.governance.network_lock import lock_network
from desktop.governance.offline import set_offline_switches

CHILD_FLAG = "--child"


def main() -> int:
    """Close the network, then run a child's role, the command line or the window."""
    lock = lock_network()
    set_offline_switches()
    arguments = sys.argv[1:]
    if arguments[:1] == [CHILD_FLAG]:
        from desktop.app import run_child

        return run_child(arguments[1:])
    from desktop.app import run

    return run(arguments, lock)


if __name__ == "__main__":
    sys.exit(main())
