"""What a person may choose for one model, and what of it would fit."""

from __future__ import annotations

from desktop.assistant.engine import Engine
from desktop.assistant.model_changes import change_of
from desktop.assistant.model_loading import returned_bytes
from desktop.assistant.model_register import known
from desktop.assistant.preferences import Preferences
from desktop.assistant.tunings import Tunings
from desktop.domain.choices import changed_words
from desktop.domain.engine import AdapterUse, EngineSettings, MemoryFit, ModelChoices
from desktop.domain.errors import SchemaNotSupported, TemplateUnusable, UnknownModel
from desktop.domain.model_errors import AdapterNotForBase
from desktop.domain.models import ModelChangeKind, ModelEntry, ModelKind
from desktop.domain.settings import within_limits
from desktop.storage.model_store import ModelStore


class ModelOptions:
    """Choices by model: small reads and writes, in force at the next question."""

    def __init__(
        self, models: ModelStore, tunings: Tunings, preferences: Preferences, engine: Engine
    ) -> None:
        self._models = models
        self._tunings = tunings
        self._preferences = preferences
        self._engine = engine

    def choices(self, model_id: str) -> ModelChoices:
        """What was chosen for this model; nothing of its own where nobody has chosen."""
        return self._models.choices(model_id)

    def change_choices(self, model_id: str, choices: ModelChoices) -> None:
        """Keep choices within their limits, in force at the next question.

        Raises `UnknownModel`, also of an adapter; `AdapterNotForBase` for one that was made for
        another architecture; `TemplateUnusable`, `SchemaNotSupported` for what fails.
        """
        entry = known(self._models, model_id)
        for use in choices.adapters:
            self._check_adapter(entry, use)
        if problem := self.check_template(choices.chat_template):
            raise TemplateUnusable(problem)
        schema = choices.sampler.json_schema if choices.sampler is not None else ""
        if problem := self.check_schema(schema):
            raise SchemaNotSupported(problem)
        before, after = self._models.choices(model_id), within_limits(choices)
        if after != before:
            detail = changed_words(before, after)
            change = change_of(entry, ModelChangeKind.CHOICES_CHANGED, detail)
            self._models.put_choices(model_id, after, change)

    def fit(self, model_id: str, engine: EngineSettings | None = None) -> MemoryFit:
        """Whether the model would fit with these settings, or with those that hold for it.

        What the model in memory takes counts as free: it leaves when another one comes. Raises
        `UnknownModel`.
        """
        from desktop.inference.memory_fit import fit, free_memory

        entry, choices = known(self._models, model_id), self._models.choices(model_id)
        settings = engine or choices.engine or self._preferences.settings().engine
        free = free_memory(settings.device, self._returned_bytes())
        return fit(entry, settings, free, self._tunings.of(entry), self._adapter_bytes(choices))

    def template_of(self, model_id: str) -> str:
        """The chat template the model answers with; raises `UnknownModel`."""
        entry = known(self._models, model_id)
        return self._models.choices(model_id).chat_template or entry.chat_template

    def check_template(self, text: str) -> str:
        """Why this chat template cannot be used; "" where it can, or where there is none."""
        if not text:
            return ""
        from desktop.inference.template_check import template_problem

        return template_problem(text)

    def check_schema(self, text: str) -> str:
        """Why answers cannot be held to this JSON schema; "" where they can, or there is none."""
        if not text:
            return ""
        from desktop.inference.schema_grammar import grammar_of

        try:
            grammar_of(text)
        except SchemaNotSupported as error:
            return error.reason
        return ""

    def _returned_bytes(self) -> int:
        entry, plan = self._engine.loaded, self._engine.plan
        return returned_bytes(entry, plan) if entry is not None and plan is not None else 0

    def _check_adapter(self, base: ModelEntry, use: AdapterUse) -> None:
        adapter = known(self._models, use.model_id)
        if adapter.kind is not ModelKind.ADAPTER:
            raise UnknownModel(use.model_id)
        # The shapes of its tensors are held against the base's when it is laid over it.
        if adapter.base_architecture != base.architecture:
            reason = f"it was made for {adapter.base_architecture}, not {base.architecture}"
            raise AdapterNotForBase(adapter.path, base.name, reason)

    def _adapter_bytes(self, choices: ModelChoices) -> int:
        adapters = (self._models.entry(use.model_id) for use in choices.adapters)
        return sum(adapter.size_bytes for adapter in adapters if adapter is not None)
