"""How evenly the real window's loop turns while it works: `python -m tests.bench.bench_window`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import build_assistant
from desktop.assistant.events import Event, Finished
from desktop.domain.answers import Answer, AnswerPiece
from desktop.domain.machine import LockState, NetworkLock
from desktop.gui.application import open_main_window
from desktop.gui.mailbox import Mailbox
from desktop.gui.qt_setup import create_application
from tests.support.loop_gaps import Gaps, LoopProbe

SAMPLES = "Sample collection"
_PATIENCE_MS = 240_000
_LOOK_EVERY_MS = 20


class Desk:
    """The window over real parts, and what its jobs have said."""

    def __init__(self, app: QApplication, data: Path) -> None:
        self._said: list[Event] = []
        mailbox = Mailbox()
        lock = NetworkLock(LockState.OPEN, "a process that measures")
        self.assistant = build_assistant(data, mailbox.post, lock)
        self.window = open_main_window(app, self.assistant, mailbox)
        self.window.resize(1440, 900)
        mailbox.arrived.connect(self._said.extend)

    @staticmethod
    @contextmanager
    def open(app: QApplication, data: Path) -> Iterator[Desk]:
        desk = Desk(app, data)
        try:
            yield desk
        finally:
            desk.window.close()
            desk.assistant.close()
            desk.window.deleteLater()

    def ended(self, job: int) -> bool:
        return any(event.job == job and event.closing for event in self._said)

    def forget(self) -> None:
        """Listen as if nothing had been said yet."""
        self._said.clear()

    def writing(self) -> bool:
        return any(isinstance(event.body, AnswerPiece) for event in self._said)

    def answer(self) -> Answer | None:
        bodies = (event.body for event in self._said)
        results = (body.result for body in bodies if isinstance(body, Finished))
        return next((result for result in results if isinstance(result, Answer)), None)


def run(app: QApplication, data: Path) -> list[Gaps]:
    """Measure the loop through loading, indexing, an answer and its page; print and return it."""
    probe = LoopProbe()
    with Desk.open(app, data) as desk:
        _walk(desk, probe)
    print(
        "\n  gaps of a 5 ms timer, in ms      ticks  median     p99   worst     own  seconds  "
        f"{_load()}"
    )
    for gaps in probe.found:
        print(
            f"  {gaps.during:32} {gaps.ticks:5d} {gaps.median:7.1f} {gaps.p99:7.1f} "
            f"{gaps.worst:7.1f} {gaps.worst_own:7.1f} {gaps.seconds:8.1f}"
        )
    return probe.found


def _walk(desk: Desk, probe: LoopProbe) -> None:
    library, models, chat = desk.assistant.library, desk.assistant.models, desk.window.places.chat
    with probe.watching("nothing"):
        wait_for(0.5)
    with probe.watching("the model loads"):
        models.running.warm()
        job = desk.assistant.answers.warm()
        wait_until(lambda: desk.ended(job))
    with probe.watching("the embedder loads"):
        job = library.warm()
        wait_until(lambda: desk.ended(job))
    with probe.watching("the samples are indexed"):
        job = library.index([library.sample_folder()], SAMPLES)
        wait_until(lambda: desk.ended(job))
    chat.new_conversation()
    with probe.watching("a question is searched and read"):
        chat.ask(library.sample_questions()[0])
        wait_until(desk.writing)
    with probe.watching("its answer is written and shown"):
        wait_until(lambda: desk.answer() is not None)
        wait_for(0.3)
    answer = desk.answer()
    assert answer is not None and answer.citations
    with probe.watching("its page is opened"):
        chat.citation_opened.emit(answer, answer.citations[0])
        wait_for(1.0)


def wait_until(true: Callable[[], bool]) -> None:
    """Run the window's loop until something holds."""
    loop, looking, patience = QEventLoop(), QTimer(), QTimer(singleShot=True)
    looking.timeout.connect(lambda: loop.quit() if true() else None)
    patience.timeout.connect(lambda: loop.exit(1))
    looking.start(_LOOK_EVERY_MS)
    patience.start(_PATIENCE_MS)
    assert loop.exec() == 0, "it took too long"


def wait_for(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def _load() -> str:
    return "load " + " ".join(f"{one:.1f}" for one in os.getloadavg())


def main() -> None:
    app = create_application(["carrel"])
    with tempfile.TemporaryDirectory(prefix="carrel-window-") as folder:
        run(app, Path(folder))


if __name__ == "__main__":
    main()
