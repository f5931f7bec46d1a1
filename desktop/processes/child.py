"""The parent's side: start a child, ask it, and never wait longer than was agreed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from typing import IO, Any

from desktop.domain import errors, model_errors
from desktop.domain.cancel import CancelToken
from desktop.domain.errors import CarrelError, WorkerDied, WorkerTimedOut
from desktop.processes.limits import Limits
from desktop.processes.readiness import wait_readable
from desktop.processes.wire import Message, MessageKind, read_message, write_message

# A cancelled wait ends within this time; the abort must feel immediate (product: 100 ms).
_SLICE_S = 0.05
_LAST_WORDS_BYTES = 2000


class Child:
    """One process of ours in a given role, started at the first request.

    Not for use by two threads at once: the caller holds a lock where several may ask.
    """

    def __init__(
        self,
        role: str,
        limits: Limits | None = None,
        arguments: Sequence[str] = (),
        program: Sequence[str] | None = None,
    ) -> None:
        """`program` is ourselves unless a test gives another that serves the same pipes."""
        self._role = role
        self._limits = limits or Limits()
        self._arguments = tuple(arguments)
        self._program = tuple(program or _own_program())
        self._process: subprocess.Popen[bytes] | None = None
        self._last_words: IO[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    def call(
        self,
        method: str,
        body: Mapping[str, Any] | None = None,
        blobs: Sequence[bytes] = (),
        *,
        timeout_s: float,
        cancel: CancelToken | None = None,
    ) -> Message:
        """Return the answer to one request.

        Raises what the child raised, `WorkerDied`, `WorkerTimedOut`, or `Cancelled`; after the
        last three the child is gone and the next request starts a new one.
        """
        self._send(method, body or {}, blobs)
        _, message = self._receive(timeout_s, cancel)
        return message

    def stream(
        self,
        method: str,
        body: Mapping[str, Any] | None = None,
        blobs: Sequence[bytes] = (),
        *,
        timeout_s: float,
        cancel: CancelToken | None = None,
    ) -> Generator[Message, None, None]:
        """Yield the messages of a streamed answer; `timeout_s` bounds the wait for each one."""
        self._send(method, body or {}, blobs)
        finished = False
        try:
            while True:
                kind, message = self._receive(timeout_s, cancel)
                if kind is MessageKind.LAST:
                    finished = True
                    return
                yield message
        except CarrelError:
            finished = True
            raise
        finally:
            if not finished:
                # Half an answer is still in the pipe; the next request must not meet it.
                self.close()

    def close(self) -> None:
        """End the child and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close_quietly(pipe)
        try:
            process.wait(timeout=_SLICE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._last_words is not None:
            self._last_words.close()
            self._last_words = None

    def _start(self) -> subprocess.Popen[bytes]:
        # Open as long as the child lives; `close` closes it.
        self._last_words = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            self._command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._last_words,
            # Ctrl C in a terminal is for the parent alone, which stops its children in order.
            start_new_session=True,
        )
        return self._process

    def _command(self) -> list[str]:
        limits = self._limits.to_argument()
        return [*self._program, "--child", self._role, limits, *self._arguments]

    def _send(self, method: str, body: Mapping[str, Any], blobs: Sequence[bytes]) -> None:
        process = self._process if self.alive and self._process else self._restart()
        assert process.stdin is not None
        request = Message({"method": method, "arguments": dict(body)}, tuple(blobs))
        try:
            write_message(process.stdin, MessageKind.REQUEST, request)
        except BrokenPipeError:
            raise self._death() from None

    def _restart(self) -> subprocess.Popen[bytes]:
        self.close()
        return self._start()

    def _receive(self, timeout_s: float, cancel: CancelToken | None) -> tuple[MessageKind, Message]:
        deadline = time.monotonic() + timeout_s
        try:
            kind, message = read_message(lambda size: self._read(size, deadline, timeout_s, cancel))
        except EOFError:
            raise self._death() from None
        if kind is MessageKind.ERROR:
            raise _rebuild_error(message.body)
        return kind, message

    def _read(
        self, size: int, deadline: float, timeout_s: float, cancel: CancelToken | None
    ) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        data = bytearray()
        while len(data) < size:
            self._wait(descriptor, deadline, timeout_s, cancel)
            # Straight from the descriptor: a buffered read could hold bytes that the wait
            # for the descriptor cannot see.
            piece = os.read(descriptor, size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def _wait(
        self, descriptor: int, deadline: float, timeout_s: float, cancel: CancelToken | None
    ) -> None:
        while not wait_readable(descriptor, _SLICE_S):
            if cancel is not None and cancel.cancelled:
                self.close()
                cancel.raise_if_cancelled()
            if time.monotonic() > deadline:
                self.close()
                raise WorkerTimedOut(self._role, timeout_s)

    def _death(self) -> WorkerDied:
        process, last_words = self._process, self._last_words
        assert process is not None and last_words is not None
        code = process.wait()
        size = last_words.seek(0, os.SEEK_END)
        last_words.seek(max(0, size - _LAST_WORDS_BYTES))
        lines = last_words.read().decode("utf-8", "replace").strip().splitlines()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        self.close()
        return WorkerDied(self._role, f"{how}: {lines[-1]}" if lines else how)


def _own_program() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable]
    # -P: a folder named desktop where the person happens to stand is not our program.
    return [sys.executable, "-P", "-m", "desktop"]


def _rebuild_error(body: Mapping[str, Any]) -> CarrelError:
    name = body["type"]
    module = model_errors if hasattr(model_errors, name) else errors
    kind: type[CarrelError] = getattr(module, name)
    return kind(**body["facts"])


def _close_quietly(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        # The child died with our bytes unread; it is being ended anyway.
        return
