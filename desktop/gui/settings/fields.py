"""The settings a person can change, as values: where they live, their limits, their words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.domain.settings import LIMITS, Settings

_tr = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number; `path` names it from the settings' root, `step` is the smallest change."""

    path: tuple[str, ...]
    title: str
    detail: str
    low: float
    high: float
    step: float = 1
    decimals: int = 0
    unit: str = ""
    zero: str = ""  # the word for 0, where it means a choice and not a number

    def shown(self, value: float) -> str:
        if self.zero and value == 0:
            return self.zero
        number = f"{value:,.{self.decimals}f}"
        return f"{number} {self.unit}" if self.unit else number


@dataclass(frozen=True, slots=True)
class SwitchField:
    """A yes or no."""

    path: tuple[str, ...]
    title: str
    detail: str

    def shown(self, value: bool) -> str:
        return _tr("Settings", "on") if value else _tr("Settings", "off")


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of a few; `choices` are the values with their words, in the order shown."""

    path: tuple[str, ...]
    title: str
    detail: str
    choices: tuple[tuple[str, str], ...]

    def shown(self, value: str) -> str:
        return dict(self.choices).get(value, str(value))


Field = NumberField | SwitchField | ChoiceField


def value_at(settings: Settings, path: tuple[str, ...]) -> Any:
    """The value that `path` names."""
    value: Any = settings
    for name in path:
        value = getattr(value, name)
    return value


def with_value(settings: Settings, path: tuple[str, ...], value: Any) -> Settings:
    """The settings with one value changed."""
    changed: Settings = _replaced(settings, path, value)
    return changed


def default_at(path: tuple[str, ...]) -> Any:
    return value_at(Settings(), path)


def limits_at(path: tuple[str, ...]) -> tuple[float, float]:
    """The lowest and the highest number that `path` may name."""
    return LIMITS[type(default_at(path[:-1]))][path[-1]]


def full_range(
    path: tuple[str, ...], title: str, detail: str, step: float = 1, unit: str = ""
) -> NumberField:
    """A number that can be moved as far as its limits go; other fields offer less."""
    return NumberField(path, title, detail, *limits_at(path), step, unit=unit)


def _replaced(holder: Any, path: tuple[str, ...], value: Any) -> Any:
    name, rest = path[0], path[1:]
    inner = _replaced(getattr(holder, name), rest, value) if rest else value
    return replace(holder, **{name: inner})


def answer_fields() -> tuple[Field, ...]:
    return (
        full_range(
            ("answers", "passages"),
            _tr("Settings", "Passages per question"),
            _tr("Settings", "How many passages are found and given to the model."),
        ),
        temperature_field(),
        NumberField(
            ("answers", "sampler", "max_tokens"),
            _tr("Settings", "Longest answer"),
            _tr("Settings", "The answer ends here even if the model would go on."),
            64,
            4096,
            64,
            unit=_tr("Settings", "tokens"),
        ),
        *_draw_fields(),
    )


def _draw_fields() -> tuple[Field, ...]:
    """How the next word is drawn, for those who tune it."""
    return (
        NumberField(
            ("answers", "sampler", "top_p"),
            _tr("Settings", "Top-p"),
            _tr("Settings", "Only the likeliest words that add up to this share are drawn."),
            0.05,
            1.0,
            0.05,
            2,
        ),
        NumberField(
            ("answers", "sampler", "top_k"),
            _tr("Settings", "Top-k"),
            _tr("Settings", "At most this many words stand to choice at each step."),
            1,
            200,
        ),
        NumberField(
            ("answers", "sampler", "repeat_penalty"),
            _tr("Settings", "Repeat penalty"),
            _tr("Settings", "Above 1, words just used become less likely."),
            1.0,
            2.0,
            0.05,
            2,
        ),
        NumberField(
            ("answers", "sampler", "seed"),
            _tr("Settings", "Seed"),
            _tr("Settings", "The same seed and question give the same answer."),
            0,
            999,
        ),
    )


def temperature_field() -> NumberField:
    return NumberField(
        ("answers", "sampler", "temperature"),
        _tr("Settings", "Temperature"),
        _tr("Settings", "Low is precise and repeatable, high is varied."),
        0.0,
        1.5,
        0.1,
        1,
    )


def context_field(most_tokens: int) -> NumberField:
    return NumberField(
        ("engine", "context_tokens"),
        _tr("Settings", "Context"),
        _tr("Settings", "More context needs more memory."),
        1024,
        max(2048, most_tokens),
        512,
        unit=_tr("Settings", "tokens"),
    )


def document_fields() -> tuple[Field, ...]:
    return (
        full_range(
            ("documents", "max_file_mb"),
            _tr("Settings", "Largest file"),
            _tr("Settings", "Larger files are named and not read."),
            unit="MB",
        ),
        full_range(
            ("documents", "page_time_limit_s"),
            _tr("Settings", "Time limit per page"),
            _tr("Settings", "A file with a page that takes longer is set aside."),
            unit="s",
        ),
        full_range(
            ("documents", "reader_memory_mb"),
            _tr("Settings", "Memory of the reader"),
            _tr("Settings", "The process that reads files never takes more than this."),
            128,
            "MB",
        ),
        SwitchField(
            ("documents", "recognise_text"),
            _tr("Settings", "Recognise text in pictures"),
            _tr("Settings", "Scanned pages and pictures are read after everything else."),
        ),
        *_meaning_fields(),
        SwitchField(
            ("documents", "include_hidden"),
            _tr("Settings", "Read hidden files"),
            _tr("Settings", "Files and folders whose names begin with a dot."),
        ),
    )


def _meaning_fields() -> tuple[Field, ...]:
    """How passages are found by meaning, for those who tune it."""
    return (
        ChoiceField(
            ("documents", "embedder_precision"),
            _tr("Settings", "Precision of the embedding model"),
            _tr(
                "Settings", "Fast computes in 8 bits and finds as well; exact takes twice as long."
            ),
            (
                ("auto", _tr("Settings", "Chosen for this machine")),
                ("fast", _tr("Settings", "Fast")),
                ("exact", _tr("Settings", "Exact")),
            ),
        ),
        ChoiceField(
            ("documents", "vector_index"),
            _tr("Settings", "Index of passages by meaning"),
            _tr("Settings", "What answers searches, from the next start on."),
            (
                ("auto", _tr("Settings", "Chosen by itself")),
                ("carrel", _tr("Settings", "Carrel's own")),
                ("chroma", _tr("Settings", "Chroma")),
            ),
        ),
    )
