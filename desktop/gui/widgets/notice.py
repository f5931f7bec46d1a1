"""A bar that says what happened and offers one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRect, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.restyle import set_style_property

NoticeKind = Literal["plain", "warn", "bad"]
_GAP = 12


class NoticeBar(QFrame):
    """Hidden until `say`; it goes by itself after a while, or when it is closed."""

    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Notice"))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(8)
        self._label = Label(size=13, wrap=True)
        self._action = Button(self.tr("No action"), "quiet")
        self._close = Button(self.tr("Close"), "quiet")
        row.addWidget(self._label, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self._do: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._close.clicked.connect(self.hide)
        self._action.clicked.connect(self._act)
        self.hide()

    def say(
        self,
        text: str,
        kind: NoticeKind = "plain",
        action: str = "",
        do: Callable[[], None] | None = None,
        seconds: float = 10.0,
    ) -> None:
        """Show `text`; 0 seconds keeps it until it is closed."""
        set_style_property(self, "kind", kind)
        self._label.setText(text)
        self._action.setVisible(bool(action))
        self._action.setText(action)
        self._action.setAccessibleName(action or self.tr("No action"))
        self._do = do
        self._timer.stop()
        if seconds > 0:
            self._timer.start(round(seconds * 1000))
        self.show()
        self.raise_()
        self.shown.emit()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def place_over(self, column: QRect, room: int, top: int, width: int) -> None:
        """Stand in the middle of `column`, off the sides of the `room` that there is in all."""
        width = min(width, room - 2 * _GAP)
        middle = column.x() + (column.width() - width) // 2
        left = max(_GAP, min(middle, room - width - _GAP))
        self.setGeometry(left, top + _GAP, width, self.heightForWidth(width))

    @property
    def text(self) -> str:
        return self._label.text()

    def _act(self) -> None:
        do, self._do = self._do, None
        self.hide()
        if do is not None:
            do()
