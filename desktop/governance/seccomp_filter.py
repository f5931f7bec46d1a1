"""A kernel filter that refuses every socket but local ones, set through ctypes without privileges.

Once set it cannot be taken away, and every child process inherits it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

AF_UNIX = 1

_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_REFUSE_EACCES = 0x00050000 | errno.EACCES
_REFUSE_ENOSYS = 0x00050000 | errno.ENOSYS

_LOAD_WORD = 0x20
_AND = 0x54
_JUMP_IF_EQUAL = 0x15
_RETURN = 0x06

# Offsets in the kernel's struct seccomp_data. The family is an int, so its low word is all the
# kernel looks at; both processors here are little endian.
_AT_NUMBER = 0
_AT_ARCHITECTURE = 4
_AT_FIRST_ARGUMENT = 16

# x86-64 programs may call the kernel by the x32 numbers, which are the same with this bit set.
_WITHOUT_X32_BIT = 0xBFFFFFFF


class Architecture:
    """What the filter must know of one processor: its audit word and three call numbers."""

    __slots__ = ("audit_word", "io_uring_setup", "seccomp", "socket")

    def __init__(self, audit_word: int, socket: int, seccomp: int, io_uring_setup: int) -> None:
        self.audit_word = audit_word
        self.socket = socket
        self.seccomp = seccomp
        self.io_uring_setup = io_uring_setup


def architecture() -> Architecture | None:
    """The processor this process runs on, or None where no filter is written for it."""
    machine = os.uname().machine
    if ctypes.sizeof(ctypes.c_void_p) != 8:
        return None
    if machine == "x86_64":
        return Architecture(0xC000003E, socket=41, seccomp=317, io_uring_setup=425)
    if machine == "aarch64":
        return Architecture(0xC00000B7, socket=198, seccomp=277, io_uring_setup=425)
    return None


def filter_program(cpu: Architecture) -> bytes:
    """The filter as the kernel reads it: local sockets pass, others are refused.

    A call by another processor's numbers ends the process: its numbers mean other calls, and
    no part of ours makes one. io_uring can open sockets without the socket call, so it is
    answered as if the kernel had none.
    """
    steps = (
        (_LOAD_WORD, 0, 0, _AT_ARCHITECTURE),
        (_JUMP_IF_EQUAL, 1, 0, cpu.audit_word),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD_WORD, 0, 0, _AT_NUMBER),
        (_AND, 0, 0, _WITHOUT_X32_BIT),
        (_JUMP_IF_EQUAL, 0, 1, cpu.io_uring_setup),
        (_RETURN, 0, 0, _REFUSE_ENOSYS),
        (_JUMP_IF_EQUAL, 1, 0, cpu.socket),
        (_RETURN, 0, 0, _ALLOW),
        (_LOAD_WORD, 0, 0, _AT_FIRST_ARGUMENT),
        (_JUMP_IF_EQUAL, 0, 1, AF_UNIX),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE_EACCES),
    )
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def set_filter() -> str | None:
    """Set the filter on every thread of this process; return the reason where that is refused."""
    cpu = architecture()
    if cpu is None:
        return f"no filter is written for {os.uname().machine}"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return f"prctl: {os.strerror(ctypes.get_errno())}"
    steps = filter_program(cpu)
    program = _FilterProgram(len(steps) // 8, steps)
    result = libc.syscall(
        ctypes.c_long(cpu.seccomp),
        ctypes.c_long(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_long(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(program),
    )
    if result < 0:
        return f"seccomp: {os.strerror(ctypes.get_errno())}"
    if result > 0:
        # TSYNC answers with the number of the thread that could not take the filter.
        return f"seccomp: thread {result} could not take the filter"
    return None
