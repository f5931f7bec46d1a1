"""What a file needs is said in its row and done from there: password, retry, skip, patience."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLineEdit, QMenu

from desktop.assistant.events import Event, JobId, Stopped
from desktop.domain.documents import (
    Collection,
    Document,
    DocumentKind,
    DocumentStatus,
    IndexProgress,
    IndexStage,
    PageUnit,
    WatchedFolder,
)
from desktop.gui.library.document_delegate import DocumentDelegate
from desktop.gui.library.document_table import Column, cell_text
from desktop.gui.library.document_words import kind_text, name_text, pages_text
from desktop.gui.library.folders_dialog import FolderCard, FoldersDialog
from desktop.gui.library.kind_words import kind_name
from desktop.gui.library.library_view import LibraryView
from desktop.gui.library.password_dialog import PasswordDialog
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from tests.support.fake_assistant import NOW
from tests.support.view_stage import Stage

READY, FAILED = DocumentStatus.READY, DocumentStatus.FAILED


def document(number: int, name: str, status: DocumentStatus, **facts: object) -> Document:
    pages = 14 if status is READY else 0
    made = Document(
        number, 1, f"/papers/{name}", name, DocumentKind.PDF, status, "0" * 64, 2_000_000, 1, pages
    )
    return replace(made, **facts)  # type: ignore[arg-type]


@pytest.fixture
def view(stage: Stage) -> LibraryView:
    stage.desk.collections[1] = Collection(1, "Contracts 2024", NOW, 3, 1, 2, 14, 92, 2, NOW)
    for each in (
        document(1, "Harbor lease.pdf", READY),
        document(2, "Old lease.pdf", DocumentStatus.NEEDS_PASSWORD, error="PasswordNeeded"),
        document(3, "Stuck.pdf", FAILED, error="ReaderTimedOut"),
    ):
        stage.desk.documents[each.id] = each
    stage.desk.passwords[2] = "open sesame"
    stage.desk.folders = {
        1: WatchedFolder(1, 1, "/papers"),
        2: WatchedFolder(2, 1, "/stick", reachable=False),
    }
    made = LibraryView(stage.assistant, stage.theme)
    stage.show(made, 1184, 900)
    made.open_collection(1)
    stage.settle()
    return made


def states(view: LibraryView) -> dict[str, str]:
    table = view.content.table
    documents = [table.document(row) for row in range(table.rowCount())]
    return {name_text(each): cell_text(each, Column.STATUS) for each in documents}


def click_state(stage: Stage, view: LibraryView, row: int) -> None:
    files = view.content.files
    index = view.content.table.index(row, Column.STATUS)
    delegate = files.itemDelegate()
    assert isinstance(delegate, DocumentDelegate)
    pill = delegate.pill_rect(QRectF(files.visualRect(index)), view.content.table.document(row))
    left = Qt.MouseButton.LeftButton
    stage.qtbot.mouseClick(files.viewport(), left, pos=pill.center().toPoint())


def test_a_click_asks_for_the_password_and_the_right_one_opens_the_file(
    stage: Stage, view: LibraryView
) -> None:
    click_state(stage, view, 1)
    dialog = view.findChild(PasswordDialog)
    assert dialog is not None and dialog.field.echoMode() is QLineEdit.EchoMode.Password
    stage.type_keys(dialog.field, "open sesame")
    stage.qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    stage.settle()
    assert states(view)["Old lease.pdf"] == "Ready"


def test_a_wrong_password_leaves_the_file_asking_for_one(stage: Stage, view: LibraryView) -> None:
    files = view.content.files
    files.setFocus()
    files.selectRow(1)
    stage.qtbot.keyClick(files, Qt.Key.Key_Return)
    dialog = view.findChild(PasswordDialog)
    assert dialog is not None
    stage.type_keys(dialog.field, "guess")
    stage.qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    stage.settle()
    assert states(view)["Old lease.pdf"] == "Needs a password · Enter…"


def test_a_file_that_was_set_aside_can_be_tried_again_or_skipped(
    stage: Stage, view: LibraryView
) -> None:
    assert states(view)["Stuck.pdf"] == "Set aside: it took too long · Retry"
    files = view.content.files
    files.selectRow(2)
    stage.qtbot.keyClick(files, Qt.Key.Key_Menu)
    actions = {action.text(): action for action in files.menu.actions()}
    files.menu.close()
    actions["Skip"].trigger()
    stage.settle()
    assert states(view)["Stuck.pdf"] == "Skipped · Details"
    stage.desk.documents[3] = replace(stage.desk.documents[3], error="ReaderTimedOut")
    view.content.reload()
    click_state(stage, view, 2)
    stage.settle()
    assert stage.desk.documents[3].error == "FileMissing"  # the fake looked for the file


def test_pictures_being_read_are_said_in_their_row_and_over_the_table(
    view: LibraryView,
) -> None:
    path = "/papers/Harbor lease.pdf"
    stage_of = IndexStage.RECOGNISING
    progress = IndexProgress(1, 3, 14, 92, 2.0, 9.0, path, stage_of, 2, 3)
    view.show_event(Event(JobId(50), progress))
    table = view.content.table
    assert table.data(table.index(0, Column.STATUS)) == ("Reading text from images, page 2 of 3")
    assert view.content.progress.title() == "Reading text from images"
    view.show_event(Event(JobId(50), Stopped()))
    assert table.data(table.index(0, Column.STATUS)) == "Ready"


def test_reading_is_held_and_goes_on(stage: Stage, view: LibraryView) -> None:
    view.show_event(Event(JobId(50), IndexProgress(1, 3, 14, 92, 2.0, 9.0)))
    pause = next(b for b in view.findChildren(Button) if b.accessibleName() == "Pause indexing")
    stage.qtbot.mouseClick(pause, Qt.MouseButton.LeftButton)
    assert stage.desk.paused
    view.show_event(Event(JobId(50), IndexProgress(1, 3, 14, 92, 2.0, 9.0, paused=True)))
    assert view.content.progress.title() == "Paused"
    assert view.content.progress.figures() == "1 of 3 files · 14 pages"
    resume = next(b for b in view.findChildren(Button) if b.accessibleName() == "Resume indexing")
    stage.qtbot.mouseClick(resume, Qt.MouseButton.LeftButton)
    assert not stage.desk.paused


def test_the_watched_folders_are_shown_changed_and_let_go(stage: Stage, view: LibraryView) -> None:
    pill = next(b for b in view.findChildren(Button) if b.text() == "Watching 2 folders")
    stage.qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    dialog = view.findChild(FoldersDialog)
    assert dialog is not None
    first, second = dialog.findChildren(FolderCard)
    fields = first.findChildren(QLineEdit)
    stage.type_keys(fields[0], "*.pdf; *.docx")
    stage.qtbot.keyClick(fields[0], Qt.Key.Key_Return)
    stage.settle()
    assert stage.desk.folders[1].include == ("*.pdf", "*.docx")
    forget = next(b for b in second.findChildren(Button) if b.text() == "Remove")
    stage.qtbot.mouseClick(forget, Qt.MouseButton.LeftButton)
    assert list(stage.desk.folders) == [1]
    rescan = next(b for b in dialog.findChildren(Button) if b.text() == "Look for changes now")
    stage.qtbot.mouseClick(rescan, Qt.MouseButton.LeftButton)
    assert stage.desk.rescanned == [1]
    dialog.close()


def test_every_kind_has_a_name_and_counts_are_in_the_file_s_own_unit() -> None:
    assert all(kind_name(kind) for kind in DocumentKind)
    sheets = document(1, "a.xlsx", READY, kind=DocumentKind.XLSX, unit=PageUnit.SHEET, pages=6)
    slides = document(2, "b.pptx", READY, kind=DocumentKind.PPTX, unit=PageUnit.SLIDE, pages=1)
    mail = document(3, "c.eml", READY, kind=DocumentKind.EML, inner_files=2)
    scan = document(4, "d.pdf", READY, unit=PageUnit.PAGE, pages=3, recognised_pages=3)
    assert pages_text(sheets) == "6 sheets" and pages_text(slides) == "1 slide"
    assert kind_text(mail) == "Email, 2 attachments"
    assert kind_text(scan) == "Scanned PDF"
    inner = document(5, "c.eml/report.pdf", READY, parent_id=3)
    assert name_text(inner) == "c.eml › report.pdf"


def test_a_check_says_what_is_wrong_and_repairs_it(stage: Stage, view: LibraryView) -> None:
    stage.desk.problems.append("2 passages are missing from the index.")
    more = next(b for b in view.findChildren(Button) if b.accessibleName() == "More")
    stage.qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    menu = next(menu for menu in view.findChildren(QMenu) if menu.isVisible())
    actions = {action.text(): action for action in menu.actions()}
    menu.close()
    actions["Check the collection"].trigger()
    stage.settle()
    assert any("2 passages are missing" in label.text() for label in view.findChildren(Label))
    repair = next(b for b in view.notice.findChildren(Button) if b.text() == "Repair")
    stage.qtbot.mouseClick(repair, Qt.MouseButton.LeftButton)
    stage.settle()
    assert any("is whole: 92 passages" in label.text() for label in view.findChildren(Label))
