"""The window's colours and type as they stand now, and the signal that they changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from desktop.domain.settings import AppearanceSettings, within_limits
from desktop.domain.settings import Theme as ThemeChoice
from desktop.gui.fonts import load_fonts, ui_font
from desktop.gui.icons import icon
from desktop.gui.style import style_sheet
from desktop.gui.tokens import DARK, LIGHT, Tokens, scaled


class Theme(QObject):
    """Follows the system or the person's choice; `changed` is emitted after it was applied."""

    changed = Signal()

    def __init__(self, app: QApplication, appearance: AppearanceSettings) -> None:
        super().__init__(app)
        self._app = app
        self._choice = appearance.theme
        self._font_percent = appearance.font_percent
        self._system_dark = False
        load_fonts()
        app.setStyle("Fusion")
        hints = app.styleHints()
        self._system_dark = hints.colorScheme() == Qt.ColorScheme.Dark
        hints.colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def tokens(self) -> Tokens:
        if self._choice is ThemeChoice.SYSTEM:
            return DARK if self._system_dark else LIGHT
        return DARK if self._choice is ThemeChoice.DARK else LIGHT

    @property
    def font_percent(self) -> int:
        return self._font_percent

    def apply(self, appearance: AppearanceSettings) -> None:
        """Show the given choice at once; nothing happens when it is already shown."""
        before = (self.tokens, self._font_percent)
        self._choice = appearance.theme
        self._font_percent = within_limits(appearance).font_percent
        if (self.tokens, self._font_percent) != before:
            self._apply()
            self.changed.emit()

    def px(self, pixels: int) -> int:
        """A size that grows with the person's font size."""
        return scaled(pixels, self._font_percent)

    def font(self, size: int, weight: int = 400) -> QFont:
        """Inter at one of the design's sizes (11 to 22), scaled; weight 400, 500 or 600."""
        return ui_font(self.px(size), weight)

    def icon(self, name: str, tone: str = "mute") -> QIcon:
        """An icon in the colour of the token `tone`."""
        return icon(name, getattr(self.tokens, tone))

    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        self._system_dark = scheme == Qt.ColorScheme.Dark
        if self._choice is ThemeChoice.SYSTEM:
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        self._app.setFont(self.font(14))
        self._app.setPalette(palette_of(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens, self._font_percent))


def palette_of(tokens: Tokens) -> QPalette:
    """The tokens as Qt's palette, for everything that paints without a style sheet."""
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, color in (
        (roles.Window, tokens.bg),
        (roles.WindowText, tokens.text),
        (roles.Base, tokens.card),
        (roles.AlternateBase, tokens.panel),
        (roles.Text, tokens.text),
        (roles.PlaceholderText, tokens.faint),
        (roles.Button, tokens.card),
        (roles.ButtonText, tokens.text),
        (roles.BrightText, tokens.bad),
        (roles.ToolTipBase, tokens.card),
        (roles.ToolTipText, tokens.text),
        (roles.Highlight, tokens.acc),
        (roles.HighlightedText, tokens.on_acc),
        (roles.Accent, tokens.acc),
        (roles.Link, tokens.acc),
        (roles.LinkVisited, tokens.acc),
        (roles.Mid, tokens.line),
        (roles.Midlight, tokens.hover),
        (roles.Light, tokens.card),
        (roles.Dark, tokens.mute),
        (roles.Shadow, tokens.edge),
    ):
        palette.setColor(role, QColor(color))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.faint))
    return palette
