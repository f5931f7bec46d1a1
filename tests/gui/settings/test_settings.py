"""Settings apply at once, show their default and go back to it; models come and go."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import __version__
from desktop.domain.engine import SamplerPreset, preset_sampler
from desktop.domain.models import EmbedderPrecision
from desktop.domain.settings import Settings
from desktop.domain.settings import Theme as ThemeChoice
from desktop.gui.main_window import MainWindow
from desktop.gui.settings.about_page import AboutPage
from desktop.gui.settings.answers_page import AnswersPage
from desktop.gui.settings.appearance_page import AppearancePage
from desktop.gui.settings.engine_fields import engine_fields, idle_field, kept_states_field
from desktop.gui.settings.fields import NumberField, document_fields, limits_at, value_at
from desktop.gui.settings.models.job_row import JobRow
from desktop.gui.settings.models.model_card import ModelCard
from desktop.gui.settings.models.models_page import ModelsPage
from desktop.gui.settings.privacy_page import PrivacyPage
from desktop.gui.settings.sampler_fields import answer_fields, draw_fields
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.pill import Pill
from desktop.gui.widgets.still_choice import StillChoice
from desktop.gui.widgets.still_slider import StillSlider
from tests.support.fake_assistant import FakeAssistant


def _models_page(window: MainWindow) -> ModelsPage:
    return window.places.open_settings("models").models_page()


def _card(page: ModelsPage, model_id: str) -> ModelCard:
    return next(card for card in page.cards if card.entry.id == model_id)


def _pills(card: ModelCard) -> list[str]:
    return [pill.text() for pill in card.findChildren(Pill) if not pill.isHidden()]


def test_every_value_field_names_a_setting_within_its_limits() -> None:
    drawn = (*answer_fields(), *draw_fields())
    fields = (*drawn, *document_fields(), *engine_fields(), idle_field(), kept_states_field())
    for field in fields:
        value = value_at(Settings(), field.path)
        if isinstance(field, NumberField):
            lowest, highest = limits_at(field.path)
            assert lowest <= field.low <= field.high <= highest
            automatic = field.automatic is not None and value == field.automatic.value
            assert automatic or field.low <= value <= field.high


def test_a_value_moved_by_key_is_in_force_and_goes_back_to_its_default(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    settings = window.places.open_settings("answers")
    page = settings.currentWidget()
    assert isinstance(page, AnswersPage)
    row = page.rows[0]
    qtbot.keyClick(row.control, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: assistant.desk.settings.answers.passages == 7)
    reset = next(b for b in row.findChildren(Button) if b.text() == "Reset")
    assert reset.isVisible()
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert assistant.desk.settings.answers.passages == 6
    assert not reset.isVisible()


def test_a_preset_words_the_answers_of_all_chats(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    page = window.places.open_settings("answers").currentWidget()
    assert isinstance(page, AnswersPage)
    page.advanced.open()
    qtbot.mouseClick(page.presets.chips[SamplerPreset.CREATIVE], Qt.MouseButton.LeftButton)
    assert assistant.desk.settings.answers.sampler == preset_sampler(SamplerPreset.CREATIVE)
    drawn = [label.text() for label in page.findChildren(Label)]
    assert "1.0 · Creative" in drawn
    assert "0.98" in drawn


def test_the_wheel_scrolls_the_page_and_changes_nothing(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    window.places.open_settings("answers")
    slider = window.findChild(StillSlider)
    assert slider is not None
    before = slider.value()
    turn = QWheelEvent(
        QPointF(5, 5),
        slider.mapToGlobal(QPointF(5, 5)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, turn)
    assert slider.value() == before
    assert assistant.desk.settings == Settings(model_id="qwen3-4b")


def test_colours_and_text_size_change_while_one_looks(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    page = window.places.open_settings("appearance").currentWidget()
    assert isinstance(page, AppearancePage)
    qtbot.mouseClick(page.choices[ThemeChoice.DARK], Qt.MouseButton.LeftButton)
    assert assistant.desk.settings.appearance.theme is ThemeChoice.DARK
    assert window.grab().toImage().pixelColor(1200, 800).lightness() < 60
    qtbot.keyClick(page.size_row.control, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: assistant.desk.settings.appearance.font_percent == 110)


def test_the_privacy_page_states_the_lock_and_proves_it_on_demand(
    qtbot: QtBot, window: MainWindow
) -> None:
    page = window.places.open_settings("privacy").currentWidget()
    assert isinstance(page, PrivacyPage)
    assert page.findChildren(Pill)[0].text() == "Offline, by lock"
    qtbot.mouseClick(page.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.check_button.isEnabled)
    assert [pill.text() for pill in page.findChildren(Pill)].count("Passed") == 2


def test_the_about_page_names_the_version(window: MainWindow) -> None:
    page = window.places.open_settings("about").currentWidget()
    assert isinstance(page, AboutPage)
    texts = [label.text() for label in page.findChildren(Label)]
    assert f"Version {__version__}" in texts
    assert "OFL-1.1" in texts


def test_cards_state_what_was_checked_of_each_model(qtbot: QtBot, window: MainWindow) -> None:
    page = _models_page(window)
    qtbot.waitUntil(lambda: "Fits: 3.1 of 24 GB" in _pills(_card(page, "qwen3-4b")))
    assert "In use" in _pills(_card(page, "qwen3-4b"))
    assert "Included" in _pills(_card(page, "smollm2-135m"))
    assert _pills(_card(page, "llama-70b"))[0].startswith("Needs 43.3 GB; 22.")
    assert not _card(page, "llama-70b").button.isEnabled()
    assert _pills(_card(page, "mistral-finance"))[0].startswith("Refused: the file ends")


def test_using_another_model_moves_the_mark(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    page = _models_page(window)
    qtbot.mouseClick(_card(page, "smollm2-135m").button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "In use" in _pills(_card(page, "smollm2-135m")))
    assert assistant.desk.current == "smollm2-135m"
    assert "In use" not in _pills(_card(page, "qwen3-4b"))


def test_unloading_gives_the_model_back(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    page = _models_page(window)
    qtbot.mouseClick(_card(page, "qwen3-4b").button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _card(page, "qwen3-4b").button.text() == "Use")
    assert assistant.desk.current == ""


def test_a_checksum_is_called_verified_only_after_it_was(qtbot: QtBot, window: MainWindow) -> None:
    page = _models_page(window)
    assert "Checksum recorded" in _pills(_card(page, "qwen3-4b"))
    page.doing.verify("qwen3-4b")
    qtbot.waitUntil(lambda: "Checksum verified" in _pills(_card(page, "qwen3-4b")))


def test_dropped_model_files_are_imported_and_others_are_not(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant, tmp_path: Path
) -> None:
    good, text = tmp_path / "Tiny & small.gguf", tmp_path / "notes.txt"
    good.write_bytes(b"GGUF" + bytes(1000))
    text.write_text("no model")
    page = _models_page(window)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(good)), QUrl.fromLocalFile(str(text))])
    page.dropEvent(
        QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    qtbot.waitUntil(lambda: any(c.entry.name == "Tiny & small" for c in page.cards))
    assert len(assistant.desk.models) == 5


def test_a_file_that_is_no_model_stays_as_a_card_that_says_why(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"JUNK")
    page = _models_page(window)
    page.doing.import_files([bad])
    qtbot.waitUntil(lambda: any(card.entry.name.startswith("bad") for card in page.cards))
    refused = next(card for card in page.cards if card.entry.name.startswith("bad"))
    assert _pills(refused) == ["Refused: it does not begin like a GGUF file."]
    qtbot.waitUntil(lambda: page.findChild(JobRow) is None)


def test_an_import_under_way_can_be_stopped(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant, tmp_path: Path
) -> None:
    file = tmp_path / "big.gguf"
    file.write_bytes(b"GGUF" + bytes(1000))
    page = _models_page(window)
    assistant.desk.hold = True
    page.doing.import_files([file])
    row = page.findChild(JobRow)
    assert row is not None
    qtbot.waitUntil(lambda: "50%" in row.detail)
    stop = next(b for b in row.findChildren(Button) if b.text() == "Stop")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.findChild(JobRow) is None)
    assert assistant.desk.open_jobs == {}


def test_choosing_a_card_shows_its_details_and_settings(qtbot: QtBot, window: MainWindow) -> None:
    page = _models_page(window)
    qtbot.keyClick(_card(page, "smollm2-135m"), Qt.Key.Key_Return)
    titles = [row.control.accessibleName() for row in page.details.findChildren(SettingRow)]
    assert titles == ["Context", "GPU layers", "Temperature"]


@pytest.mark.parametrize("key", ["models", "answers", "documents", "privacy", "appearance"])
def test_arrow_keys_walk_the_pages(qtbot: QtBot, window: MainWindow, key: str) -> None:
    settings = window.places.open_settings(key)
    focused = window.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, Qt.Key.Key_Down)
    keys = [name for name, _ in settings.pages()]
    assert settings.page == keys[keys.index(key) + 1]


def test_a_choice_among_a_few_applies_at_once_and_goes_back(
    qtbot: QtBot, window: MainWindow, assistant: FakeAssistant
) -> None:
    settings = window.places.open_settings("documents")
    row = next(row for row in settings.findChildren(SettingRow) if _chooses(row))
    qtbot.keyClick(row.control, Qt.Key.Key_Down)
    qtbot.waitUntil(
        lambda: assistant.desk.settings.documents.embedder_precision is EmbedderPrecision.FAST
    )
    assert assistant.desk.reembedded == [""]
    reset = next(b for b in row.findChildren(Button) if b.text() == "Reset")
    qtbot.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert assistant.desk.settings.documents.embedder_precision is EmbedderPrecision.AUTO


def _chooses(row: SettingRow) -> bool:
    return isinstance(row.control, StillChoice)
