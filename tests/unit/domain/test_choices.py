"""What was chosen for a model is told by name, and so is what changed of it."""

from __future__ import annotations

from desktop.domain.choices import changed_words, chosen_values
from desktop.domain.engine import (
    AdapterUse,
    EngineSettings,
    KvCacheType,
    ModelChoices,
    SamplerPreset,
    SamplerSettings,
    preset_sampler,
)


def test_nothing_chosen_tells_nothing() -> None:
    assert chosen_values(ModelChoices()) == {}
    assert changed_words(ModelChoices(), ModelChoices()) == ""


def test_only_what_differs_is_told_and_a_preset_by_its_name() -> None:
    chosen = ModelChoices(
        EngineSettings(context_tokens=2048, kv_type=KvCacheType.Q8_0),
        preset_sampler(SamplerPreset.CREATIVE, SamplerSettings(seed=7)),
        adapters=(AdapterUse("legal", 0.5),),
    )
    assert chosen_values(chosen) == {
        "context_tokens": "2048",
        "kv_type": "q8_0",
        "preset": "creative",
        "seed": "7",
        "adapter legal": "0.5",
    }


def test_a_change_tells_before_and_after() -> None:
    before = ModelChoices(EngineSettings(context_tokens=2048), SamplerSettings(temperature=0.3))
    after = ModelChoices(EngineSettings(context_tokens=4096))
    assert changed_words(before, after) == (
        "context tokens: 2048 → 4096; temperature: 0.3 → as the settings say"
    )


def test_another_template_of_the_same_length_is_a_change_too() -> None:
    words = changed_words(ModelChoices(chat_template="aa"), ModelChoices(chat_template="bb"))
    assert words == "chat template: another text of the same length"
