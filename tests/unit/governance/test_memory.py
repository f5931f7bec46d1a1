"""The memory of this process and of those it started is counted, cheaply."""

from __future__ import annotations

import subprocess
import sys

from desktop.governance.memory import memory_bytes

CHILD = "import sys; held = bytearray(b'x' * (64 << 20)); print(flush=True); sys.stdin.read()"


def test_what_children_hold_is_counted_with_ones_own() -> None:
    before, total = memory_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None and child.stdin is not None
        child.stdout.readline()
        during, _ = memory_bytes()
        child.stdin.close()
        child.wait()
        after, _ = memory_bytes()
    assert during - before > 60 << 20
    assert after < during - (60 << 20)
    assert 0 < before < total
