"""What the model has read of each chat: read ahead, put aside and brought back when it pays."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.domain.answers import AnswerFigures
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import SequenceState
from desktop.domain.errors import Cancelled, StorageError
from desktop.storage.sequence_states import SequenceStates

if TYPE_CHECKING:
    from desktop.inference.chat_model import ChatModel, Prompt

# Until it is measured: slow enough for a disk, fast enough for a model, so that little is kept.
_DISK_BYTES_A_SECOND = 100e6
_TOKENS_A_SECOND = 500.0
_OVERHEAD_S = 0.03
_MOMENT_S = 1.0  # what writing may add to the end of the program
_AT_ONCE = 20.0  # times the seconds of writing that must be gained to write before a chat is left
_SHORTEST_READ = 16  # tokens from which a speed can be told
_NEWER = 0.5  # how far the latest measurement moves a speed


@dataclass(frozen=True, slots=True)
class _Pace:
    """How fast this machine reads prompts, and writes and reads files, as far as it was seen."""

    tokens: float = _TOKENS_A_SECOND
    disk: float = _DISK_BYTES_A_SECOND

    def read(self, tokens: int, seconds: float) -> _Pace:
        if tokens < _SHORTEST_READ or seconds <= 0:
            return self
        return replace(self, tokens=_moved(self.tokens, tokens / seconds))

    def moved(self, size: int, seconds: float) -> _Pace:
        return replace(self, disk=_moved(self.disk, size / max(seconds, 1e-6)))

    def seconds_to_read(self, tokens: int) -> float:
        return tokens / self.tokens

    def seconds_on_disk(self, size: int) -> float:
        return size / self.disk + _OVERHEAD_S


class KeptPrefixes:
    """Follows which chat stands in the model's memory; for the thread that answers alone."""

    def __init__(self, states: SequenceStates) -> None:
        self._states = states
        self._model: ChatModel | None = None
        self._owner: int | None = None  # the chat that stands in the model's cache
        self._read: tuple[int, ...] = ()  # what stood there after its last answer
        self._saved = 0  # how many of these tokens a kept state holds
        self._held: dict[int, SequenceState] = {}  # not yet on the disk, oldest first
        self._pace = _Pace()

    def turn_to(self, conversation_id: int | None, model: ChatModel) -> None:
        """Make ready for a question of this chat, None for one that belongs to none.

        The chat before is put aside in memory, which takes some milliseconds.
        """
        if self._model is not model:
            self._model, self._owner = model, None
        if conversation_id is not None and conversation_id == self._owner:
            return
        self._put_aside(model)
        self._owner, self._read, self._saved = conversation_id, (), 0
        if conversation_id is not None:
            self._bring_back(conversation_id, model)

    def answered(self, model: ChatModel, figures: AnswerFigures) -> None:
        """Note what stands in the cache now, and how fast it was read."""
        read = figures.prompt_tokens - figures.cached_tokens
        self._pace = self._pace.read(read, figures.seconds_to_first_token)
        self._read = model.prefix.standing()

    def settle(self, begins: Callable[[ChatModel], Prompt], cancel: CancelToken) -> None:
        """Between two questions: read ahead what the next prompt begins with, then write.

        Returns soon after a cancel; what was not written then is written another time.
        """
        model = self._model
        if model is not None and self._owner is not None:
            prompt = begins(model)
            if prompt.parts:
                model.prefix.read_ahead(prompt, cancel)
                self._read = model.prefix.standing()
            if not cancel.cancelled:
                self._put_aside(model, _AT_ONCE)
        with suppress(Cancelled):
            while self._held:
                self._write_oldest(cancel)

    def leave(self, model: ChatModel) -> None:
        """Keep the chat in the cache before the model goes; what takes long to write is let go."""
        if self._model is model:
            self._put_aside(model)
            self._model, self._owner = None, None
        until = time.perf_counter() + _MOMENT_S
        while self._held:
            _, state = next(iter(self._held.items()))
            needed = self._pace.seconds_on_disk(len(state.payload))
            if time.perf_counter() + needed > until:
                self._held.clear()
                return
            self._write_oldest(CancelToken())

    def tidy(self) -> None:
        """Erase what is kept of chats that are gone."""
        with suppress(StorageError):
            self._states.tidy()

    def _put_aside(self, model: ChatModel, at_least: float = 1.0) -> None:
        """Copy the chat's state, where it gains so many times the seconds of writing it."""
        if self._owner is None or not self._still_stands(model):
            return
        size, tokens = model.prefix.state_bytes(), len(model.prefix.standing())
        gained = self._pace.seconds_to_read(tokens - self._saved)
        if gained < at_least * self._pace.seconds_on_disk(size) or size > self._states.limit_bytes:
            return
        state = model.prefix.state()
        if state is None:
            return
        self._saved = len(state.tokens)
        self._held.pop(self._owner, None)
        self._held[self._owner] = state
        while sum(len(each.payload) for each in self._held.values()) > self._states.limit_bytes:
            del self._held[next(iter(self._held))]

    def _still_stands(self, model: ChatModel) -> bool:
        """Whether the cache is the chat's: something else may have used the model since."""
        tokens = model.prefix.standing()
        return bool(self._read) and tokens[: len(self._read)] == self._read

    def _bring_back(self, conversation_id: int, model: ChatModel) -> None:
        state = self._held.get(conversation_id)
        if state is None or state.key != model.prefix.key:
            state = self._from_disk(conversation_id, model.prefix.key)
        if state is not None:
            self._saved = model.prefix.restore(state)

    def _from_disk(self, conversation_id: int, key: str) -> SequenceState | None:
        with suppress(StorageError):
            tokens, size = self._states.sizes(conversation_id, key)
            if self._pace.seconds_to_read(tokens) <= self._pace.seconds_on_disk(size):
                return None
            started = time.perf_counter()
            state = self._states.find(conversation_id, key)
            if state is not None:
                self._pace = self._pace.moved(size, time.perf_counter() - started)
            return state
        return None

    def _write_oldest(self, cancel: CancelToken) -> None:
        conversation_id, state = next(iter(self._held.items()))
        started = time.perf_counter()
        # A full disk costs the state, never the answer; and the chat may be gone.
        with suppress(StorageError, KeyError):
            self._states.keep(conversation_id, state, cancel)
            self._pace = self._pace.moved(len(state.payload), time.perf_counter() - started)
        del self._held[conversation_id]


def _moved(before: float, measured: float) -> float:
    return before + (measured - before) * _NEWER
