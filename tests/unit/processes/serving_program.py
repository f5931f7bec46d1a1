"""A program that serves the pipes like a child of ours; started by the tests beside it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from desktop.domain.errors import FileTooLarge
from desktop.processes.limits import Limits, apply_limits
from desktop.processes.serving import serve
from desktop.processes.wire import Message


def echo(body: dict[str, Any], blobs: tuple[bytes, ...]) -> Message:
    sys.stdout.write("a library that prints must not break the exchange\n")
    sys.stdout.flush()
    return Message(body, blobs)


def count(body: dict[str, Any], _: tuple[bytes, ...]) -> Iterator[Message]:
    for number in range(body["until"]):
        yield Message({"number": number})


def refuse(body: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    raise FileTooLarge(body["path"], 7, 5)


def break_down(_: dict[str, Any], __: tuple[bytes, ...]) -> Message:
    raise ZeroDivisionError("the parser met a zero")


def hang(_: dict[str, Any], __: tuple[bytes, ...]) -> Message:
    time.sleep(60)
    return Message({})


def fill_memory(_: dict[str, Any], __: tuple[bytes, ...]) -> Message:
    return Message({"size": len(bytearray(2_000_000_000))})


def write_file(body: dict[str, Any], _: tuple[bytes, ...]) -> Message:
    try:
        with open(body["path"], "wb") as file:
            file.write(bytes(1_000_000))
    except OSError as error:
        return Message({"errno": error.errno})
    return Message({"errno": 0})


def identify(_: dict[str, Any], __: tuple[bytes, ...]) -> Message:
    return Message({"pid": os.getpid()})


if __name__ == "__main__":
    apply_limits(Limits.of_argument(sys.argv[3]))
    serve(
        {
            "echo": echo,
            "count": count,
            "refuse": refuse,
            "break_down": break_down,
            "hang": hang,
            "fill_memory": fill_memory,
            "write_file": write_file,
            "identify": identify,
        }
    )
