"""What the doctor asks of the engine: which llama.cpp this is, where it can compute, and how."""

from __future__ import annotations

import time
from collections.abc import Iterator

from desktop.domain.machine import Check
from desktop.inference.devices import devices, graphics_in_use, instruction_set, system_information
from desktop.inference.processor import compute_threads, reading_threads, repacked, usable_threads

_GIB = 1 << 30


def engine_checks() -> Iterator[Check]:
    """Yield the engine's build, each device, and what a model is loaded with where nobody chose.

    Loading the library is what is timed.
    """
    started = time.perf_counter()
    build = system_information()
    yield Check("Engine", bool(build), build, time.perf_counter() - started)
    found = devices()
    for device in found:
        free = f", {device.memory_free_bytes / _GIB:.1f} GB free"
        memory = free if device.memory_total_bytes else ""
        yield Check(f"Device {device.name}", True, f"{device.kind}: {device.description}{memory}")
    yield Check("Instruction set", True, _instructions())
    threads = f"{compute_threads()} write and {reading_threads()} read, of {usable_threads()}"
    yield Check("Threads", True, threads)
    graphics = ", ".join(one.name for one in graphics_in_use("", found))
    yield Check("Models are loaded on", True, graphics or "the processor")


def _instructions() -> str:
    turned = ", ".join(sorted(repacked()))
    beside = f"; {turned} stand in an order of their own in memory" if turned else ""
    return f"{instruction_set() or 'none that llama.cpp names'}{beside}"
