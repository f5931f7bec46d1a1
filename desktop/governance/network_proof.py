"""Trying to reach the network in every way that libraries have, to show that each is refused."""

from __future__ import annotations

import ctypes
import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable

from desktop.domain.machine import Check

# A reserved name and a documentation address: should a wall be missing, nothing real is asked.
_NAME = "carrel.invalid"
_ADDRESS = "192.0.2.1"

_CHILD_SOURCE = """
import socket, sys
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
except PermissionError:
    sys.exit(13)
"""
_CHILD_REFUSED = 13
_CHILD_TIMEOUT_S = 20.0

_FAMILIES = {"internet": 2, "internet, version 6": 10, "packet": 17, "netlink": 16, "vsock": 40}
_STREAM = 1
_AF_UNIX = 1
_IO_URING_SETUP = 425  # the same number on x86-64 and aarch64
_X32_BIT = 0x40000000
_X86_64_SOCKET = 41


def prove_lock() -> tuple[Check, ...]:
    """Try each way out of this process; a check is ok when it was refused as it should be."""
    probes: list[tuple[str, Callable[[], str | None]]] = [
        ("Python socket", _python_socket),
        ("Name look-up", _name_lookup),
    ]
    if sys.platform == "linux":
        probes += [
            ("System socket call", _system_socket),
            ("System socket call, x32 numbers", _x32_socket),
            ("io_uring", _io_uring),
            ("Child process", _child_process),
            ("Local sockets still work", _local_socket),
        ]
    return tuple(_check(name, probe) for name, probe in probes)


def _check(name: str, probe: Callable[[], str | None]) -> Check:
    started = time.perf_counter()
    reached = probe()
    seconds = time.perf_counter() - started
    name = f"Network: {name}"
    return Check(name, reached is None, reached or "as it should be", seconds)


def _python_socket() -> str | None:
    import socket  # noqa: TID251 - only to show that it is refused

    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
            opened.connect((_ADDRESS, 9))
    except PermissionError:
        return None
    return "an internet socket was opened"


def _name_lookup() -> str | None:
    import socket  # noqa: TID251 - only to show that it is refused

    try:
        socket.getaddrinfo(_NAME, 80)
    except PermissionError:
        return None
    except OSError as error:
        return f"a name was asked for: {error}"
    return "a name was asked for and found"


def _system_socket() -> str | None:
    libc = ctypes.CDLL(None, use_errno=True)
    opened = []
    for name, family in _FAMILIES.items():
        descriptor = libc.socket(family, _STREAM, 0)
        if descriptor >= 0:
            os.close(descriptor)
        if descriptor >= 0 or ctypes.get_errno() != errno.EACCES:
            opened.append(name)
    return f"not refused by the system: {', '.join(opened)}" if opened else None


def _x32_socket() -> str | None:
    if os.uname().machine != "x86_64":
        return None
    # Kernels built without x32 answer ENOSYS by themselves, after the filter had its say.
    return _system_call(_X32_BIT | _X86_64_SOCKET, (errno.EACCES,), 2, _STREAM, 0)


def _io_uring() -> str | None:
    parameters = ctypes.create_string_buffer(120)
    return _system_call(_IO_URING_SETUP, (errno.ENOSYS,), 1, parameters)


def _system_call(number: int, refusals: tuple[int, ...], *arguments: object) -> str | None:
    libc = ctypes.CDLL(None, use_errno=True)
    passed = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    descriptor = libc.syscall(ctypes.c_long(number), *passed)
    if descriptor >= 0:
        os.close(descriptor)
        return "the system allowed it"
    found = ctypes.get_errno()
    return None if found in refusals else f"the system answered {os.strerror(found)}"


def _child_process() -> str | None:
    if getattr(sys, "frozen", False):
        # A bundled Carrel cannot start a bare interpreter; what a child inherits is the
        # kernel's filter, and this says whether the kernel holds one on this process.
        return None if _kernel_says_filtered() else "the kernel holds no filter on this process"
    command = [sys.executable, "-I", "-S", "-c", _CHILD_SOURCE]
    ended = subprocess.run(command, timeout=_CHILD_TIMEOUT_S, check=False, capture_output=True)
    return None if ended.returncode == _CHILD_REFUSED else "a child opened an internet socket"


def _kernel_says_filtered() -> bool:
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        return any(line.split() == ["Seccomp:", "2"] for line in status)


def _local_socket() -> str | None:
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.socket(_AF_UNIX, _STREAM, 0)
    if descriptor < 0:
        return f"refused too: {os.strerror(ctypes.get_errno())}"
    os.close(descriptor)
    return None
