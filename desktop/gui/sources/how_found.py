"""The whole way from the question to the prompt: candidates with their ranks, and the prompt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.answers import Answer
from desktop.domain.retrieval import Candidate
from desktop.gui.fonts import mono_font
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.card import Card
from desktop.gui.widgets.labels import Label, SectionLabel

_ROW, _PROMPT = 30, 320


class HowFound(QScrollArea):
    """Plain text throughout: a prompt holds what documents say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._prompt_text = ""
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("How it was found"))
        self._question = Label(size=13, wrap=True)
        self._none = Label(size=13, tone="mute", wrap=True)
        self._table = self._make_table()
        self._prompt = QPlainTextEdit(readOnly=True)
        self._prompt.setAccessibleName(self.tr("The exact prompt"))
        self._prompt.setTabChangesFocus(True)
        self._lay_out()
        self._restyle()
        theme.changed.connect(self._restyle)
        self.show_answer(None)

    def show_question(self, question: str) -> None:
        self._question.setText(question)
        self._question_part.setVisible(bool(question))

    def show_answer(self, answer: Answer | None) -> None:
        """Show how an answer's passages were found; None shows that nothing was asked yet."""
        self.show_candidates(answer.candidates if answer else ())
        self._prompt_text = answer.prompt if answer else ""
        self._prompt.setPlainText(self._prompt_text)
        self._prompt_part.setVisible(bool(self._prompt_text))
        empty = not self._prompt_text and not self._table.rowCount()
        self._none.setVisible(empty)
        self._none.setText(self.tr("After an answer, this shows how its passages were found."))

    def show_candidates(self, candidates: Sequence[Candidate]) -> None:
        ranked = sorted(candidates, key=lambda candidate: candidate.final_rank)
        self._table.setRowCount(len(ranked))
        for row, candidate in enumerate(ranked):
            for column, text in enumerate(_cells(candidate)):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self._table.setItem(row, column, item)
        self._table_part.setVisible(bool(ranked))
        self._fit_table()

    def _make_table(self) -> QTableWidget:
        titles = [
            self.tr("File"),
            self.tr("Page"),
            self.tr("Keyword"),
            self.tr("Vector"),
            self.tr("Final"),
        ]
        table = QTableWidget(0, len(titles))
        table.setHorizontalHeaderLabels(titles)
        first = QTableWidgetItem(titles[0])
        first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(0, first)
        table.setAccessibleName(self.tr("Candidates with their ranks"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setStyleSheet("QHeaderView::section { padding: 0 5px; }")
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    def _lay_out(self) -> None:
        copy = Button(self.tr("Copy"), "quiet")
        copy.setAccessibleName(self.tr("Copy the prompt"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._prompt_text))
        head = QHBoxLayout()
        head.addWidget(SectionLabel(self.tr("Exact prompt")), 1)
        head.addWidget(copy)
        self._question_part = self._part(SectionLabel(self.tr("Question")), self._question)
        self._table_part = self._part(SectionLabel(self.tr("Candidates and ranks")), self._table)
        self._prompt_part = self._part(head, self._prompt)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(14)
        for widget in (self._none, self._question_part, self._table_part, self._prompt_part):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(page)

    @staticmethod
    def _part(head: QWidget | QHBoxLayout, body: QWidget) -> QWidget:
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        if isinstance(head, QWidget):
            column.addWidget(head)
        else:
            column.addLayout(head)
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(10, 8, 10, 8)
        inside.addWidget(body)
        column.addWidget(card)
        return part

    def _restyle(self) -> None:
        # The style sheet's family would win over a font that is set here.
        mono = mono_font(12).family()
        size = self._theme.px(12)
        self._prompt.setStyleSheet(f'font-family: "{mono}"; font-size: {size}px;')
        self._prompt.setFixedHeight(self._theme.px(_PROMPT))
        self._fit_table()

    def _fit_table(self) -> None:
        row = self._theme.px(_ROW)
        self._table.verticalHeader().setDefaultSectionSize(row)
        self._table.horizontalHeader().setFixedHeight(row)
        self._table.setFixedHeight(row * (self._table.rowCount() + 1) + 2)


def _cells(candidate: Candidate) -> tuple[str, ...]:
    return (
        PurePath(candidate.path).name,
        _number(candidate.page),
        _number(candidate.keyword_rank),
        _number(candidate.vector_rank),
        str(candidate.final_rank),
    )


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)
