"""One model's panel: what is chosen there holds for that model alone, and can be undone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.domain.engine import Device, KvCacheType, SamplerPreset, preset_sampler
from desktop.domain.models import ModelKind
from desktop.gui.settings.models.adapter_rows import AdapterRows
from desktop.gui.settings.models.advanced_settings import AdvancedSettings
from desktop.gui.settings.models.details_tab import DetailsTab
from desktop.gui.settings.models.models_page import ModelsPage
from desktop.gui.settings.models.run_settings import RunSettings
from desktop.gui.settings.models.template_row import open_template
from desktop.gui.settings.models.text_dialogs import ApproveDialog
from desktop.gui.settings.setting_row import SettingRow
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.still_choice import StillChoice
from desktop.gui.widgets.still_slider import StillSlider
from tests.screens.content import fill
from tests.support.view_stage import Stage

_MODEL = "qwen3-4b"
_RIGHT, _SPACE, _ENTER, _ESC = (
    Qt.Key.Key_Right,
    Qt.Key.Key_Space,
    Qt.Key.Key_Return,
    Qt.Key.Key_Escape,
)


@pytest.fixture
def page(stage: Stage) -> ModelsPage:
    fill(stage.assistant)
    made = ModelsPage(stage.assistant, stage.theme)
    stage.show(made, 1220, 900)
    return made


def tab_of(page: ModelsPage) -> DetailsTab:
    assert page.details.tab is not None
    return page.details.tab


def run_of(page: ModelsPage) -> RunSettings:
    run = tab_of(page).run
    assert run is not None
    return run


def words_of(widget: QWidget) -> list[str]:
    return [each.text() for each in widget.findChildren(Label) if not each.isHidden()]


def button(parent: QWidget, name: str) -> Button:
    """By what a screen reader calls it."""
    found = [each for each in parent.findChildren(Button) if not each.isHidden()]
    return next(each for each in found if name in (each.text(), each.accessibleName()))


def test_what_is_automatic_names_the_number_it_stands_for(page: ModelsPage) -> None:
    run = run_of(page)
    assert "Automatic: 8,192 tokens" in words_of(run.context)
    assert any(each.startswith("Cache 0.7 GB") for each in words_of(run.context))
    assert "Automatic: 0 of 36" in words_of(run.layers)
    assert not run.layers.control.isEnabled()


def test_a_context_moved_by_key_shows_its_fit_at_once_and_holds_for_this_model_alone(
    stage: Stage, page: ModelsPage
) -> None:
    run = run_of(page)
    stage.qtbot.keyClick(run.context.control, _RIGHT)
    assert any(each.startswith("Cache 0.8 GB") for each in words_of(run.context))
    stage.qtbot.waitUntil(lambda: _MODEL in stage.desk.choices)
    engine = stage.desk.choices[_MODEL].engine
    assert engine is not None
    assert engine.context_tokens == 9216
    assert stage.desk.settings.engine.context_tokens == 0
    stage.qtbot.waitUntil(lambda: "Default: Automatic" in words_of(run_of(page).context))
    stage.qtbot.keyClick(button(run_of(page), "Reset Context"), _SPACE)
    assert stage.desk.choices[_MODEL].engine is None


def test_what_does_not_fit_is_refused_with_the_setting_that_would(
    stage: Stage, page: ModelsPage
) -> None:
    stage.desk.memory_total = stage.desk.memory_used + 4_500_000_000
    run = run_of(page)
    assert run.remedy.isHidden()
    stage.qtbot.keyClick(run.context.control, Qt.Key.Key_End)
    assert any(each.startswith("Needs 5.5 GB; 4.5 GB is free") for each in words_of(run.context))
    assert run.remedy.text() == "Use a context of 20,480"
    stage.qtbot.waitUntil(lambda: not run_of(page).remedy.isHidden())
    stage.qtbot.keyClick(run_of(page).remedy, _SPACE)
    engine = stage.desk.choices[_MODEL].engine
    assert engine is not None
    assert engine.context_tokens == 20_480
    assert run_of(page).remedy.isHidden()


def test_a_preset_and_a_temperature_of_ones_own(stage: Stage, page: ModelsPage) -> None:
    run = run_of(page)
    assert "0.2 · Precise" in words_of(run.temperature)
    stage.qtbot.mouseClick(run.presets.chips[SamplerPreset.CREATIVE], Qt.MouseButton.LeftButton)
    sampler = stage.desk.choices[_MODEL].sampler
    assert sampler == preset_sampler(SamplerPreset.CREATIVE)
    run = run_of(page)
    assert "1.0 · Creative" in words_of(run.temperature)
    stage.qtbot.keyClick(run.temperature.control, _RIGHT)
    assert "1.1 · Own" in words_of(run.temperature)
    assert stage.desk.settings.answers.sampler.temperature == 0.2


def test_everything_else_stands_behind_advanced_with_its_default(
    stage: Stage, page: ModelsPage
) -> None:
    run = run_of(page)
    assert run.findChild(AdvancedSettings) is None
    stage.qtbot.keyClick(run.advanced.head, _SPACE)
    advanced = run.findChild(AdvancedSettings)
    assert advanced is not None
    names = {row.path[-1] for row in advanced.rows}
    assert {"top_k", "top_p", "min_p", "typical_p", "seed", "max_tokens"} <= names
    assert {"threads", "batch_tokens", "kv_type", "memory_map", "prompt_lookup"} <= names
    for row in advanced.rows:
        assert any(each.startswith("Default: ") for each in words_of(row)), row.path
    row = _row(advanced, "kv_type")
    stage.qtbot.keyClick(row.control, Qt.Key.Key_Down)
    engine = stage.desk.choices[_MODEL].engine
    assert engine is not None
    assert engine.kv_type is KvCacheType.F16
    assert run_of(page).advanced.is_open, "it stays open while its values are changed"


def test_what_computes_can_be_chosen_among_what_there_is(stage: Stage, page: ModelsPage) -> None:
    card = Device("CUDA0", "gpu", "NVIDIA RTX 4000", 16 << 30, 12 << 30)
    page.details.show_devices([card])
    run = run_of(page)
    assert run.layers.control.isEnabled()
    run.advanced.open()
    advanced = run.findChild(AdvancedSettings)
    assert advanced is not None
    row = _row(advanced, "device")
    assert isinstance(row.control, StillChoice)
    offered = [row.control.itemText(at) for at in range(row.control.count())]
    assert offered == ["Automatic", "Processor alone", "NVIDIA RTX 4000"]
    stage.qtbot.keyClick(row.control, Qt.Key.Key_Down)
    engine = stage.desk.choices[_MODEL].engine
    assert engine is not None
    assert engine.device == "cpu"


def test_a_schema_that_cannot_be_kept_to_is_not_taken(stage: Stage, page: ModelsPage) -> None:
    run_of(page).advanced.open()
    advanced = run_of(page).findChild(AdvancedSettings)
    assert advanced is not None
    dialog = advanced.open_schema()
    dialog.editor.setPlainText('{"type": ')
    assert not dialog.check()
    assert dialog.verdict.text().startswith("This is no JSON: line 1")
    dialog.editor.setPlainText("{}")
    assert not dialog.check()
    assert not dialog.save.isEnabled()
    dialog.editor.setPlainText('{"type": "object"}')
    assert dialog.check()
    stage.qtbot.keyClick(dialog.save, _SPACE)
    sampler = stage.desk.choices[_MODEL].sampler
    assert sampler is not None
    assert sampler.json_schema == '{"type": "object"}'


def test_a_template_is_checked_while_one_writes_and_goes_back_to_the_files_own(
    stage: Stage, page: ModelsPage
) -> None:
    own = replace(stage.desk.models[_MODEL], chat_template="{{ messages }}")
    stage.desk.models[_MODEL] = own
    lens = run_of(page).lens
    dialog = open_template(stage.assistant, stage.theme, own, lens, page)
    assert dialog.editor.toPlainText() == "{{ messages }}"
    dialog.editor.setPlainText("{% for")
    stage.qtbot.waitUntil(lambda: not dialog.save.isEnabled())
    assert "cannot be parsed" in dialog.verdict.text()
    dialog.editor.setPlainText("{{ messages[0] }}")
    assert dialog.check()
    stage.qtbot.keyClick(dialog.save, _SPACE)
    assert stage.desk.choices[_MODEL].chat_template == "{{ messages[0] }}"
    dialog = open_template(stage.assistant, stage.theme, own, lens, page)
    stage.qtbot.keyClick(dialog.reset, _SPACE)
    assert dialog.check()
    stage.qtbot.keyClick(dialog.save, _SPACE)
    assert stage.desk.choices[_MODEL].chat_template == ""


def test_an_approval_stands_with_its_note_until_it_is_withdrawn(
    stage: Stage, page: ModelsPage
) -> None:
    stage.qtbot.keyClick(button(tab_of(page), "Approve this model"), _SPACE)
    dialog = page.window().findChild(ApproveDialog)
    assert dialog is not None
    stage.qtbot.keyClicks(dialog.note, "Checked by counsel")
    stage.qtbot.keyClick(dialog.note, _ENTER)
    assert stage.desk.models[_MODEL].approval is not None
    assert "“Checked by counsel”" in words_of(tab_of(page))
    page.details.open_tab(2)
    history = page.details.findChildren(QWidget)
    lines = [each.text() for each in history if isinstance(each, Label)]
    assert "Approved" in lines
    page.details.open_tab(0)
    stage.qtbot.keyClick(button(tab_of(page), "Withdraw the approval"), _SPACE)
    assert stage.desk.models[_MODEL].approval is None


def test_adapters_of_another_kind_of_model_are_not_offered(stage: Stage, page: ModelsPage) -> None:
    like = stage.desk.models["smollm2-135m"]
    for name, base in (("fits", "qwen3"), ("other", "llama")):
        stage.desk.models[name] = replace(
            like, id=name, name=name, kind=ModelKind.ADAPTER, base_architecture=base
        )
    rows = tab_of(page).findChild(AdapterRows)
    assert rows is not None
    assert [each.id for each in rows.offers()] == ["fits"]
    rows.lay_over("fits")
    rows = tab_of(page).findChild(AdapterRows)
    assert rows is not None
    strength = rows.findChild(StillSlider)
    assert strength is not None
    stage.qtbot.keyClick(strength, _RIGHT)
    stage.qtbot.waitUntil(lambda: stage.desk.choices[_MODEL].adapters[0].strength == 1.05)
    rows = tab_of(page).findChild(AdapterRows)
    assert rows is not None
    stage.qtbot.keyClick(button(rows, "Take off fits"), _SPACE)
    assert stage.desk.choices[_MODEL].adapters == ()


def test_a_prompt_is_tried_with_its_speed_and_nothing_is_stored(
    stage: Stage, page: ModelsPage
) -> None:
    page.details.open_tab(1)
    tried = page.details.try_it
    stage.qtbot.keyClicks(tried.field, "Say hello")
    stage.qtbot.keyClick(tried.field, _ENTER)
    stage.qtbot.waitUntil(lambda: not tried.asking)
    assert "qwen3-4b" in tried.answer.text
    assert "first word 0.4 s" in tried.figures.text()
    assert not any(stage.desk.messages.values())


def test_a_tried_prompt_is_stopped_by_esc(stage: Stage, page: ModelsPage) -> None:
    page.details.open_tab(1)
    tried = page.details.try_it
    stage.desk.hold = True
    stage.qtbot.keyClicks(tried.field, "Say hello")
    stage.qtbot.keyClick(tried.field, _ENTER)
    stage.qtbot.waitUntil(lambda: bool(tried.answer.text))
    stage.qtbot.keyClick(tried.field, _ESC)
    stage.qtbot.waitUntil(lambda: not tried.asking)
    assert tried.figures.text() == "Stopped"
    assert tried.answer.text != ""


def test_figures_are_shown_once_they_are_measured(stage: Stage, page: ModelsPage) -> None:
    how = tab_of(page).how
    assert how is not None
    how.open()
    page.activateWindow()
    again = button(how, "Measure again")
    again.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(again, _SPACE)
    stage.qtbot.waitUntil(lambda: any("305" in each for each in words_of(tab_of(page))))
    focused = page.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Measure again", "the keys stay where they were"
    how = tab_of(page).how
    assert how is not None
    assert how.is_open
    stage.qtbot.keyClick(button(how, "Measure speed"), _SPACE)
    stage.qtbot.waitUntil(lambda: stage.desk.models[_MODEL].speed is not None)


def test_the_papers_are_written_or_it_is_said_why_not(
    stage: Stage, page: ModelsPage, tmp_path: Path
) -> None:
    export, card = tmp_path / "model.json", tmp_path / "model.md"
    page.papers.write(export, lambda: stage.assistant.models.register.export((_MODEL,)))
    assert json.loads(export.read_text())["models"] == [_MODEL]
    page.papers.write(card, lambda: stage.assistant.models.register.card(_MODEL))
    assert card.read_text().startswith("# Qwen3")
    page.papers.write(tmp_path / "no" / "way.md", lambda: "text")
    assert "could not be written" in page.notice.text


def test_a_choice_that_cannot_be_kept_is_said_in_its_place(stage: Stage, page: ModelsPage) -> None:
    stage.desk.disk_full = True
    stage.qtbot.keyClick(run_of(page).context.control, _RIGHT)
    stage.qtbot.waitUntil(lambda: any("is full" in each for each in words_of(run_of(page))))
    assert _MODEL not in stage.desk.choices


def _row(advanced: AdvancedSettings, name: str) -> SettingRow:
    return next(row for row in advanced.rows if row.path[-1] == name)
