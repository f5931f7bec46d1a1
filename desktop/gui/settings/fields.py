"""The settings a person can change, as values: where they live, their limits, their words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.domain.settings import LIMITS, Settings

_tr = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Automatic:
    """The value that leaves a number to Carrel, and the number it stands for here, if known."""

    value: float
    number: float | None = None


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
    automatic: Automatic | None = None
    names: tuple[tuple[float, str], ...] = ()  # numbers that have a word of their own

    def shown(self, value: float) -> str:
        if self.automatic is None or value != self.automatic.value:
            return self._written(value)
        if self.automatic.number is None:
            return _tr("Settings", "Automatic")
        words = _tr("Settings", "Automatic: {number}")
        return words.format(number=self._written(self.automatic.number))

    def default_words(self, default: float) -> str:
        """A default by name: that it is automatic, whatever it stands for."""
        if self.automatic is not None and default == self.automatic.value:
            return _tr("Settings", "Automatic")
        return self.shown(default)

    def position_of(self, value: float) -> int:
        """The step a slider stands at; what is automatic stands at the number it stands for."""
        if self.automatic is not None and value == self.automatic.value:
            value = self.low if self.automatic.number is None else self.automatic.number
        return round((value - self.low) / self.step)

    def value_at(self, position: int) -> float:
        return min(round(self.low + position * self.step, self.decimals), self.high)

    def _written(self, value: float) -> str:
        word = dict(self.names).get(value)
        if word is not None:
            return word
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
