"""Inter from our own files, so that every machine shows the same type."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from desktop.gui.resource_files import fonts_folder
from desktop.gui.tokens import FONT_FAMILY


def load_fonts() -> None:
    """Register the bundled font files; once per application."""
    if FONT_FAMILY in QFontDatabase.families():
        return
    for file in sorted(fonts_folder().glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))


def ui_font(pixels: int, weight: int = 400) -> QFont:
    """Inter at a size in pixels; weights are 400, 500 and 600."""
    font = QFont(FONT_FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    # Hinted advances are whole pixels: they pull letters apart and hyphens loose.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mono_font(pixels: int) -> QFont:
    """The platform's monospace, for code and hashes."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(pixels)
    return font
