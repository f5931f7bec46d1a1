"""What the rest of Carrel knows of a chat model: prompts in, pieces of text out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from desktop.domain.answers import AnswerPiece, PromptRead
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import EnginePlan, SamplerSettings, SequenceState


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a conversation as the model is shown it."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A stretch of the prompt.

    `trusted` text comes from the chat template and may hold control tokens. Everything else is
    content: whatever it spells is read as plain text, so that no document can forge a turn.
    """

    text: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class Prompt:
    """A whole prompt, in order."""

    parts: tuple[PromptPart, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """Closes every stream. "length" is the token limit or a full context window.

    `prompt_tokens` counts the whole prompt; `cached_tokens` of them were still in the cache and
    not read again. The speed is that of generation alone. `drafted_tokens` of the answer were
    taken from the prompt and only confirmed by the model.
    """

    prompt_tokens: int
    completion_tokens: int
    seconds_to_first_token: float
    tokens_per_second: float
    reason: Literal["end", "length", "stopped"]
    cached_tokens: int = 0
    drafted_tokens: int = 0


StreamEvent = PromptRead | AnswerPiece | StreamEnd


class PromptPrefix(Protocol):
    """What of a conversation a loaded model has read; for one thread at a time."""

    @property
    def key(self) -> str:
        """What a `SequenceState` must hold for to be put back here."""

    def standing(self) -> tuple[int, ...]:
        """The tokens that stand in the cache."""

    def state_bytes(self) -> int:
        """How large `state` would be."""

    def read_ahead(self, prompt: Prompt, cancel: CancelToken) -> int:
        """Read a prompt without answering it; return how many of its tokens stand then.

        A cancel leaves what was read. A prompt that fills the window is not read.
        """

    def state(self) -> SequenceState | None:
        """A copy of what stands in the cache; None where that is nothing."""

    def restore(self, state: SequenceState) -> int:
        """Put a state in the cache's place; return how many tokens stand then, 0 if it is not ours.

        The bytes must be the ones that were taken: the engine checks little of them.
        """


class ChatModel(Protocol):
    """A loaded chat model; for one thread at a time."""

    @property
    def model_id(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    @property
    def backend(self) -> str: ...

    @property
    def plan(self) -> EnginePlan:
        """How it was loaded."""

    @property
    def parameters(self) -> int:
        """How many weights the model has; 0 where its file does not say."""

    @property
    def prefix(self) -> PromptPrefix:
        """What the model has read, to be read ahead, taken out and put back."""

    def chat_prompt(self, messages: Sequence[ChatMessage]) -> Prompt:
        """The messages in the model's own format, ready for its answer."""

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` is as content."""

    def prompt_tokens(self, prompt: Prompt) -> int:
        """How many tokens the whole prompt is."""

    def stream(
        self, prompt: Prompt, sampler: SamplerSettings, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        """Read the prompt and generate; the last event is a `StreamEnd`, also when stopped.

        Raises `ContextTooSmall` when the prompt alone fills the context window.
        """

    def set_threads(self, threads: int, reading_threads: int) -> None:
        """Compute with so many threads from the next token on; nothing is loaded anew."""

    def close(self) -> None:
        """Give the memory back; the model is not used again."""
