"""What the doctor looks at, and the window that the self-test has drawn."""

from __future__ import annotations

from collections.abc import Iterator

from desktop.domain.machine import Check, NetworkLock
from desktop.storage.locations import Locations

_DRAW_TIME_LIMIT_S = 60.0


def look_over(locations: Locations, lock: NetworkLock) -> Iterator[Check]:
    """Versions, folders, the included files by their hashes, the engine, the network lock."""
    from desktop.governance.machine_checks import CheckedMachine, ExpectedFile, check_machine
    from desktop.governance.network_proof import prove_lock
    from desktop.inference.engine_checks import engine_checks
    from desktop.inference.included_models import (
        CHAT_MODEL_SHA256,
        EMBEDDER_FILES,
        chat_model_path,
        embedder_folder,
    )

    folders = {"Data folder": locations.data}
    expected = (
        ExpectedFile("Included chat model", chat_model_path(), CHAT_MODEL_SHA256),
        *(
            ExpectedFile(f"Included embedding model, {name}", embedder_folder() / name, sha256)
            for name, sha256 in EMBEDDER_FILES.items()
        ),
    )
    yield from check_machine(CheckedMachine(lock, folders, expected))
    yield from engine_checks()
    yield from prove_lock()


def draw_in_child() -> str:
    """Draw the window off screen in a process of its own; return what was drawn."""
    from desktop.processes.child import Child

    child = Child("window")
    try:
        drawn = child.call("draw", timeout_s=_DRAW_TIME_LIMIT_S).body
    finally:
        child.close()
    return f"{drawn['width']} x {drawn['height']}, {drawn['colours']} colours"
