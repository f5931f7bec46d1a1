"""Everything about how one model is run that few people change, each value with its default."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.settings.engine_fields import Chosen, engine_fields
from desktop.gui.settings.fields import Field
from desktop.gui.settings.models.choices_lens import ChoicesLens
from desktop.gui.settings.models.code_dialog import CodeDialog, CodeTask
from desktop.gui.settings.sampler_fields import draw_fields, length_field
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label, SectionLabel

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class AdvancedSettings(QWidget):
    """Two groups: how words are drawn, how the engine computes."""

    def __init__(
        self,
        assistant: Assistant,
        theme: Theme,
        lens: ChoicesLens,
        chosen: Chosen,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._theme = theme
        self._lens = lens
        self.rows: list[SettingRow] = []
        self._schema = Label(size=13, tone="mute")
        self.edit_schema = Button(self.tr("Edit…"), "inline")
        self.edit_schema.setAccessibleName(self.tr("Edit the JSON schema of answers"))
        self.edit_schema.clicked.connect(self.open_schema)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(SectionLabel(self.tr("How words are drawn")))
        for drawn in (*draw_fields(), length_field()):
            column.addWidget(self._row(drawn))
        column.addLayout(self._schema_row())
        column.addWidget(SectionLabel(self.tr("How the engine computes")))
        for field in engine_fields(chosen):
            column.addWidget(self._row(field))
        note = self.tr("A change here loads the model anew with the next question.")
        column.addWidget(Label(note, size=12, tone="mute", wrap=True))
        self.refresh()

    def refresh(self) -> None:
        for row in self.rows:
            row.refresh()
        schema = self._lens.sampler.json_schema
        self._schema.setText(self.tr("on") if schema else self.tr("none"))

    def open_schema(self) -> CodeDialog:
        schema = self._lens.sampler.json_schema
        task = CodeTask(
            self.tr("Answers to a JSON schema"),
            self.tr(
                "Every answer of this model is then JSON that keeps to the schema. Empty is none."
            ),
            schema,
            "",
            self.tr("Clear"),
            self._check,
            self._take_schema,
        )
        dialog = CodeDialog(self._theme, task, self.window())
        dialog.open()
        return dialog

    def _check(self, text: str) -> str:
        if not text.strip():
            return ""
        try:
            json.loads(text)
        except json.JSONDecodeError as error:
            words = self.tr("This is no JSON: line {line}, {reason}.")
            return words.format(line=error.lineno, reason=error.msg)
        return self._assistant.models.options.check_schema(text)

    def _take_schema(self, text: str) -> None:
        settings = self._lens.settings()
        sampler = replace(settings.answers.sampler, json_schema=text.strip())
        answers = replace(settings.answers, sampler=sampler)
        self._lens.change(replace(settings, answers=answers))

    def _row(self, field: Field) -> SettingRow:
        row = SettingRow(
            self._theme,
            field,
            self._lens.settings,
            self._lens.change,
            defaults=self._lens.general,
            compact=True,
        )
        self.rows.append(row)
        return row

    def _schema_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Label(self.tr("JSON schema"), size=13, weight=600))
        row.addStretch(1)
        row.addWidget(self._schema)
        row.addWidget(self.edit_schema)
        return row
