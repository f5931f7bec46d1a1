"""Whatever the keys can reach has a name that a screen reader can speak."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from desktop.domain.documents import Collection, Document, DocumentKind, DocumentStatus
from desktop.gui.chat.answer_footer import AnswerFooter
from desktop.gui.chat.chat_view import ChatView
from desktop.gui.library.library_view import LibraryView
from desktop.gui.sources.sources_panel import SourcesPanel
from tests.support.fake_assistant import NOW
from tests.support.lease import QUESTION, cited_answer, print_lease
from tests.support.view_stage import Stage


def nameless(view: QWidget) -> list[str]:
    reached = [
        each
        for each in view.findChildren(QWidget)
        if each.isVisible() and each.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert reached
    return [type(each).__name__ for each in reached if not _spoken(each)]


def _spoken(widget: QWidget) -> str:
    face = QAccessible.queryAccessibleInterface(widget)
    return face.text(QAccessible.Text.Name) if face is not None else ""


def test_the_chat_speaks(stage: Stage) -> None:
    stage.desk.collections[1] = Collection(1, "Contracts", NOW, 2, 2)
    stage.desk.answers[QUESTION] = cited_answer(Path("lease.pdf"))
    view = ChatView(stage.assistant, stage.theme)
    stage.show(view)
    assert nameless(view) == []
    view.ask(QUESTION)
    stage.qtbot.waitUntil(lambda: bool(view.findChildren(AnswerFooter)))
    assert nameless(view) == []


def test_the_sources_speak(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "lease.pdf"
    panel = SourcesPanel(stage.assistant, stage.theme)
    stage.show(panel, 400, 900)
    panel.show_answer(cited_answer(path, print_lease(path)))
    stage.settle()
    assert nameless(panel) == []


def test_the_library_speaks(stage: Stage) -> None:
    stage.desk.collections[1] = Collection(1, "Contracts", NOW, 1, 1)
    stage.desk.documents[1] = Document(
        1, 1, "/a.pdf", "a", DocumentKind.PDF, DocumentStatus.READY, "0" * 64, 1, 1
    )
    view = LibraryView(stage.assistant, stage.theme)
    stage.show(view, 1184, 900)
    assert nameless(view) == []
    view.open_collection(1)
    stage.settle()
    assert nameless(view) == []
