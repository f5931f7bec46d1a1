"""Drawing the real window where nobody looks, for the self-test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from desktop.gui.application import open_main_window
from desktop.gui.mailbox import Mailbox
from desktop.gui.qt_setup import create_application

if TYPE_CHECKING:
    from desktop.gui.application import OpenAssistant

WIDTH, HEIGHT = 1440, 900


def draw_window(open_assistant: OpenAssistant) -> tuple[int, int, int]:
    """Draw the first window off screen; returns its width, height and number of colours."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    app = create_application(["carrel"])
    mailbox = Mailbox()
    assistant = open_assistant(mailbox.post)
    try:
        window = open_main_window(app, assistant, mailbox)
        window.resize(WIDTH, HEIGHT)
        app.processEvents()
        image = window.grab().toImage()
        step = 3
        colours = {
            image.pixel(x, y)
            for x in range(0, image.width(), step)
            for y in range(0, image.height(), step)
        }
        window.close()
        return image.width(), image.height(), len(colours)
    finally:
        assistant.close()
