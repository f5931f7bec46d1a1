"""Colours and type change while the window is open."""

from __future__ import annotations

from PySide6.QtGui import QFontInfo, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.settings import AppearanceSettings
from desktop.domain.settings import Theme as ThemeChoice
from desktop.gui.main_window import MainWindow
from desktop.gui.theme import Theme
from desktop.gui.tokens import DARK, LIGHT
from desktop.gui.widgets.labels import Label


def test_a_chosen_theme_is_shown_at_once(qtbot: QtBot, theme: Theme, window: MainWindow) -> None:
    before = window.grab().toImage().pixelColor(5, 450).name().upper()
    with qtbot.waitSignal(theme.changed):
        theme.apply(AppearanceSettings(theme=ThemeChoice.DARK))
    after = window.grab().toImage().pixelColor(5, 450).name().upper()
    assert (before, after) == (LIGHT.side, DARK.side)
    assert QApplication.palette().color(QPalette.ColorRole.Base).name().upper() == DARK.card


def test_the_same_choice_again_changes_nothing(qtbot: QtBot, theme: Theme) -> None:
    with qtbot.assertNotEmitted(theme.changed, wait=50):
        theme.apply(AppearanceSettings(theme=ThemeChoice.LIGHT))


def test_text_grows_with_the_setting_and_stays_within_its_limits(
    qtbot: QtBot, theme: Theme
) -> None:
    label = Label("Harbor lease", size=13)
    qtbot.addWidget(label)
    label.show()
    small = label.sizeHint().width()
    theme.apply(AppearanceSettings(theme=ThemeChoice.LIGHT, font_percent=200))
    assert 1.8 < label.sizeHint().width() / small < 2.2
    theme.apply(AppearanceSettings(theme=ThemeChoice.LIGHT, font_percent=900))
    assert theme.font_percent == 200


def test_the_type_is_the_bundled_one_in_its_three_weights(theme: Theme) -> None:
    for weight in (400, 500, 600):
        found = QFontInfo(theme.font(13, weight))
        assert (found.family(), found.weight()) == ("Inter", weight)
