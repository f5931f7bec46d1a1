"""One setting: what it is, its control, its value, its default and the way back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from desktop.assistant.sentences import sentence_for
from desktop.domain.errors import CarrelError
from desktop.domain.settings import Settings
from desktop.gui.settings.fields import (
    ChoiceField,
    Field,
    NumberField,
    default_at,
    value_at,
    with_value,
)
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.still_choice import StillChoice
from desktop.gui.widgets.still_slider import StillSlider
from desktop.gui.widgets.switch import Switch

# A slider on its way says dozens of values; each one kept is a file written.
_SETTLED_MS = 150


class SettingRow(QWidget):
    """Applies at once through `change`; `compact` is the narrow form of the details panel.

    `defaults` is what a value goes back to; without it, the settings as they come. A `brief` row
    is compact and names its default once the value is another.
    """

    changed = Signal()
    sliding = Signal(object)  # the number a slider stands at while it is moved

    def __init__(
        self,
        theme: Theme,
        field: Field,
        settings: Callable[[], Settings],
        change: Callable[[Settings], None],
        *,
        defaults: Callable[[], Settings] = Settings,
        compact: bool = False,
        brief: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._field = field
        self._settings = settings
        self._change = change
        self._defaults = defaults
        self._brief = brief
        compact = compact or brief
        self._value = Label(size=13, tone="mute")
        self._default = Label(size=12, tone="mute", wrap=True)
        self._detail = Label(field.detail, size=12, tone="mute", wrap=True)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._apply_slid)
        self._reset = Button(self.tr("Reset"), "inline" if compact else "quiet")
        self._reset.setAccessibleName(self.tr("Reset {name}").format(name=field.title))
        if not compact:
            self._reset.set_icon(theme, "reset", size=14)
            kept = self._reset.sizePolicy()  # its room stays: nothing jumps when it appears
            kept.setRetainSizeWhenHidden(True)
            self._reset.setSizePolicy(kept)
        self._reset.clicked.connect(lambda: self._apply(self._default_now()))
        self.control = self._make_control(theme)
        self.control.setAccessibleName(field.title)
        self.control.setAccessibleDescription(field.detail)
        self._lay_out(compact)
        self.refresh()

    @property
    def path(self) -> tuple[str, ...]:
        """Which setting it is."""
        return self._field.path

    def refresh(self) -> None:
        """Show the value in force."""
        value, default = self._now(), self._default_now()
        self.control.blockSignals(True)
        if isinstance(self.control, QSlider) and isinstance(self._field, NumberField):
            self.control.setValue(self._field.position_of(value))
        elif isinstance(self.control, Switch):
            self.control.setChecked(bool(value))
        elif isinstance(self.control, StillChoice):
            self.control.choose(value)
        self.control.blockSignals(False)
        self._value.setText("" if isinstance(self._field, ChoiceField) else self._shown(value))
        self._default.setText(self.tr("Default: {value}").format(value=self._named(default)))
        self._default.set_tone("mute")
        self._default.setVisible(not self._brief or value != default)
        self._reset.setVisible(value != default)

    def set_field(self, field: Field) -> None:
        """Show the same setting with other limits, or with what is automatic known by now."""
        assert field.path == self._field.path
        self._field = field
        if isinstance(self.control, QSlider) and isinstance(field, NumberField):
            self.control.blockSignals(True)
            self.control.setRange(0, field.position_of(field.high))
            self.control.blockSignals(False)
        elif isinstance(self.control, StillChoice) and isinstance(field, ChoiceField):
            self.control.offer(field.choices)
        self.refresh()

    def say(self, words: str, tone: str = "mute") -> None:
        """Put other words under the control than what the setting is for."""
        self._detail.setText(words)
        self._detail.set_tone(tone)
        self.control.setAccessibleDescription(words)

    def say_value(self, words: str) -> None:
        """Show the value in other words than its number."""
        self._value.setText(words)

    def _now(self) -> Any:
        value: Any = value_at(self._settings(), self._field.path)
        return value

    def _default_now(self) -> Any:
        default: Any = value_at(self._defaults(), self._field.path)
        return default

    def _named(self, default: Any) -> str:
        if isinstance(self._field, NumberField):
            return self._field.default_words(default)
        return self._shown(default)

    def _shown(self, value: Any) -> str:
        return self._field.shown(value)

    def _make_control(self, theme: Theme) -> StillSlider | Switch | StillChoice:
        if isinstance(self._field, ChoiceField):
            choice = StillChoice(theme, self._field.choices)
            choice.currentIndexChanged.connect(self._chosen)
            return choice
        if isinstance(self._field, NumberField):
            slider = StillSlider()
            slider.setRange(0, self._field.position_of(self._field.high))
            slider.setPageStep(max(1, slider.maximum() // 10))
            slider.valueChanged.connect(self._slid)
            return slider
        box = Switch(theme, self._field.title)
        box.toggled.connect(self._apply)
        return box

    def _chosen(self, _place: int) -> None:
        assert isinstance(self.control, StillChoice)
        kind = type(default_at(self._field.path))
        self._apply(kind(self.control.currentData()))

    def _slid(self, position: int) -> None:
        value = self._value_of(position)
        self._value.setText(self._field.shown(value))
        self._settled.start()
        self.sliding.emit(value)

    def _apply_slid(self) -> None:
        assert isinstance(self.control, QSlider)
        self._apply(self._value_of(self.control.value()))

    def _value_of(self, position: int) -> Any:
        assert isinstance(self._field, NumberField)
        kind = type(default_at(self._field.path))  # a whole number stays one
        return kind(self._field.value_at(position))

    def _apply(self, value: object) -> None:
        self._settled.stop()
        try:
            self._change(with_value(self._settings(), self._field.path, value))
        except CarrelError as error:
            self.refresh()
            self._default.setText(sentence_for(error).line)
            self._default.set_tone("bad")
            self._default.show()
            return
        self.refresh()
        self.changed.emit()

    def _lay_out(self, compact: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        top = QHBoxLayout()
        if isinstance(self.control, Switch):
            top.addWidget(self.control)
        else:
            top.addWidget(Label(self._field.title, size=13, weight=600, wrap=True), 1)
        top.addStretch(0)
        top.addWidget(self._value)
        column.addLayout(top)
        if not isinstance(self.control, Switch):
            column.addWidget(self.control)
        under = QHBoxLayout()
        under.setSpacing(4)
        if compact:
            column.addWidget(self._detail)
            under.addWidget(self._default, 1, Qt.AlignmentFlag.AlignTop)
        else:
            under.addWidget(self._detail, 1)
        under.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignTop)
        if not compact:
            under.addWidget(self._default)
        column.addLayout(under)
