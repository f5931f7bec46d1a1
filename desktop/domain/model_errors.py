"""What can go wrong with a model; facts alone, the sentences are the assistant's."""

from __future__ import annotations

from desktop.domain.errors import CarrelError


class ModelError(CarrelError):
    """A model cannot be used."""


class ModelMissing(ModelError):
    """The model's file is not where the register says."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self.name = name
        self.path = path


class ModelDamaged(ModelError):
    """The model file is not a whole, well-formed GGUF file, or not the one that was imported."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


class ModelTrialFailed(ModelError):
    """The model file passed the checks and failed to load or answer in a throwaway process."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason


class NotAModel(ModelError):
    """What was chosen is no model file; `found` says what it is, as "a ZIP archive"."""

    def __init__(self, path: str, found: str) -> None:
        super().__init__(path, found)
        self.path = path
        self.found = found


class ModelUseUnknown(ModelError):
    """A whole model file of a use that Carrel has no place for; `use` is as "a projector"."""

    def __init__(self, path: str, use: str) -> None:
        super().__init__(path, use)
        self.path = path
        self.use = use


class ModelNeedsNewerEngine(ModelError):
    """The bundled llama.cpp does not know what the file names, as "the architecture 'x'"."""

    def __init__(self, path: str, unknown: str) -> None:
        super().__init__(path, unknown)
        self.path = path
        self.unknown = unknown


class ModelPartMissing(ModelError):
    """A model in several files lies here without one of them."""

    def __init__(self, path: str, missing: str, count: int) -> None:
        super().__init__(path, missing, count)
        self.path = path
        self.missing = missing
        self.count = count


class ModelChanged(ModelError):
    """A model that is used where it lies is not the file any more that it was."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self.name = name
        self.path = path


class AdapterNotForBase(ModelError):
    """An adapter was made for another model; `base` is "" where no model in the register fits."""

    def __init__(self, path: str, base: str, reason: str) -> None:
        super().__init__(path, base, reason)
        self.path = path
        self.base = base
        self.reason = reason


class NoRoomForModel(ModelError):
    """The disk of the models folder has less room than the copy needs."""

    def __init__(self, path: str, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(path, needed_bytes, free_bytes)
        self.path = path
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes


class ImportInterrupted(ModelError):
    """The source went away while it was copied; what was copied is kept, to go on from."""

    def __init__(self, path: str, copied_bytes: int, reason: str) -> None:
        super().__init__(path, copied_bytes, reason)
        self.path = path
        self.copied_bytes = copied_bytes
        self.reason = reason


class ModelDoesNotFit(ModelError):
    """The model needs more memory than is free.

    `setting` is the one of `EngineSettings` with whose `value` it would fit; "" where none helps.
    """

    def __init__(
        self,
        name: str,
        needed_bytes: int,
        free_bytes: int,
        setting: str = "",
        value: int | str = "",
    ) -> None:
        super().__init__(name, needed_bytes, free_bytes, setting, value)
        self.name = name
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes
        self.setting = setting
        self.value = value


class ContextTooSmall(ModelError):
    """The question alone fills the model's context window."""

    def __init__(self, needed_tokens: int, context_tokens: int) -> None:
        super().__init__(needed_tokens, context_tokens)
        self.needed_tokens = needed_tokens
        self.context_tokens = context_tokens


class EmbedderMissing(ModelError):
    """The included embedding model's folder is not there or incomplete."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class EmbedderGone(ModelError):
    """The embedding model that a collection's vectors came from is not in the register."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
