"""The fonts and formats that answers are written in, worked out once per theme."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QTextBlockFormat, QTextCharFormat, QTextFormat

from desktop.gui.chat.code_highlight import CodeRole
from desktop.gui.fonts import mono_font, ui_font
from desktop.gui.theme import Theme

# Properties by which the painters find what they draw under the text.
CODE_PROPERTY = QTextFormat.Property.UserProperty + 1
QUOTE_PROPERTY = QTextFormat.Property.UserProperty + 2
RULE_PROPERTY = QTextFormat.Property.UserProperty + 3
CHIP_PROPERTY = QTextFormat.Property.UserProperty + 4
TARGET_PROPERTY = QTextFormat.Property.UserProperty + 5
CHIP_OBJECT = QTextFormat.ObjectTypes.UserObject + 1

CODE_HEAD = 36  # height of the line over a code block that names its language
_HEADING_PIXELS = {1: 19.0, 2: 16.0, 3: 15.0}
REGULAR, MEDIUM, STRONG = 400, 500, 600


class AnswerStyle:
    """Colours and sizes of one moment; a theme that changes asks for a new one."""

    def __init__(self, theme: Theme) -> None:
        self._percent = theme.font_percent
        self.tokens = theme.tokens

    def colour(self, name: str) -> QColor:
        """The colour of a token, by the token's name."""
        return QColor(getattr(self.tokens, name))

    def pixels(self, size: float) -> int:
        return max(1, round(size * self._percent / 100))

    def font(self, size: float = 14.0, weight: int = REGULAR) -> QFont:
        return ui_font(self.pixels(size), weight)

    def mono_font(self, size: float = 13.0) -> QFont:
        return mono_font(self.pixels(size))

    def text_format(self) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setFont(self.font())
        made.setForeground(self.colour("text"))
        return made

    def block_format(self, size: float = 14.0, leading: float = 1.5) -> QTextBlockFormat:
        made = QTextBlockFormat()
        fixed = QTextBlockFormat.LineHeightTypes.FixedHeight.value
        made.setLineHeight(round(self.pixels(size) * leading), fixed)
        return made

    def heading_format(self, level: int) -> QTextCharFormat:
        made = self.text_format()
        made.setFont(self.font(_HEADING_PIXELS.get(level, 14.0), STRONG))
        return made

    def heading_pixels(self, level: int) -> float:
        return _HEADING_PIXELS.get(level, 14.0)

    def inline_code_format(self, base: QTextCharFormat) -> QTextCharFormat:
        made = QTextCharFormat(base)
        made.setFont(self.mono_font())
        made.setBackground(self.colour("panel"))
        return made

    def code_format(self, role: CodeRole) -> QTextCharFormat:
        colours = {
            CodeRole.COMMENT: "mute",
            CodeRole.KEYWORD: "acc",
            CodeRole.STRING: "warn",
            CodeRole.NUMBER: "bad",
            CodeRole.NAME: "acc",
        }
        made = QTextCharFormat()
        made.setFont(self.mono_font())
        made.setForeground(self.colour(colours.get(role, "text")))
        return made

    def chip_format(self, marker: int | None) -> QTextCharFormat:
        made = self.text_format()
        made.setObjectType(CHIP_OBJECT)
        made.setProperty(CHIP_PROPERTY, -1 if marker is None else marker)
        made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBottom)
        made.setAnchor(True)
        made.setAnchorHref("citation:none" if marker is None else f"citation:{marker}")
        return made
