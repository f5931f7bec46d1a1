"""The chat models in memory; loaded, switched and used on the answers lane alone."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.assistant.events import EngineFellBack, ModelLoaded, ModelLoading, ModelReturned
from desktop.assistant.model_loading import Loader, Want, returned_bytes
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan, EngineSettings, SamplerSettings
from desktop.domain.errors import Cancelled, CarrelError
from desktop.domain.model_errors import ModelDamaged
from desktop.domain.models import ModelEntry

if TYPE_CHECKING:
    from desktop.inference.chat_model import ChatModel

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seated:
    """A model in memory, and what it was loaded with."""

    model: ChatModel
    want: Want


class Engine:
    """The model that answers, and for a comparison a second one beside it."""

    def __init__(self, loader: Loader, before_closing: Callable[[ChatModel], None]) -> None:
        self._loader = loader
        self._before_closing = before_closing
        self._seated: _Seated | None = None
        self._used_at = time.monotonic()

    @property
    def loaded(self) -> ModelEntry | None:
        """What is in memory; safe to read from any thread."""
        seated = self._seated
        return seated.want.entry if seated is not None else None

    @property
    def plan(self) -> EnginePlan | None:
        """How the model in memory is run; safe to read from any thread."""
        seated = self._seated
        if seated is None:
            return None
        # A measurement that confirms the rule of thumb needs no loading, and is one all the same.
        return replace(seated.model.plan, tuned=seated.want.tuning is not None)

    @property
    def backend(self) -> str:
        seated = self._seated
        return seated.model.backend if seated is not None else ""

    def ensure(
        self, model_id: str, settings: EngineSettings, cancel: CancelToken
    ) -> Generator[object, None, ChatModel]:
        """Return the model asked for, loading it if another one or none is in memory.

        The old model stays until the new one is loaded and has answered one token. Where both do
        not fit at once the old one goes first, and is loaded again if the new one fails. Raises
        `ModelError` types, `UnknownModel` and `Cancelled`, and then the old one is there.
        """
        want = self._loader.want(model_id, settings)
        seated = self._seated
        if seated is not None and want.loaded_like(seated.want):
            self._keep(seated, want)
        else:
            yield from self._switch(want, cancel)
        self.touch()
        assert self._seated is not None
        return self._seated.model

    def second(
        self, model_id: str, settings: EngineSettings, cancel: CancelToken
    ) -> Generator[object, None, ChatModel | None]:
        """Load another model beside the one in memory; None where both do not fit.

        The caller closes it. Raises what `ensure` raises.
        """
        want = self._loader.want(model_id, settings)
        if not self._fits_beside(want):
            return None
        yield ModelLoading(want.entry.id)
        model = self._loader.load(want, cancel)
        yield from _arrival(model, want)
        return model

    def without_model(self, steps: Iterator[object]) -> Generator[object, None, None]:
        """Go through `steps` with no model in memory; the one that was there comes back."""
        seated = self._seated
        self.unload()
        try:
            yield from steps
        finally:
            if seated is not None:
                self._come_back(seated.want)

    def holding(self, model_id: str) -> ChatModel | None:
        """The model in memory, if it is this one."""
        seated = self._seated
        return seated.model if seated is not None and seated.want.entry.id == model_id else None

    def uses(self, model_id: str) -> bool:
        """Whether this model, or this adapter over another one, is in memory."""
        seated = self._seated
        if seated is None:
            return False
        laid = (use.model_id for use in seated.want.choices.adapters)
        return model_id == seated.want.entry.id or model_id in laid

    def touch(self) -> None:
        """Note that the model is used."""
        self._used_at = time.monotonic()

    def idle_for(self, seconds: float) -> bool:
        """Whether a model is in memory that nobody used for as long; from any thread."""
        return self._seated is not None and time.monotonic() - self._used_at >= seconds

    def unload(self) -> None:
        """Give the model's memory back."""
        seated, self._seated = self._seated, None
        if seated is not None:
            self._before_closing(seated.model)
            seated.model.close()

    def _keep(self, seated: _Seated, want: Want) -> None:
        """Go on with the model in memory; what can be changed in place follows the settings."""
        if want.threads() != seated.want.threads():
            seated.model.set_threads(*want.threads())
        self._seated = _Seated(seated.model, want)

    def _switch(self, want: Want, cancel: CancelToken) -> Generator[object, None, None]:
        cancel.raise_if_cancelled()
        yield ModelLoading(want.entry.id)
        if self._seated is None:
            model = self._loader.load(want, cancel)
        elif self._fits_beside(want):
            model = self._passed(want, cancel)
            self.unload()
        else:
            model = yield from self._exchanged(self._seated, want, cancel)
        self._seated = _Seated(model, want)
        yield from _arrival(model, want)

    def _fits_beside(self, want: Want) -> bool:
        """Whether it fits as well as it would alone: no smaller context, no fewer GPU layers."""
        beside, alone = self._loader.fit(want), self._loader.fit(want, self._returned_bytes())
        return beside.fits and (beside.context_tokens, beside.gpu_layers) == (
            alone.context_tokens,
            alone.gpu_layers,
        )

    def _returned_bytes(self) -> int:
        seated = self._seated
        return returned_bytes(seated.want.entry, seated.model.plan) if seated is not None else 0

    def _exchanged(
        self, old: _Seated, want: Want, cancel: CancelToken
    ) -> Generator[object, None, ChatModel]:
        """Both do not fit at once: the old one goes first, and comes back if the new one fails."""
        self._loader.refuse_unless_fits(want, self._loader.fit(want, self._returned_bytes()))
        self.unload()
        try:
            return self._passed(want, cancel)
        except (CarrelError, Cancelled):
            if self._come_back(old.want):
                yield ModelReturned(old.want.entry, want.entry.id)
            raise

    def _come_back(self, want: Want) -> bool:
        try:
            self._seated = _Seated(self._loader.load(want, CancelToken()), want)
        except CarrelError:
            # What stopped the new one is what the person asked about; this one says no more.
            _log.warning("The earlier model did not come back", exc_info=True)
            return False
        return True

    def _passed(self, want: Want, cancel: CancelToken) -> ChatModel:
        """Load a model and let it answer one token, before another one has to go for it."""
        from desktop.inference.chat_model import ChatMessage, StreamEnd

        model = self._loader.load(want, cancel)
        try:
            prompt = model.chat_prompt([ChatMessage("user", "?")])
            *_, end = model.stream(prompt, SamplerSettings(max_tokens=1), cancel)
            assert isinstance(end, StreamEnd), "a stream closes with its end"
            cancel.raise_if_cancelled()
            if end.reason == "length" and not end.completion_tokens:
                raise ModelDamaged(want.entry.path, "it loads and does not answer")
        except BaseException:
            model.close()
            raise
        return model


def _arrival(model: ChatModel, want: Want) -> Iterator[object]:
    if model.plan.fell_back:
        yield EngineFellBack(want.entry.id, model.plan.fell_back)
    yield ModelLoaded(want.entry)
