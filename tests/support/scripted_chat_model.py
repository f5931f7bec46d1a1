"""A chat model without weights: says what it is told to say, word by word, and counts words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from desktop.domain.answers import AnswerPiece, PromptRead
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import (
    EnginePlan,
    KvCacheType,
    MemoryNeeded,
    SamplerSettings,
    SequenceState,
)
from desktop.domain.model_errors import ContextTooSmall
from desktop.inference.chat_model import (
    ChatMessage,
    Prompt,
    PromptPart,
    StreamEnd,
    StreamEvent,
)

_TOKEN = re.compile(r"\S+\s*")


class ScriptedPrefix:
    """Implements `PromptPrefix`: remembers the words that were read; a word is a token."""

    def __init__(self, key: str = "scripted") -> None:
        self.key = key
        self.words: tuple[str, ...] = ()

    def standing(self) -> tuple[int, ...]:
        return tuple(hash(word) & 0x7FFFFFFF for word in self.words)

    def state_bytes(self) -> int:
        return len("".join(self.words).encode())

    def read_ahead(self, prompt: Prompt, cancel: CancelToken) -> int:
        if cancel.cancelled:
            return 0
        self.words = tuple(_TOKEN.findall(prompt.text))
        return len(self.words)

    def state(self) -> SequenceState | None:
        payload = "".join(self.words).encode()
        return SequenceState(self.key, self.standing(), payload) if payload else None

    def restore(self, state: SequenceState) -> int:
        self.words = ()
        if state.key == self.key:
            self.words = tuple(_TOKEN.findall(bytes(state.payload).decode()))
        return len(self.words)


class ScriptedChatModel:
    """Implements `ChatModel`; a token is a word, and every message costs three tokens more."""

    model_id = "scripted"
    backend = "none"

    def __init__(
        self,
        says: str | Callable[[str], str],
        context_tokens: int = 4096,
        parameters: int = 7_000_000_000,
    ) -> None:
        self.context_tokens = context_tokens
        self.parameters = parameters
        self.plan = EnginePlan(
            context_tokens=context_tokens,
            batch_tokens=256,
            threads=1,
            reading_threads=1,
            gpu_layers=0,
            all_layers=1,
            device="none",
            flash_attention=False,
            memory_map=True,
            kv_type=KvCacheType.F16,
            prompt_lookup=False,
            memory=MemoryNeeded(1000, 100, 10),
        )
        self.threads = (1, 1)
        self.closed = False
        self.prompts: list[str] = []
        self.samplers: list[SamplerSettings] = []
        self.streams_closed = 0
        self.prefix = ScriptedPrefix()
        self._says = says if callable(says) else lambda _: says

    def chat_prompt(self, messages: Sequence[ChatMessage]) -> Prompt:
        parts: list[PromptPart] = []
        for message in messages:
            parts.append(PromptPart(f"<turn> {message.role} : ", True))
            parts.append(PromptPart(message.text + "\n", False))
        return Prompt((*parts, PromptPart("<turn> assistant : ", True)))

    def count_tokens(self, text: str) -> int:
        return len(_TOKEN.findall(text))

    def prompt_tokens(self, prompt: Prompt) -> int:
        return sum(self.count_tokens(part.text) for part in prompt.parts)

    def stream(
        self, prompt: Prompt, sampler: SamplerSettings, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        self.prompts.append(prompt.text)
        self.samplers.append(sampler)
        read = self.prompt_tokens(prompt)
        if read >= self.context_tokens:
            raise ContextTooSmall(read, self.context_tokens)
        yield PromptRead(read, read)
        self.prefix.words = tuple(_TOKEN.findall(prompt.text))
        room = min(sampler.max_tokens, self.context_tokens - read)
        words = _TOKEN.findall(self._says(prompt.text))
        try:
            for done, word in enumerate(words):
                if cancel.cancelled:
                    yield StreamEnd(read, done, 0.1, 50.0, "stopped")
                    return
                if done == room:
                    yield StreamEnd(read, done, 0.1, 50.0, "length")
                    return
                yield AnswerPiece(word)
            yield StreamEnd(read, len(words), 0.1, 50.0, "end")
        finally:
            self.streams_closed += 1

    def set_threads(self, threads: int, reading_threads: int) -> None:
        self.threads = (threads, reading_threads)

    def close(self) -> None:
        self.closed = True
