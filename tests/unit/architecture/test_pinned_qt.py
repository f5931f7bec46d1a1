"""The pinned Qt emits signals for as long as a long answer streams (decision 4)."""

from __future__ import annotations

import subprocess
import sys

EMITTING = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Source(QObject):
    said = Signal(bool)

application = QCoreApplication([])
heard = []
source = Source()
source.said.connect(heard.append)
for _ in range(5000):
    source.said.emit(True)
print(len(heard))
"""


def test_five_thousand_emits_leave_the_interpreter_alive() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EMITTING], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout.strip()) == (0, "5000"), done.stderr
