"""The chat template of a model: whose it is, and the way to see and change it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.models import ModelEntry
from desktop.gui.settings.models.choices_lens import ChoicesLens
from desktop.gui.settings.models.code_dialog import CodeDialog, CodeTask
from desktop.gui.settings.models.fact_rows import FactRows, inline
from desktop.gui.theme import Theme
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


def add_template_row(
    rows: FactRows,
    assistant: Assistant,
    theme: Theme,
    entry: ModelEntry,
    lens: ChoicesLens,
    parent: QWidget,
) -> Label:
    """Add the row; its button opens the editor. Returns what says whose template it is."""
    button = inline(_tr("View…"), _tr("View or change the chat template"))
    button.clicked.connect(lambda: open_template(assistant, theme, entry, lens, parent.window()))
    return rows.add(_tr("Chat template"), template_words(lens), (button,))


def template_words(lens: ChoicesLens) -> str:
    return _tr("your own") if lens.choices.chat_template else _tr("from the model file")


def open_template(
    assistant: Assistant, theme: Theme, entry: ModelEntry, lens: ChoicesLens, parent: QWidget
) -> CodeDialog:
    """The editor; a text equal to the file's own is no choice of one's own."""

    def save(text: str) -> None:
        own = "" if text == entry.chat_template else text
        lens.choose(replace(lens.choices, chat_template=own))

    task = CodeTask(
        _tr("Chat template of {name}").format(name=entry.name),
        _tr("How questions and answers are laid out for the model. A wrong one makes it babble."),
        assistant.models.options.template_of(entry.id),
        entry.chat_template,
        _tr("Reset to the file's own"),
        assistant.models.options.check_template,
        save,
    )
    dialog = CodeDialog(theme, task, parent)
    dialog.open()
    return dialog


def _tr(text: str) -> str:
    return QCoreApplication.translate("Models", text)
