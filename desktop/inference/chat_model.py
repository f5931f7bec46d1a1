"""What the rest of Carrel knows of a chat model: prompts in, pieces of text out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from desktop.domain.answers import AnswerPiece, PromptRead
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import SamplerSettings


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
    not read again. The speed is that of generation alone.
    """

    prompt_tokens: int
    completion_tokens: int
    seconds_to_first_token: float
    tokens_per_second: float
    reason: Literal["end", "length", "stopped"]
    cached_tokens: int = 0


StreamEvent = PromptRead | AnswerPiece | StreamEnd


class ChatModel(Protocol):
    """A loaded chat model; for one thread at a time."""

    @property
    def model_id(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    @property
    def backend(self) -> str: ...

    @property
    def parameters(self) -> int:
        """How many weights the model has; 0 where its file does not say."""

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

    def close(self) -> None:
        """Give the memory back; the model is not used again."""
