"""One model's choices seen as settings, so that the same rows change them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.domain.engine import EngineSettings, MemoryFit, ModelChoices, SamplerSettings
from desktop.domain.settings import Settings

if TYPE_CHECKING:
    from desktop.assistant.facade import Assistant


class ChoicesLens:
    """What is like the general settings is no choice of the model's own."""

    def __init__(self, assistant: Assistant, model_id: str, changed: Callable[[], None]) -> None:
        self._assistant = assistant
        self._model_id = model_id
        self._changed = changed

    @property
    def choices(self) -> ModelChoices:
        return self._assistant.models.options.choices(self._model_id)

    @property
    def engine(self) -> EngineSettings:
        """How the model is loaded: by its own choices, else by the general ones."""
        return self.choices.engine or self.general().engine

    @property
    def sampler(self) -> SamplerSettings:
        return self.choices.sampler or self.general().answers.sampler

    def general(self) -> Settings:
        """What every model follows that has no choice of its own."""
        return self._assistant.preferences.settings()

    def settings(self) -> Settings:
        general = self.general()
        answers = replace(general.answers, sampler=self.sampler)
        return replace(general, engine=self.engine, answers=answers)

    def change(self, settings: Settings) -> None:
        """Raises what `options.change_choices` raises."""
        general, sampler = self.general(), settings.answers.sampler
        self.choose(
            replace(
                self.choices,
                engine=settings.engine if settings.engine != general.engine else None,
                sampler=sampler if sampler != general.answers.sampler else None,
            )
        )

    def choose(self, choices: ModelChoices) -> None:
        """Keep these choices; raises what `options.change_choices` raises."""
        self._assistant.models.options.change_choices(self._model_id, choices)
        self._changed()

    def fit(self, engine: EngineSettings | None = None) -> MemoryFit:
        """Whether the model would fit, loaded like this."""
        return self._assistant.models.options.fit(self._model_id, engine or self.engine)
