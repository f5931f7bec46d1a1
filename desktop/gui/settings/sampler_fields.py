"""How answers are worded, as settings: the temperature in front, the rest for those who tune."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.gui.settings.fields import Field, NumberField, full_range

_tr = QCoreApplication.translate
_ROOT = ("answers", "sampler")


def answer_fields() -> tuple[Field, ...]:
    """What stands in front on the page of answers."""
    return (
        full_range(
            ("answers", "passages"),
            _tr("Settings", "Passages per question"),
            _tr("Settings", "How many passages are found and given to the model."),
        ),
        temperature_field(),
        length_field(),
    )


def temperature_field() -> NumberField:
    return NumberField(
        (*_ROOT, "temperature"),
        _tr("Settings", "Temperature"),
        _tr("Settings", "Low is precise and repeatable, high is varied."),
        0.0,
        1.5,
        0.1,
        1,
    )


def length_field() -> NumberField:
    return NumberField(
        (*_ROOT, "max_tokens"),
        _tr("Settings", "Longest answer"),
        _tr("Settings", "The answer ends here even if the model would go on."),
        64,
        4096,
        64,
        unit=_tr("Settings", "tokens"),
    )


def draw_fields() -> tuple[NumberField, ...]:
    """How the next word is drawn."""
    return (*_choice_fields(), *_repeat_fields(), *_penalty_fields(), _seed_field())


def _choice_fields() -> tuple[NumberField, ...]:
    """Which words stand to choice at all."""
    off = _tr("Settings", "off")
    top_k = NumberField(
        (*_ROOT, "top_k"),
        _tr("Settings", "Top-k"),
        _tr("Settings", "At most this many words stand to choice at each step."),
        0,
        200,
        names=((0, off),),
    )
    return (
        top_k,
        _share_field(
            "top_p",
            _tr("Settings", "Top-p"),
            _tr("Settings", "Only the likeliest words that add up to this share are drawn."),
            (0.05, 1.0),
            (1.0, off),
        ),
        _share_field(
            "min_p",
            _tr("Settings", "Min-p"),
            _tr("Settings", "Words below this share of the likeliest one are never drawn."),
            (0.0, 0.5),
            (0.0, off),
        ),
        _share_field(
            "typical_p",
            _tr("Settings", "Typical"),
            _tr("Settings", "Below 1, words that surprise too much or too little are left out."),
            (0.05, 1.0),
            (1.0, off),
        ),
    )


def _repeat_fields() -> tuple[NumberField, ...]:
    """What keeps an answer from going round in circles."""
    return (
        NumberField(
            (*_ROOT, "repeat_penalty"),
            _tr("Settings", "Repeat penalty"),
            _tr("Settings", "Above 1, words just used become less likely."),
            1.0,
            2.0,
            0.05,
            2,
            names=((1.0, _tr("Settings", "off")),),
        ),
        NumberField(
            (*_ROOT, "repeat_last_tokens"),
            _tr("Settings", "Words looked back at"),
            _tr("Settings", "How far back the penalties look."),
            0,
            1024,
            32,
            unit=_tr("Settings", "tokens"),
        ),
    )


def _penalty_fields() -> tuple[NumberField, ...]:
    """What draws words that were not used yet."""
    off = ((0.0, _tr("Settings", "off")),)
    titles = (
        (
            "frequency_penalty",
            _tr("Settings", "Frequency penalty"),
            _tr("Settings", "Each time a word was used makes it less likely."),
        ),
        (
            "presence_penalty",
            _tr("Settings", "Presence penalty"),
            _tr("Settings", "A word that was used at all becomes less likely."),
        ),
    )
    return tuple(
        NumberField((*_ROOT, name), title, detail, -2.0, 2.0, 0.1, 1, names=off)
        for name, title, detail in titles
    )


def _seed_field() -> NumberField:
    return NumberField(
        (*_ROOT, "seed"),
        _tr("Settings", "Seed"),
        _tr("Settings", "The same seed and question give the same answer."),
        0,
        999,
    )


def _share_field(
    name: str, title: str, detail: str, limits: tuple[float, float], off: tuple[float, str]
) -> NumberField:
    """A share between 0 and 1; `off` is the one that leaves all words in."""
    return NumberField((*_ROOT, name), title, detail, *limits, 0.01, 2, names=(off,))
