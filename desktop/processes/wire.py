"""Messages on a pipe: a JSON body and binary blobs, each with its length in front.

4 bytes   length of the head, big endian
head      {"body": {...}, "blobs": [length, ...], "kind": "..."}
blobs     one after the other
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

LENGTH = struct.Struct(">I")


class MessageKind(StrEnum):
    """What a message is in the exchange."""

    REQUEST = "request"
    PART = "part"
    LAST = "last"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """A JSON body with binary blobs beside it."""

    body: dict[str, Any]
    blobs: tuple[bytes, ...] = ()


def write_message(stream: IO[bytes], kind: MessageKind, message: Message) -> None:
    """Write one message and flush it."""
    head = {"kind": kind, "body": message.body, "blobs": [len(blob) for blob in message.blobs]}
    encoded = json.dumps(head, separators=(",", ":")).encode("ascii")
    stream.write(LENGTH.pack(len(encoded)))
    stream.write(encoded)
    stream.writelines(message.blobs)
    stream.flush()


def read_message(read: Callable[[int], bytes]) -> tuple[MessageKind, Message]:
    """Read one message; `read` gives exactly as many bytes as asked or raises `EOFError`."""
    head = json.loads(read(LENGTH.unpack(read(LENGTH.size))[0]))
    blobs = tuple(read(size) for size in head["blobs"])
    return MessageKind(head["kind"]), Message(head["body"], blobs)
