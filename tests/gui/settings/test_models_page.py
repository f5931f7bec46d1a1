"""Models come, load, go and are put to work on their page, by mouse and by keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QWidget,
)

from desktop.assistant.events import EngineFellBack, Event, Finished, JobId, ModelReturned
from desktop.domain.engine import Device
from desktop.domain.machine import LockState, MachineStatus, NetworkLock
from desktop.domain.models import ModelEntry, ModelKind, NewModelFile
from desktop.domain.settings import AppearanceSettings
from desktop.gui.settings.models.import_dialog import ImportDialog
from desktop.gui.settings.models.job_row import JobRow
from desktop.gui.settings.models.machine_card import MachineCard
from desktop.gui.settings.models.model_card import ModelCard
from desktop.gui.settings.models.models_page import ModelsPage
from desktop.gui.settings.models.text_dialogs import LicenceDialog
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from tests.screens.content import fill
from tests.support.view_stage import Stage

_SPACE, _ENTER, _ESC = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def page(stage: Stage) -> ModelsPage:
    fill(stage.assistant)
    made = ModelsPage(stage.assistant, stage.theme)
    stage.show(made, 1220, 900)
    return made


def card_of(page: ModelsPage, model_id: str) -> ModelCard:
    return next(card for card in page.cards if card.entry.id == model_id)


def add(stage: Stage, page: ModelsPage, like: str, **changes: object) -> ModelEntry:
    """Another model of the register."""
    entry = replace(stage.desk.models[like], included=False, **changes)  # type: ignore[arg-type]
    stage.desk.models[entry.id] = entry
    page.refresh()
    return entry


def button(parent: QWidget, text: str) -> Button:
    found = [each for each in parent.findChildren(Button) if each.text() == text]
    return next(each for each in found if not each.isHidden())


def test_a_model_on_its_way_says_so_on_its_card_and_can_be_stopped_there(
    stage: Stage, page: ModelsPage
) -> None:
    card = card_of(page, "smollm2-135m")
    stage.desk.hold = True
    stage.qtbot.keyClick(card.button, _SPACE)
    stage.qtbot.waitUntil(lambda: card.loading)
    assert not card.button.isEnabled()
    stage.qtbot.keyClick(button(card, "Stop"), _SPACE)
    stage.qtbot.waitUntil(lambda: not card.loading)
    assert stage.desk.open_jobs == {}
    assert card.button.isEnabled()
    assert all(row.isHidden() for row in page.findChildren(JobRow))


def test_the_focus_stays_where_it_is_when_the_register_changes(
    stage: Stage, page: ModelsPage
) -> None:
    page.activateWindow()
    card = card_of(page, "smollm2-135m")
    card.button.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(card.button, _SPACE)
    stage.qtbot.waitUntil(lambda: card.button.text() == "Unload")
    assert page.focusWidget() is card.button
    assert card_of(page, "smollm2-135m") is card


def test_each_kind_of_model_has_its_section_and_its_own_work(
    stage: Stage, page: ModelsPage
) -> None:
    add(stage, page, "smollm2-135m", id="gte", name="gte-small", kind=ModelKind.EMBEDDER)
    add(stage, page, "smollm2-135m", id="rank", name="ranker", kind=ModelKind.RERANKER)
    titles = [each.text() for each in page.findChildren(Label) if each.isVisible()]
    assert titles.index("Embedding models") < titles.index("Rerankers")
    assert "Adapters" not in titles
    stage.qtbot.keyClick(card_of(page, "rank").button, _SPACE)
    assert stage.desk.reranker == "rank"
    assert card_of(page, "rank").button.text() == "Stop using"
    stage.qtbot.keyClick(card_of(page, "rank").button, _SPACE)
    assert stage.desk.reranker == ""


def test_another_embedding_model_says_that_collections_must_be_embedded_anew(
    stage: Stage, page: ModelsPage
) -> None:
    add(stage, page, "smollm2-135m", id="gte", name="gte-small", kind=ModelKind.EMBEDDER)
    stage.qtbot.mouseClick(card_of(page, "gte").button, Qt.MouseButton.LeftButton)
    assert stage.desk.settings.documents.embedder_id == "gte"
    assert "must be embedded anew" in page.notice.text
    stage.qtbot.mouseClick(button(page.notice, "Embed all anew"), Qt.MouseButton.LeftButton)
    assert stage.desk.reembedded == [""]
    included = card_of(page, "")
    stage.qtbot.mouseClick(included.button, Qt.MouseButton.LeftButton)
    assert stage.desk.settings.documents.embedder_id == ""


def test_an_adapter_is_laid_over_the_chosen_model_and_taken_off(
    stage: Stage, page: ModelsPage
) -> None:
    add(stage, page, "smollm2-135m", id="style", name="Office style", kind=ModelKind.ADAPTER)
    stage.qtbot.keyClick(card_of(page, "style").button, _SPACE)
    assert [use.model_id for use in stage.desk.choices["qwen3-4b"].adapters] == ["style"]
    assert card_of(page, "style").button.text() == "Take off"
    stage.qtbot.keyClick(card_of(page, "style").button, _SPACE)
    assert stage.desk.choices["qwen3-4b"].adapters == ()


def test_the_limits_of_a_licence_are_read_in_plain_words(stage: Stage, page: ModelsPage) -> None:
    pill = button(card_of(page, "llama-70b"), "Licence has use limits · Read")
    stage.qtbot.keyClick(pill, _SPACE)
    dialog = page.window().findChild(LicenceDialog)
    assert dialog is not None
    words = " ".join(label.text() for label in dialog.findChildren(Label))
    assert "700 million" in words
    stage.qtbot.keyClick(dialog, _ESC)
    stage.qtbot.waitUntil(lambda: page.window().findChild(LicenceDialog) is None)
    free = [each.text() for each in card_of(page, "qwen3-4b").findChildren(Button)]
    assert not card_of(page, "qwen3-4b").state.limited
    assert "Unload" in free


def test_a_copy_is_deleted_only_after_a_question_a_refused_file_goes_at_once(
    stage: Stage, page: ModelsPage
) -> None:
    stage.qtbot.keyClick(card_of(page, "mistral-finance").button, _SPACE)
    stage.qtbot.waitUntil(lambda: "mistral-finance" not in stage.desk.models)
    page.doing.remove("qwen3-4b")
    box = page.window().findChild(QMessageBox)
    assert box is not None
    stage.qtbot.keyClick(box, _ESC)
    assert "qwen3-4b" in stage.desk.models
    page.doing.remove("qwen3-4b")
    box = next(each for each in page.window().findChildren(QMessageBox) if each.isVisible())
    yes = next(each for each in box.findChildren(QPushButton) if each.text() == "Remove")
    stage.qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    stage.qtbot.waitUntil(lambda: "qwen3-4b" not in stage.desk.models)
    stage.qtbot.waitUntil(lambda: not any(card.entry.id == "qwen3-4b" for card in page.cards))


def test_what_a_file_calls_itself_is_never_markup_and_never_breaks_the_page(
    stage: Stage, page: ModelsPage
) -> None:
    name = "<b>bold</b> & <img src=x> " + "long " * 60 + "\u202eright to left"
    add(stage, page, "qwen3-4b", id="odd", name=name, licence="<i>free</i>", path="/a/<b>.gguf")
    page.choose("odd")
    stage.settle()
    for label in page.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText or not label.text()
        assert "<b>" not in label.toolTip()
    page.doing.remove("odd")
    box = page.window().findChild(QMessageBox)
    assert box is not None
    assert box.textFormat() is Qt.TextFormat.PlainText
    areas = [each for each in page.findChildren(QScrollArea) if each.isVisible()]
    for area in areas:
        inside = area.widget()
        assert inside is not None
        assert inside.width() <= area.viewport().width()


def test_files_are_imported_by_keys_copied_or_used_where_they_lie(
    stage: Stage, page: ModelsPage, tmp_path: Path
) -> None:
    files = [tmp_path / "one.gguf", tmp_path / "two.gguf"]
    for file in files:
        file.write_bytes(b"GGUF" + bytes(500))
    page.open_import([files[0], files[0]])
    dialog = page.window().findChild(ImportDialog)
    assert dialog is not None
    dialog.add([files[1]])
    shown = [each.text() for each in dialog.findChildren(QLabel)]
    assert shown.count("one.gguf") == 1
    assert dialog.copy.isChecked()
    stage.qtbot.keyClick(dialog.in_place, _SPACE)
    stage.qtbot.keyClick(dialog, _ENTER)
    stage.qtbot.waitUntil(lambda: {"one", "two"} <= set(stage.desk.models))
    assert stage.desk.models["one"].in_place
    assert page.details.tab is not None


def test_a_drop_is_announced_and_takes_models_and_folders_alone(
    stage: Stage, page: ModelsPage, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no model")
    assert not _drag(page, text)
    model = tmp_path / "small.gguf"
    model.write_bytes(b"GGUF" + bytes(100))
    assert _drag(page, text, model)
    data = _urls(text, model)
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(page, QDropEvent(QPointF(40, 40), action, data, left, none))
    stage.qtbot.waitUntil(lambda: "small" in stage.desk.models)
    assert "notes" not in stage.desk.models


def test_new_files_in_the_model_folder_are_offered(
    stage: Stage, page: ModelsPage, tmp_path: Path
) -> None:
    file = tmp_path / "fresh.gguf"
    file.write_bytes(b"GGUF" + bytes(100))
    page.folder.take(str(tmp_path))
    assert stage.desk.settings.models.folder == str(tmp_path)
    found = NewModelFile(str(file), "Fresh", ModelKind.CHAT, 104)
    page.show_event(Event(JobId(999), Finished((found,))))
    stage.qtbot.keyClick(button(page.folder, "Import"), _SPACE)
    stage.qtbot.waitUntil(lambda: "fresh" in stage.desk.models)
    imported = replace(stage.desk.models["fresh"], id="other", name="Other")
    stage.desk.models["other"] = imported
    page.show_event(Event(JobId(1000), Finished((imported,))))
    assert any(card.entry.id == "other" for card in page.cards)
    stage.qtbot.keyClick(page.folder.by_itself, _SPACE)
    assert stage.desk.settings.models.import_new
    stage.qtbot.keyClick(button(page.folder, "Stop watching"), _SPACE)
    assert stage.desk.settings.models.folder == ""


def test_a_way_back_from_the_gpu_and_to_the_old_model_is_said(
    stage: Stage, page: ModelsPage
) -> None:
    reason = "The driver is too old. The processor computes instead."
    page.show_event(Event(JobId(7), EngineFellBack("qwen3-4b", reason)))
    assert page.notice.text == reason
    page.show_event(Event(JobId(8), ModelReturned(stage.desk.models["qwen3-4b"], "llama-70b")))
    assert page.notice.text.startswith("Qwen3 4B Instruct answers again")


def test_each_gpu_is_listed_with_its_memory(stage: Stage) -> None:
    card = MachineCard(stage.theme)
    stage.show(card, 700, 200)
    gib = 1 << 30
    card.show_devices(
        [
            Device("CPU", "cpu", "AMD EPYC, 8 cores, AVX2", 24 * gib, 20 * gib),
            Device("CUDA0", "gpu", "NVIDIA RTX 4000", 16 * gib, 12 * gib),
        ]
    )
    lock = NetworkLock(LockState.ENFORCED, "")
    card.show_status(MachineStatus(lock, "", "CUDA0", 3 * gib, 24 * gib))
    words = [each.text() for each in card.findChildren(Label)]
    assert "NVIDIA RTX 4000" in words
    assert "4.0 of 16 GB" in words
    assert any(each.startswith("AMD EPYC · 8 cores") for each in words)
    assert not any("No CUDA" in each for each in words)


def test_nothing_is_cut_in_large_letters_and_a_narrow_window(
    stage: Stage, page: ModelsPage
) -> None:
    stage.theme.apply(AppearanceSettings(font_percent=200))
    page.resize(700, 900)
    stage.settle()
    areas = page.findChildren(QScrollArea)
    assert len(areas) >= 2
    for area in areas:
        inside = area.widget()
        assert inside is not None
        assert not area.isVisible() or inside.width() <= area.viewport().width()


def test_everything_on_the_page_can_be_reached_and_spoken(stage: Stage, page: ModelsPage) -> None:
    tab = page.details.tab
    assert tab is not None
    assert tab.run is not None
    assert tab.how is not None
    tab.run.advanced.open()
    tab.how.open()
    page.folder.take("/models")
    stage.settle()
    nameless = [
        f"{type(each).__name__} in {type(each.parent()).__name__}"
        for each in page.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and not _spoken(each)
    ]
    assert nameless == []
    progress = QAccessible.queryAccessibleInterface(card_of(page, "qwen3-4b"))
    assert progress is not None
    assert progress.text(QAccessible.Text.Name) == "Qwen3 4B Instruct"
    assert "Fits: 3.1 of 24 GB" in progress.text(QAccessible.Text.Description)


def test_dialogs_of_the_page_speak(stage: Stage, page: ModelsPage) -> None:
    page.open_import([])
    page.papers.read_licence("llama-70b")
    assert page.details.tab is not None
    page.details.tab.ask_approval()
    for dialog in page.window().findChildren(QDialog):
        reached = [
            each
            for each in dialog.findChildren(QWidget)
            if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert reached
        assert all(_spoken(each) for each in reached)


def _spoken(widget: QWidget) -> str:
    face = QAccessible.queryAccessibleInterface(widget)
    return face.text(QAccessible.Text.Name) if face is not None else ""


def _urls(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def _drag(page: ModelsPage, *paths: Path) -> bool:
    data = _urls(*paths)
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(40, 40), action, data, left, none)
    event.setAccepted(False)
    QApplication.sendEvent(page, event)
    return event.isAccepted()
