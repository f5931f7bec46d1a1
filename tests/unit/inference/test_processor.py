"""Counting cores, on machines of several makes."""

from __future__ import annotations

import os

from desktop.inference.processor import (
    compute_threads,
    cores_of,
    reading_threads,
    usable_threads,
)

TWO_THREADS_OF_ONE_CORE = """
processor\t: 0
physical id\t: 0
core id\t\t: 0

processor\t: 1
physical id\t: 0
core id\t\t: 0
""".splitlines()

TWO_SOCKETS = """
processor : 0
physical id : 0
core id : 0
processor : 1
physical id : 0
core id : 1
processor : 2
physical id : 1
core id : 0
processor : 3
physical id : 1
core id : 1
""".splitlines()

NO_CORES_NAMED = """
processor : 0
BogoMIPS : 48.00
processor : 1
""".splitlines()


def test_two_hardware_threads_of_one_core_are_one_core() -> None:
    assert cores_of(TWO_THREADS_OF_ONE_CORE, frozenset({0, 1})) == 1


def test_cores_of_two_sockets_with_the_same_number_are_two() -> None:
    assert cores_of(TWO_SOCKETS, frozenset({0, 1, 2, 3})) == 4


def test_a_virtual_machine_that_calls_each_thread_a_core_is_not_believed() -> None:
    flags = ["flags : fpu sse2 hypervisor avx512f"]
    assert cores_of([*TWO_SOCKETS, *flags], frozenset({0, 1, 2, 3})) == 2
    assert cores_of([*TWO_THREADS_OF_ONE_CORE, *flags], frozenset({0, 1})) == 1
    assert cores_of([*TWO_SOCKETS, "flags : fpu sse2"], frozenset({0, 1, 2, 3})) == 4


def test_only_the_cores_that_this_process_may_use_count() -> None:
    assert cores_of(TWO_SOCKETS, frozenset({1, 3})) == 2
    assert cores_of(TWO_SOCKETS, frozenset()) == 0


def test_a_processor_that_names_no_cores_counts_none() -> None:
    assert cores_of(NO_CORES_NAMED, frozenset({0, 1})) == 0


def test_threads_stay_within_the_machine_whatever_is_wanted() -> None:
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert threads is not None
    assert 1 <= compute_threads() <= threads
    assert compute_threads(1) == 1
    assert compute_threads(100_000) <= threads


def test_prompts_are_read_with_every_thread_and_never_fewer_than_write() -> None:
    assert reading_threads() == min(usable_threads(), 32)
    assert reading_threads() >= compute_threads()
    assert reading_threads(1) == compute_threads(1) == 1
