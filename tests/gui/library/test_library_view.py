"""A collection on the screen: its files, their needs, and what is done to them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.assistant.events import Event, JobId, Stopped
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentIndexed,
    DocumentKind,
    DocumentStatus,
    FileOutcome,
    IndexProgress,
)
from desktop.gui.library.document_delegate import DocumentDelegate
from desktop.gui.library.document_details import DocumentDetails
from desktop.gui.library.document_table import Column, DocumentTable, cell_text
from desktop.gui.library.library_view import LibraryView
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from tests.support.fake_assistant import NOW
from tests.support.view_stage import Stage

FAILED = DocumentStatus.FAILED


def document(number: int, name: str, status: DocumentStatus, **facts: object) -> Document:
    values: dict[str, object] = {
        "kind": DocumentKind.PDF,
        "sha256": "0" * 64,
        "size_bytes": 2_000_000,
        "modified_ns": 1_710_201_600_000_000_000,
        "pages": 14 if status is DocumentStatus.READY else 0,
        "chunks": 92 if status is DocumentStatus.READY else 0,
        **facts,
    }
    return Document(number, 1, f"/papers/{name}", name, status=status, **values)  # type: ignore[arg-type]


@pytest.fixture
def view(stage: Stage) -> LibraryView:
    stage.desk.collections[1] = Collection(1, "Contracts 2024", NOW, 4, 2, 1, 28, 184)
    damaged = "Annex C.docx is damaged: not a valid Word document. Get a whole copy."
    for each in (
        document(1, "Harbor lease.pdf", DocumentStatus.READY),
        document(2, "Annex C.docx", FAILED, error="DamagedFile", error_detail=damaged),
        document(3, "Zebra.pdf", DocumentStatus.READY, pages=3, chunks=9),
        document(4, "Old lease.pdf", DocumentStatus.NEEDS_PASSWORD, error="PasswordNeeded"),
    ):
        stage.desk.documents[each.id] = each
    made = LibraryView(stage.assistant, stage.theme)
    stage.show(made, 1184, 900)
    made.open_collection(1)
    stage.settle()
    return made


def rows(view: LibraryView) -> list[str]:
    table = view.content.table
    return [cell_text(table.document(row), Column.FILE) for row in range(table.rowCount())]


def texts(view: LibraryView) -> list[str]:
    return [label.text() for label in view.findChildren(Label) if label.isVisible()]


def test_the_collection_is_summed_up_and_its_files_listed(view: LibraryView) -> None:
    assert rows(view) == ["Annex C.docx", "Harbor lease.pdf", "Old lease.pdf", "Zebra.pdf"]
    seen = texts(view)
    assert {"Contracts 2024", "4", "28", "184 passages", "8 MB"} <= set(seen)
    assert "2 ready · 1 waiting · 1 need attention" in seen


def test_each_row_says_how_its_file_stands(view: LibraryView) -> None:
    table = view.content.table
    states = [cell_text(table.document(row), Column.STATUS) for row in range(4)]
    assert states == [
        "Damaged file: not a valid Word document · Details",
        "Ready",
        "Needs a password · Enter…",
        "Ready",
    ]


def test_a_click_on_a_header_sorts_and_another_turns_it_round(
    stage: Stage, view: LibraryView
) -> None:
    header = view.content.files.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(Column.PAGES) + 20, header.height() // 2)
    stage.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert rows(view)[-1] == "Harbor lease.pdf"
    stage.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert rows(view)[0] == "Harbor lease.pdf"


def test_the_filter_finds_names_and_states(stage: Stage, view: LibraryView) -> None:
    field = view.findChild(QLineEdit)
    assert field is not None
    stage.type_keys(field, "LEASE")
    assert rows(view) == ["Harbor lease.pdf", "Old lease.pdf"]
    field.setText("password")
    assert rows(view) == ["Old lease.pdf"]
    field.clear()
    assert len(rows(view)) == 4


def test_the_detail_of_a_failure_opens_from_its_pill(stage: Stage, view: LibraryView) -> None:
    files = view.content.files
    index = view.content.table.index(0, Column.STATUS)
    delegate = files.itemDelegate()
    assert isinstance(delegate, DocumentDelegate)
    pill = delegate.pill_rect(QRectF(files.visualRect(index)), view.content.table.document(0))
    place = pill.center().toPoint()
    stage.qtbot.mouseClick(files.viewport(), Qt.MouseButton.LeftButton, pos=place)
    details = view.findChild(DocumentDetails)
    assert details is not None and details.isVisible()
    words = [label.text() for label in details.findChildren(Label)]
    assert any("not a valid Word document. Get a whole copy." in text for text in words)
    details.close()


def test_del_removes_after_a_while_and_undo_brings_back(stage: Stage, view: LibraryView) -> None:
    files = view.content.files
    files.setFocus()
    files.selectRow(1)
    stage.qtbot.keyClick(files, Qt.Key.Key_Delete)
    assert "Harbor lease.pdf" not in rows(view)
    assert 1 in stage.desk.documents  # nothing is lost yet
    undo = next(b for b in view.notice.findChildren(Button) if b.text() == "Undo")
    stage.qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert "Harbor lease.pdf" in rows(view)
    files.selectRow(1)
    stage.qtbot.keyClick(files, Qt.Key.Key_Delete)
    view.removal.settle()
    stage.settle()
    assert 1 not in stage.desk.documents
    assert rows(view) == ["Annex C.docx", "Old lease.pdf", "Zebra.pdf"]


def test_the_menu_reads_a_file_again(stage: Stage, view: LibraryView) -> None:
    files = view.content.files
    files.selectRow(0)
    stage.qtbot.keyClick(files, Qt.Key.Key_Menu)
    actions = {action.text(): action for action in files.menu.actions()}
    files.menu.close()
    actions["Read again"].trigger()
    stage.settle()
    assert stage.desk.documents[2].error == "FileMissing"  # the fake looked for the file


def test_progress_is_shown_with_a_rate_and_can_be_stopped(stage: Stage, view: LibraryView) -> None:
    stage.desk.open_jobs[JobId(50)] = []
    view.show_event(Event(JobId(50), IndexProgress(5, 11, 148, 800, 96.0, 3.0)))
    assert view.content.progress.isVisible()
    assert view.content.progress.figures() == (
        "5 of 11 files · 148 pages · 96 pages/s · about 3 s left"
    )
    stop = next(b for b in view.findChildren(Button) if b.accessibleName() == "Stop indexing")
    stage.qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert JobId(50) not in stage.desk.open_jobs
    view.show_event(Event(JobId(50), Stopped()))
    assert not view.content.progress.isVisible()


def test_a_file_s_row_changes_the_moment_it_is_read(view: LibraryView) -> None:
    outcome = FileOutcome("/papers/Old lease.pdf", DocumentStatus.READY, "", 7, 30)
    view.show_event(Event(JobId(51), DocumentIndexed(outcome)))
    row = rows(view).index("Old lease.pdf")
    assert cell_text(view.content.table.document(row), Column.STATUS) == "Ready"
    assert cell_text(view.content.table.document(row), Column.PAGES) == "7"


def test_new_files_appear_while_they_are_read(stage: Stage, view: LibraryView) -> None:
    stage.desk.documents[9] = document(9, "Brand new.pdf", DocumentStatus.READY)
    outcome = FileOutcome("/papers/Brand new.pdf", DocumentStatus.READY, "", 1, 4)
    view.show_event(Event(JobId(52), DocumentIndexed(outcome)))
    stage.qtbot.waitUntil(lambda: "Brand new.pdf" in rows(view))


def test_a_dropped_folder_is_read_into_the_collection(
    stage: Stage, view: LibraryView, tmp_path: Path
) -> None:
    (tmp_path / "memo.txt").write_text("A memo.", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(40, 40), action, data, left, none)
    QApplication.sendEvent(view, enter)
    assert enter.isAccepted()
    with stage.qtbot.waitSignal(view.collections_changed):
        QApplication.sendEvent(view, QDropEvent(QPointF(40, 40), action, data, left, none))
    stage.qtbot.waitUntil(lambda: "memo.txt" in rows(view))


def test_without_a_collection_added_files_get_one(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "memo.txt").write_text("A memo.", encoding="utf-8")
    made = LibraryView(stage.assistant, stage.theme)
    stage.show(made, 1184, 900)
    assert "Drop a folder here" in texts(made)
    made.add_paths([tmp_path])
    stage.qtbot.waitUntil(lambda: rows(made) == ["memo.txt"])
    assert [each.name for each in stage.desk.collections.values()] == ["My files"]


def test_a_hundred_thousand_files_open_sort_and_scroll(
    stage: Stage, view: LibraryView, capsys: pytest.CaptureFixture[str]
) -> None:
    many = [
        document(number, f"File {number * 7919 % 100_003}.pdf", DocumentStatus.READY)
        for number in range(10, 100_010)
    ]
    stage.desk.documents = {each.id: each for each in many}
    table = view.content.table
    acts: dict[str, Callable[[], None]] = {
        "open": lambda: view.open_collection(1),
        "sort by pages": lambda: table.sort(Column.PAGES),
        "filter": lambda: table.set_filter("file 99"),
        "scroll": view.content.files.scrollToBottom,
    }
    figures = {}
    for name, act in acts.items():
        started = time.perf_counter()
        act()
        view.grab()
        figures[name] = time.perf_counter() - started
    with capsys.disabled():
        print("\n100,000 files:", ", ".join(f"{k} {v:.2f} s" for k, v in figures.items()))
    assert figures["open"] < 5.0
    assert 0 < table.rowCount() < 100_000


def test_selected_rows_stay_selected_when_they_move(view: LibraryView) -> None:
    files = view.content.files
    files.selectRow(rows(view).index("Zebra.pdf"))
    view.content.table.sort(Column.FILE, Qt.SortOrder.DescendingOrder)
    assert [each.path for each in files.selected()] == ["/papers/Zebra.pdf"]


def test_the_table_answers_like_any_model(qtmodeltester: object) -> None:
    table = DocumentTable()
    table.set_documents([document(n, f"{n}.pdf", DocumentStatus.READY) for n in range(5)])
    qtmodeltester.check(table)  # type: ignore[attr-defined]
