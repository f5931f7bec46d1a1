"""What the filter says to the kernel, and what the audit hook refuses and remembers."""

from __future__ import annotations

import os
import struct
import subprocess
import sys

import pytest

from desktop.governance.network_lock import Attempts
from desktop.governance.offline import SWITCHES

AUDIT_ONLY = """
import sys
from desktop.governance import network_lock
from desktop.governance.network_lock import Attempts
attempts = Attempts()
network_lock._watch(attempts)
import socket, webbrowser
refused = 0
for attempt in (
    lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    lambda: socket.getaddrinfo("carrel.invalid", 80),
    lambda: socket.gethostbyname("carrel.invalid"),
    lambda: webbrowser.GenericBrowser("true").open("https://carrel.invalid"),
):
    try:
        attempt()
    except PermissionError:
        refused += 1
one, other = socket.socketpair()
one.send(b"x")
assert other.recv(1) == b"x"
one.close()
other.close()
named = socket.socket(socket.AF_UNIX)
named.bind("\\0carrel-test-" + str(id(named)))
named.close()
assert attempts.count == refused == 5, (attempts.count, refused)
assert "carrel.invalid" in "".join(attempts)
"""


def in_a_child(source: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", source],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_audit_hook_alone_refuses_what_python_tries_and_remembers_it() -> None:
    ended = in_a_child(AUDIT_ONLY)
    assert ended.returncode == 0, ended.stderr


def test_only_the_last_attempts_are_kept_and_all_are_counted() -> None:
    attempts = Attempts()
    for at in range(1000):
        attempts.add(f"attempt {at}")
    kept = list(attempts)
    assert attempts.count == 1000
    assert len(kept) < 1000
    assert kept[-1] == "attempt 999"


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's own")
def test_every_jump_of_the_filter_lands_inside_it_and_it_ends_in_an_answer() -> None:
    from desktop.governance.seccomp_filter import Architecture, filter_program

    program = filter_program(Architecture(0xC000003E, 41, 317, 425))
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    for at, (code, if_true, if_false, _) in enumerate(steps):
        if code == 0x15:
            assert at + 1 + max(if_true, if_false) < len(steps)
    assert steps[-1][0] == 0x06


@pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's own")
@pytest.mark.parametrize(
    ("number", "family", "answer"),
    [
        (41, 1, "allow"),
        (41, 2, "refuse"),
        (41, 10, "refuse"),
        (41, 16, "refuse"),
        (41 | 0x40000000, 2, "refuse"),
        (425, 0, "missing"),
        (425 | 0x40000000, 0, "missing"),
        (0, 2, "allow"),
        (59, 2, "allow"),
    ],
)
def test_the_filter_answers_each_call_as_it_should(number: int, family: int, answer: str) -> None:
    assert _answer(0xC000003E, number, family) == answer
    assert _answer(0x40000003, number, family) == "end"


def _answer(audit_word: int, number: int, family: int) -> str:
    """Run the filter as the kernel does."""
    from desktop.governance.seccomp_filter import Architecture, filter_program

    program = filter_program(Architecture(0xC000003E, 41, 317, 425))
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    data = struct.pack("<IIQ6Q", number, audit_word, 0, family, 0, 0, 0, 0, 0)
    word = position = 0
    while True:
        code, if_true, if_false, value = steps[position]
        position += 1
        if code == 0x20:
            word = struct.unpack_from("<I", data, value)[0]
        elif code == 0x54:
            word &= value
        elif code == 0x15:
            position += if_true if word == value else if_false
        else:
            answers = {0x7FFF0000: "allow", 0x80000000: "end", 0x5000D: "refuse"}
            return answers.get(value, "missing")


def test_the_module_adds_next_to_nothing_to_the_start() -> None:
    source = (
        "import dataclasses, enum, ctypes, time, desktop.domain.machine\n"
        "started = time.perf_counter()\n"
        "import desktop.governance.network_lock, desktop.governance.seccomp_filter\n"
        "print(time.perf_counter() - started)"
    )
    best = min(float(in_a_child(source).stdout) for _ in range(5))
    assert best < 0.01


def test_it_imports_nothing_of_carrel_but_the_values_of_the_domain() -> None:
    source = (
        "import sys, desktop.governance.network_lock\n"
        "print(*sorted(name for name in sys.modules if name.startswith('desktop.')))"
    )
    assert in_a_child(source).stdout.split() == [
        "desktop.domain",
        "desktop.domain.machine",
        "desktop.governance",
        "desktop.governance.network_lock",
    ]


def test_the_switches_are_set_over_what_was_there_before() -> None:
    source = (
        "import os\n"
        "from desktop.governance.offline import set_offline_switches\n"
        "set_offline_switches()\n"
        "print(os.environ['HF_HUB_OFFLINE'], os.environ['ANONYMIZED_TELEMETRY'])"
    )
    before = {**os.environ, "HF_HUB_OFFLINE": "0", "ANONYMIZED_TELEMETRY": "True"}
    ended = subprocess.run(
        [sys.executable, "-c", source],
        env=before,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout.split() == [SWITCHES["HF_HUB_OFFLINE"], SWITCHES["ANONYMIZED_TELEMETRY"]]
