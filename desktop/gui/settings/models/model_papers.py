"""Papers about models: the licence in plain words, the model card, the register as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.assistant.sentences import sentence_for
from desktop.domain.errors import CarrelError
from desktop.gui.file_dialogs import ask_new_file
from desktop.gui.settings.models.text_dialogs import LicenceDialog
from desktop.gui.theme import Theme
from desktop.gui.widgets.notice import NoticeBar

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class ModelPapers(QObject):
    """Shows and saves; nothing in the register changes."""

    def __init__(
        self, assistant: Assistant, theme: Theme, notice: NoticeBar, page: QWidget
    ) -> None:
        super().__init__(page)
        self._register = assistant.models.register
        self._theme = theme
        self._notice = notice
        self._page = page

    def read_licence(self, model_id: str) -> None:
        entry = self._register.entry(model_id)
        if entry is not None:
            terms = self._register.licence(model_id)
            LicenceDialog(self._theme, entry, terms, self._page.window()).open()

    def save_card(self, model_id: str) -> None:
        """Ask where the model card goes, a Markdown file."""
        title = self.tr("Save the model card")
        self._save(title, f"{_plain(model_id)}.md", lambda: self._register.card(model_id))

    def export(self, model_id: str) -> None:
        """Ask where the entry with its whole history goes, a JSON file."""
        title = self.tr("Export the entry and its history")
        self._save(title, f"{_plain(model_id)}.json", lambda: self._register.export((model_id,)))

    def copy_hash(self, model_id: str) -> None:
        entry = self._register.entry(model_id)
        if entry is not None:
            QGuiApplication.clipboard().setText(entry.sha256)
            self._notice.say(self.tr("The SHA-256 is on the clipboard."), seconds=4)

    def write(self, path: Path, text: Callable[[], str]) -> None:
        """Write a paper and say where it lies, or why it could not be written."""
        try:
            path.write_text(text(), encoding="utf-8")
        except CarrelError as error:
            self._notice.say(sentence_for(error).line, "bad", seconds=0)
        except OSError as error:
            words = self.tr("{name} could not be written: {reason}. Choose another place.")
            reason = error.strerror or str(error)
            self._notice.say(words.format(name=path.name, reason=reason), "bad", seconds=0)
        else:
            self._notice.say(self.tr("Saved as {name}.").format(name=path.name))

    def _save(self, title: str, name: str, text: Callable[[], str]) -> None:
        ask_new_file(self._page.window(), title, name, lambda path: self.write(path, text))


def _plain(model_id: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in model_id) or "model"
