"""A row of the sidebar that leads somewhere, with a word or keys at its end."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.gui.theme import Theme
from desktop.gui.widgets.labels import ElidedLabel, KeyCap, Label


class NavButton(QPushButton):
    """Checked while its place is shown."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        keys: str = "",
        height: int = 32,
        raised: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = text
        self._height = height
        self._raised = raised
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = self._row = QHBoxLayout(self)
        side = 12 if raised else 8
        row.setContentsMargins(side, 0, side, 0)
        self._text = ElidedLabel(text, size=13, weight=500 if raised else 400)
        self._aside = Label(size=13, tone="mute")
        row.addWidget(self._text, 1)
        row.addWidget(self._aside)
        if keys:
            row.addWidget(KeyCap(keys))
        for label in (self._text, self._aside):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("raised", raised)
        self.toggled.connect(self._show_state)
        self._show_state(False)

    def set_aside(self, text: str) -> None:
        """The word at the end, such as a count."""
        self._aside.setText(text)
        self.setAccessibleName(f"{self._name}, {text}" if text else self._name)

    @property
    def aside(self) -> str:
        return self._aside.text()

    def sizeHint(self) -> QSize:
        return QSize(self._row.sizeHint().width(), self._theme.px(self._height))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._theme.px(self._height))

    def _show_state(self, checked: bool) -> None:
        tone = "text" if checked or self._raised else "mute"
        self._text.set_tone(tone)
        self._aside.set_tone(tone)
