"""Waiting for a pipe without a thread, on each system."""

from __future__ import annotations

import sys
import time

if sys.platform == "win32":
    import _winapi
    import msvcrt

    _POLL_S = 0.005

    def wait_readable(descriptor: int, timeout_s: float) -> bool:
        """True as soon as bytes or the end of the pipe can be read, False after `timeout_s`."""
        handle = msvcrt.get_osfhandle(descriptor)
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                waiting, _ = _winapi.PeekNamedPipe(handle, 0)
            except BrokenPipeError:
                return True
            if waiting:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)

else:
    import select

    def wait_readable(descriptor: int, timeout_s: float) -> bool:
        """True as soon as bytes or the end of the pipe can be read, False after `timeout_s`."""
        poller = select.poll()
        poller.register(descriptor, select.POLLIN | select.POLLHUP)
        return bool(poller.poll(timeout_s * 1000))
