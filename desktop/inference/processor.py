"""How many threads pay: one for each real core this process may use."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import psutil

_MOST_THREADS = 32
_BYTE_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "asimddp"})
_BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16", "bf16"})
_ARM = ("arm64", "aarch64")
# Which quantizations llama.cpp turns into another order in memory, by what the processor has.
_REPACKED_BY_AVX2 = frozenset({"Q4_0", "Q4_K", "IQ4_NL", "MXFP4"})
_REPACKED_BY_AVX512 = _REPACKED_BY_AVX2 | {"Q2_K"}
_REPACKED_BY_ARM = _REPACKED_BY_AVX2 | {"Q5_K", "Q6_K", "Q8_0"}


def compute_threads(wanted: int = 0) -> int:
    """The number of threads for llama.cpp; `wanted` where it is not 0, within the machine's."""
    usable = usable_threads()
    if wanted > 0:
        return min(wanted, usable, 4 * _MOST_THREADS)
    # Two hardware threads of one core share its arithmetic units: the second one adds nothing.
    return max(1, min(_usable_cores(usable), _MOST_THREADS))


def reading_threads(wanted: int = 0) -> int:
    """The number of threads for reading prompts; `wanted` where it is not 0, as above.

    Reading multiplies whole matrices and waits for memory less: both hardware threads of one core
    read the included model at 1.6 to 1.8 times the speed of one on a quiet machine, and level with
    it on a busy one, while writing was slower with both.
    """
    return compute_threads(wanted or min(usable_threads(), _MOST_THREADS))


def usable_threads() -> int:
    """The hardware threads this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor_name() -> str:
    """What the processor calls itself; "" where it says nothing."""
    for key, value in _cpu_facts(_cpu_lines()):
        if key == "model name":
            return value
    return ""


def multiplies_bytes() -> bool:
    """Whether the processor sums products of bytes in one instruction.

    Without it 8 bits are little faster, and on older processors sums may overflow on the way.
    """
    return _has_flag(_BYTE_FLAGS) or platform.machine() == "arm64"


def multiplies_bfloat16() -> bool:
    """Whether the processor has instructions of its own for bfloat16."""
    return _has_flag(_BFLOAT16_FLAGS)


def repacked() -> frozenset[str]:
    """The quantizations whose matrices llama.cpp keeps in another order in memory than in the file.

    Mapping the file saves nothing for them: its pages and the matrices are both in memory.
    """
    if platform.machine() in _ARM:
        return _REPACKED_BY_ARM
    if _has_flag(frozenset({"avx512f"})):
        return _REPACKED_BY_AVX512
    # Where the processor does not say, it is one of the last ten years.
    return _REPACKED_BY_AVX2 if _has_flag(frozenset({"avx2"})) or not _cpu_lines() else frozenset()


@cache
def _has_flag(wanted: frozenset[str]) -> bool:
    for key, value in _cpu_facts(_cpu_lines()):
        if key in ("flags", "Features"):
            return not wanted.isdisjoint(value.split())
    return False


def cores_of(lines: Iterable[str], usable: frozenset[int]) -> int:
    """Count the cores behind the `usable` hardware threads in the text of /proc/cpuinfo."""
    cores: set[tuple[str, str]] = set()
    thread, package, virtual = -1, "", False
    for key, value in _cpu_facts(lines):
        if key == "processor":
            thread, package = int(value), ""
        elif key == "physical id":
            package = value
        elif key == "flags":
            virtual = "hypervisor" in value.split()
        elif key == "core id" and thread in usable:
            cores.add((package, value))
    if virtual and len(cores) == len(usable):
        # A virtual machine calls each of its threads a core, and most often has two of each
        # real one: there one thread generated a fifth faster than two.
        return (len(cores) + 1) // 2
    return len(cores)


def _usable_cores(threads: int) -> int:
    if hasattr(os, "sched_getaffinity"):
        found = cores_of(_cpu_lines(), frozenset(os.sched_getaffinity(0)))
        if found:
            return found
    return min(threads, psutil.cpu_count(logical=False) or threads)


@cache
def _cpu_lines() -> tuple[str, ...]:
    # Long where there are many processors, and asked for with every plan.
    path = Path("/proc/cpuinfo")
    return tuple(path.read_text("utf-8", "replace").splitlines()) if path.exists() else ()


def _cpu_facts(lines: Iterable[str]) -> Iterable[tuple[str, str]]:
    for line in lines:
        key, colon, value = line.partition(":")
        if colon:
            yield key.strip(), value.strip()
