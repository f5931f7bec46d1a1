"""One side of a comparison: the model, how it words, and its answer with what it cost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.domain.answers import Answer, AnswerPiece, PassagesFound, PromptRead
from desktop.domain.engine import SamplerPreset, SamplerSettings, preset_sampler
from desktop.gui.chat.answer_style import AnswerStyle
from desktop.gui.chat.answer_text import AnswerText
from desktop.gui.chat.answer_words import figures_text, reading_text, support_facts
from desktop.gui.preset_chips import preset_words
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.labels import Label
from desktop.gui.widgets.pill import Pill
from desktop.gui.widgets.still_choice import StillChoice

_LEAST_HEIGHT = 220
_CHOICES_BESIDE = 340


class CompareColumn(QFrame):
    """Empty until it is asked; the answer can be kept once it is whole."""

    keep_wanted = Signal()
    changed = Signal()  # another model or wording

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareColumn")
        self.setAccessibleName(name)
        self._theme = theme
        self._passages = 0
        self.answer: Answer | None = None
        self.model = StillChoice(theme)
        self.model.setAccessibleName(self.tr("{side}: model").format(side=name))
        self.wording = StillChoice(theme, self._wordings())
        self.wording.setAccessibleName(self.tr("{side}: wording").format(side=name))
        self.state = Label(size=13, tone="mute", wrap=True)
        self.text = AnswerText(AnswerStyle(theme))
        self._facts = QWidget()
        self._pills = FlowLayout(self._facts, spacing=8)
        self.figures = Label(size=12, tone="mute", wrap=True)
        self.keep = Button(self.tr("Keep this one in a chat"))
        self.keep.setAccessibleName(self.tr("{side}: keep in a chat").format(side=name))
        self.copy = Button(self.tr("Copy"), "quiet")
        self.copy.setAccessibleName(self.tr("{side}: copy the answer").format(side=name))
        self._lay_out()
        self.clear()
        self.model.currentIndexChanged.connect(self.changed)
        self.wording.currentIndexChanged.connect(self.changed)
        self.keep.clicked.connect(self.keep_wanted)
        self.copy.clicked.connect(self._copy)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def model_id(self) -> str:
        return str(self.model.currentData() or "")

    @property
    def preset(self) -> SamplerPreset | None:
        """None words as the model is set."""
        value = self.wording.currentData()
        return SamplerPreset(value) if value else None

    @property
    def model_name(self) -> str:
        return self.model.currentText()

    def sampler(self, others: SamplerSettings) -> SamplerSettings | None:
        """How this side draws, None as the model is set; seed and length are those of `others`."""
        return preset_sampler(self.preset, others) if self.preset is not None else None

    def offer(self, models: Sequence[tuple[str, str]]) -> None:
        """The models to choose from, as id and name."""
        self.model.offer(models)

    def clear(self) -> None:
        self.answer = None
        self._passages = 0
        self.text.finish("")
        self.text.hide()
        self._facts.hide()
        self.state.setText("")
        self.figures.setText("")
        self._offer_keeping(False)

    def wait(self) -> None:
        """Asked, and nothing has come yet."""
        self.clear()
        self.say(self.tr("Waiting for its turn"))

    def say(self, words: str, tone: str = "mute") -> None:
        self.state.setText(words)
        self.state.set_tone(tone)
        self.state.setVisible(bool(words))

    def show_body(self, body: object) -> None:
        """What this side's model says."""
        match body:
            case PassagesFound(passages=passages):
                self._passages = len(passages)
            case PromptRead():
                self.say(reading_text(body, self._passages))
            case AnswerPiece(text=piece):
                self.say("")
                self.text.show()
                self.text.set_streaming(True)
                self.text.append_text(piece)

    def finish(self, answer: Answer) -> None:
        self.answer = answer
        self.say("")
        self.text.show()
        self.text.finish(answer.text, answer.statements)
        while (item := self._pills.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for words, kind in support_facts(answer):
            self._pills.addWidget(Pill(words, kind))
        self._facts.show()
        self.figures.setText(self._cost(answer))
        self._offer_keeping(True)

    def end(self, words: str, tone: str = "mute") -> None:
        """No answer will come any more; what was written stays to be read."""
        self.text.set_streaming(False)
        if self.answer is None:
            self.say(words, tone)

    def _cost(self, answer: Answer) -> str:
        parts = [figures_text(answer)]
        tokens = answer.figures.completion_tokens
        if tokens:
            parts.append(self.tr("{n} tokens").format(n=f"{tokens:,}"))
        count = len(answer.citations)
        if count:
            one = self.tr("1 citation")
            parts.append(one if count == 1 else self.tr("{n} citations").format(n=count))
        return " · ".join(part for part in parts if part)

    def _offer_keeping(self, offered: bool) -> None:
        self.keep.setVisible(offered)
        self.copy.setVisible(offered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= self._theme.px(_CHOICES_BESIDE)
        direction = QBoxLayout.Direction
        self._choices.setDirection(direction.LeftToRight if beside else direction.TopToBottom)

    def _restyle(self) -> None:
        self.text.set_style(AnswerStyle(self._theme))
        self.setMinimumHeight(self._theme.px(_LEAST_HEIGHT))

    def _copy(self) -> None:
        if self.answer is not None:
            QGuiApplication.clipboard().setText(self.answer.text)

    def _wordings(self) -> list[tuple[str, str]]:
        presets = [(preset.value, preset_words(preset)) for preset in SamplerPreset]
        return [("", self.tr("As set")), *presets]

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        self._choices = QHBoxLayout()
        self._choices.setSpacing(8)
        self._choices.addWidget(self.model, 3)
        self._choices.addWidget(self.wording, 2)
        column.addLayout(self._choices)
        inside = QWidget()
        page = QVBoxLayout(inside)
        page.setContentsMargins(0, 0, 6, 0)
        page.setSpacing(12)
        for widget in (self.state, self.text, self._facts, self.figures):
            page.addWidget(widget)
        page.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName(self.accessibleName())
        area.setWidget(inside)
        column.addWidget(area, 1)
        under = QHBoxLayout()
        under.setSpacing(6)
        under.addWidget(self.keep)
        under.addWidget(self.copy)
        under.addStretch(1)
        column.addLayout(under)
