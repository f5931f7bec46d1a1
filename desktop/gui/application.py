"""The window's life: Qt's loop, the assistant behind it, and a clean end."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.assistant.sentences import sentence_for
from desktop.domain.errors import CarrelError
from desktop.domain.settings import AppearanceSettings
from desktop.gui.mailbox import Mailbox
from desktop.gui.main_window import MainWindow
from desktop.gui.qt_setup import create_application
from desktop.gui.theme import Theme

if TYPE_CHECKING:
    from desktop.assistant.events import Post
    from desktop.assistant.facade import Assistant

    OpenAssistant = Callable[[Post], Assistant]

# Models and the embedder load once the window is on the screen: their imports would delay its
# first picture, which comes some 30 ms after it is shown.
_WARM_AFTER_MS = 100


def run_window(open_assistant: OpenAssistant) -> int:
    """Show the window until it is closed; returns the process's exit code."""
    if not _has_display():
        sys.stderr.write(
            "carrel: there is no display to open the window on; “carrel --help” names the "
            "commands that need none.\n"
        )
        return 1
    app = create_application(sys.argv[:1])
    mailbox = Mailbox()
    try:
        assistant = open_assistant(mailbox.post)
    except CarrelError as error:
        return _explain(app, error)
    try:
        window = open_main_window(app, assistant, mailbox)
        QTimer.singleShot(_WARM_AFTER_MS, lambda: _warm(assistant))
        with _signals_close(app):
            code = app.exec()
        window.close()
        return code
    finally:
        mailbox.close()
        assistant.close()


def open_main_window(app: QApplication, assistant: Assistant, mailbox: Mailbox) -> MainWindow:
    """Build and show the main window."""
    theme = Theme(app, assistant.preferences.settings().appearance)
    window = MainWindow(assistant, mailbox, theme)
    window.show()
    return window


def _has_display() -> bool:
    # Qt ends the process with a core dump where there is none.
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(os.environ.get(name) for name in named)


def _warm(assistant: Assistant) -> None:
    # Switched off by the start; what stands by now stays and is not looked through again.
    gc.freeze()
    gc.enable()
    assistant.models.running.warm()
    assistant.answers.warm()
    assistant.library.warm()


def _explain(app: QApplication, error: CarrelError) -> int:
    Theme(app, AppearanceSettings())
    words = sentence_for(error)
    box = QMessageBox(QMessageBox.Icon.Warning, "Carrel", words.happened)
    box.setInformativeText(f"{words.kept} {words.next}".strip())
    sys.stderr.write(f"carrel: {words.line}\n")
    box.exec()
    return 1


@contextmanager
def _signals_close(app: QApplication) -> Iterator[None]:
    """Ctrl C in the terminal and a polite end of the session close the window in order."""
    if sys.platform == "win32":
        yield
        return
    # Python runs its handlers only between byte codes; the pipe wakes Qt's loop for them.
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: os.read(reading, 64))
    previous_descriptor = signal.set_wakeup_fd(writing)
    kinds = (signal.SIGINT, signal.SIGTERM)
    previous = [signal.signal(kind, lambda _number, _frame: app.quit()) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, previous, strict=True):
            signal.signal(kind, handler)
        signal.set_wakeup_fd(previous_descriptor)
        notifier.setEnabled(False)
        os.close(reading)
        os.close(writing)
