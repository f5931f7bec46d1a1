"""How a model runs on this machine: the plan it is loaded by, and what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.domain.engine import EnginePlan, EngineTuning, KvCacheType
from desktop.domain.models import ModelEntry, ModelSpeed
from desktop.gui.amounts import memory_words, moment_words
from desktop.gui.settings.models.fact_rows import FactRows
from desktop.gui.theme import Theme
from desktop.gui.widgets.buttons import Button
from desktop.gui.widgets.flow import FlowLayout
from desktop.gui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant

Facts = list[tuple[str, str]]


class HowItRuns(QWidget):
    """Figures of the loaded model, else of the last measurement; each can be measured again."""

    tune_wanted = Signal()
    measure_wanted = Signal()

    def __init__(
        self, assistant: Assistant, theme: Theme, entry: ModelEntry, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state = Label(size=12, tone="mute")
        running = assistant.models.running
        current = running.current()
        plan = running.plan() if current is not None and current.id == entry.id else None
        tuning = running.tuning(entry.id)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        if plan is not None and plan.fell_back:
            column.addWidget(Label(plan.fell_back, size=12, tone="warn", wrap=True))
        rows = FactRows(theme)
        for name, value in (*_run_facts(plan, tuning), *_speed_facts(tuning, entry.speed)):
            rows.add(name, value, wrap=True)
        if plan is None and tuning is None:
            words = self.tr("It is measured when the model is first loaded.")
            column.addWidget(Label(words, size=12, tone="mute", wrap=True))
        column.addWidget(rows)
        column.addLayout(self._buttons())

    def set_measuring(self, measuring: bool) -> None:
        """Say that figures are on their way; they are shown when the panel is made anew."""
        self.tune.setEnabled(not measuring)
        self.measure.setEnabled(not measuring)
        self._state.setText(self.tr("Measuring…") if measuring else "")

    def _buttons(self) -> FlowLayout:
        self.tune = Button(self.tr("Measure again"))
        self.tune.setToolTip(self.tr("Try threads, batches and number types again"))
        self.tune.clicked.connect(self.tune_wanted)
        self.measure = Button(self.tr("Measure speed"))
        self.measure.clicked.connect(self.measure_wanted)
        row = FlowLayout(spacing=8)
        row.addWidget(self.tune)
        row.addWidget(self.measure)
        row.addWidget(self._state)
        return row


def kv_words(kind: KvCacheType) -> str:
    """The numbers of a context in plain words."""
    return {
        KvCacheType.AUTO: _tr("automatic"),
        KvCacheType.F16: _tr("16 bits"),
        KvCacheType.Q8_0: _tr("8 bits"),
        KvCacheType.Q4_0: _tr("4 bits"),
    }[kind]


def _run_facts(plan: EnginePlan | None, tuning: EngineTuning | None) -> Facts:
    """By the plan that is in force; without one, by what was measured."""
    source = plan or tuning
    if source is None:
        return []
    threads = _tr("{writing} writing, {reading} reading")
    facts: Facts = [
        (
            _tr("Threads"),
            threads.format(writing=source.threads, reading=source.reading_threads),
        ),
        (_tr("Batch"), _tr("{n} tokens").format(n=source.batch_tokens)),
        (_tr("Flash attention"), _on(source.flash_attention)),
        (_tr("Context numbers"), kv_words(source.kv_type)),
        (_tr("Memory map"), _on(source.memory_map)),
    ]
    if plan is not None:
        memory = plan.memory
        parts = _tr("{total} GB: weights {weights}, cache {cache}, computing {compute}")
        facts += [
            (_tr("Prompt lookup"), _on(plan.prompt_lookup)),
            (_tr("Computed on"), plan.device.upper() if plan.device == "cpu" else plan.device),
            (
                _tr("Memory"),
                parts.format(
                    total=memory_words(memory.total, 2),
                    weights=memory_words(memory.weights, 2),
                    cache=memory_words(memory.kv_cache, 2),
                    compute=memory_words(memory.compute, 2),
                ),
            ),
        ]
    return facts


def _speed_facts(tuning: EngineTuning | None, speed: ModelSpeed | None) -> Facts:
    facts: Facts = []
    pace = _tr("reading {reading}, writing {writing} tokens/s")
    if tuning is not None:
        words = pace.format(
            reading=f"{tuning.reading_speed:,.0f}", writing=f"{tuning.writing_speed:,.0f}"
        )
        facts.append((_tr("When tuned"), f"{words} · {moment_words(tuning.measured_at)}"))
        if tuning.lookup_ratio > 0:
            times = _tr("{ratio} times as fast where it quotes")
            facts.append((_tr("Prompt lookup"), times.format(ratio=f"{tuning.lookup_ratio:.2f}")))
    if speed is not None:
        words = pace.format(
            reading=f"{speed.reading_speed:,.0f}", writing=f"{speed.writing_speed:,.0f}"
        )
        first = _tr("first word {seconds} s").format(seconds=f"{speed.seconds_to_first_token:.2f}")
        facts.append((_tr("Measured"), f"{words}, {first} · {moment_words(speed.measured_at)}"))
    return facts


def _on(value: bool) -> str:
    return _tr("on") if value else _tr("off")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Models", text)
