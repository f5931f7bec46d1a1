"""What a person chose for a model, as names and values to show, and what changed of it."""

from __future__ import annotations

from dataclasses import fields

from desktop.domain.engine import EngineSettings, ModelChoices, SamplerSettings, preset_of

_AUTOMATIC = "automatic"
_NEITHER = "as the settings say"


def chosen_values(choices: ModelChoices) -> dict[str, str]:
    """Return what was chosen, by the name of its setting; what follows the settings is left out.

    A sampler that draws like a preset is told by the preset's name.
    """
    values: dict[str, str] = {}
    if choices.engine is not None:
        values |= _apart(choices.engine, EngineSettings()) or {"engine": _AUTOMATIC}
    if choices.sampler is not None:
        values |= _sampler_values(choices.sampler)
    if choices.chat_template:
        values["chat_template"] = f"own, {len(choices.chat_template)} characters"
    for use in choices.adapters:
        values[f"adapter {use.model_id}"] = f"{use.strength:g}"
    return values


def changed_words(before: ModelChoices, after: ModelChoices) -> str:
    """Return one line that says what is chosen otherwise than before; "" where nothing is."""
    old, new = chosen_values(before), chosen_values(after)
    names = [*new, *(name for name in old if name not in new)]
    changes = [
        f"{name.replace('_', ' ')}: {old.get(name, _NEITHER)} → {new.get(name, _NEITHER)}"
        for name in names
        if old.get(name) != new.get(name)
    ]
    if not changes and before.chat_template != after.chat_template:
        changes = ["chat template: another text of the same length"]
    return "; ".join(changes)


def _sampler_values(sampler: SamplerSettings) -> dict[str, str]:
    preset = preset_of(sampler)
    if preset is None:
        return _apart(sampler, SamplerSettings())
    plain = SamplerSettings()
    kept = ("seed", "max_tokens", "json_schema")
    values = {"preset": preset.value}
    return values | {
        name: _value(getattr(sampler, name))
        for name in kept
        if getattr(sampler, name) != getattr(plain, name)
    }


def _apart(chosen: EngineSettings | SamplerSettings, plain: object) -> dict[str, str]:
    return {
        field.name: _value(getattr(chosen, field.name))
        for field in fields(chosen)
        if getattr(chosen, field.name) != getattr(plain, field.name)
    }


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
