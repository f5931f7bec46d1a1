"""The child's side: read a request, answer it, until the pipe closes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from desktop.domain.errors import CarrelError
from desktop.processes.wire import Message, MessageKind, read_message, write_message

Handler = Callable[[dict[str, Any], tuple[bytes, ...]], Message | Iterator[Message]]


def serve(handlers: Mapping[str, Handler]) -> None:
    """Answer requests on standard input until it closes.

    A `CarrelError` travels to the parent with its facts. Anything else is a bug or a broken
    library: it ends the child, and the parent learns how from its last words.
    """
    requests, answers = _take_pipes()
    while True:
        try:
            _, request = read_message(_reader(requests))
        except EOFError:
            return
        handler = handlers[request.body["method"]]
        try:
            _answer(answers, handler(request.body["arguments"], request.blobs))
        except CarrelError as error:
            write_message(answers, MessageKind.ERROR, _error_message(error))
        except BrokenPipeError:
            return


def _answer(answers: BinaryIO, result: Message | Iterator[Message]) -> None:
    if isinstance(result, Message):
        write_message(answers, MessageKind.LAST, result)
        return
    for part in result:
        write_message(answers, MessageKind.PART, part)
    write_message(answers, MessageKind.LAST, Message({}))


def _error_message(error: CarrelError) -> Message:
    return Message({"type": type(error).__name__, "facts": vars(error)})


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    # A library that prints would break the exchange, so the real standard output becomes ours
    # alone and everybody else's goes to standard error.
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - lives as long as the child
    return requests, answers


def _reader(stream: BinaryIO) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        data = stream.read(size)
        if len(data) < size:
            raise EOFError
        return data

    return read
