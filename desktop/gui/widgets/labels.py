"""Text that is always plain: a document's or a model's words never become markup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from desktop.gui.widgets.restyle import set_style_property


class Label(QLabel):
    """Plain text at one of the design's sizes (11 to 22), weights (400, 500, 600) and tones."""

    def __init__(
        self,
        text: str = "",
        *,
        size: int = 14,
        weight: int = 400,
        tone: str = "text",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIndent(0)
        self.setWordWrap(wrap)
        for name, value in (("textSize", str(size)), ("weight", str(weight)), ("tone", tone)):
            self.setProperty(name, value)
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        set_style_property(self, "tone", tone)


class ElidedLabel(Label):
    """One line that gives way: what does not fit ends in an ellipsis, the tool tip has it all."""

    def __init__(
        self,
        text: str = "",
        *,
        size: int = 14,
        weight: int = 400,
        tone: str = "text",
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, size=size, weight=weight, tone=tone, parent=parent)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("…"), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        line = self.text().replace("\n", " ")
        return QSize(self.fontMetrics().horizontalAdvance(line) + 2, super().sizeHint().height())

    def shown_text(self) -> str:
        """What the present width shows."""
        line = self.text().replace("\n", " ")
        return self.fontMetrics().elidedText(line, self._mode, self.contentsRect().width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        draw_elided(self, self.shown_text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # A tool tip guesses whether it is rich text; escaping `<` away keeps it plain.
        cut = self.shown_text() != self.text()
        self.setToolTip(plain_tool_tip(self.text()) if cut else "")


def draw_elided(label: QLabel, shown: str) -> None:
    """Paint a label's frame as the style sheet says, with another text than its own."""
    painter = QPainter(label)
    option = QStyleOption()
    option.initFrom(label)
    label.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, label)
    painter.setPen(label.palette().color(label.foregroundRole()))
    flags = label.alignment() | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(label.contentsRect(), flags, shown)


class SectionLabel(QLabel):
    """The small heading over a group."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIndent(0)
        self.setText(text)


class KeyCap(QLabel):
    """The keys that do the same as the control beside it."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setIndent(0)
        self.setText(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def plain_tool_tip(text: str) -> str:
    """Text for `setToolTip` that Qt cannot take for markup."""
    # Qt calls a text rich when it finds a tag in it; a word joiner after `<` is no tag.
    return text.replace("<", "<\u2060")
