"""What the doctor asks of the engine: which llama.cpp this is, and where it can compute."""

from __future__ import annotations

import time
from collections.abc import Iterator

from desktop.domain.machine import Check
from desktop.inference.devices import devices, system_information


def engine_checks() -> Iterator[Check]:
    """Yield the engine's build and each device; loading the library is what is timed."""
    started = time.perf_counter()
    build = system_information()
    yield Check("Engine", bool(build), build, time.perf_counter() - started)
    for device in devices():
        free = f", {device.memory_free_bytes / (1 << 30):.1f} GB free"
        memory = free if device.memory_total_bytes else ""
        yield Check(f"Device {device.name}", True, f"{device.kind}: {device.description}{memory}")
