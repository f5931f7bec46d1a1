"""A chat model driven through llama.cpp's low-level functions: stoppable at any moment."""

from __future__ import annotations

import codecs
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from desktop.domain.answers import AnswerPiece, PromptRead
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import (
    EnginePlan,
    EngineSettings,
    EngineTuning,
    ModelChoices,
    SamplerSettings,
)
from desktop.domain.model_errors import ContextTooSmall
from desktop.domain.models import ModelEntry
from desktop.inference.chat_model import ChatMessage, Prompt, StreamEnd, StreamEvent
from desktop.inference.chat_template import ChatTemplate, SpecialTexts
from desktop.inference.devices import backend_name
from desktop.inference.llama_engine import (
    Adapter,
    LlamaEngine,
    LoadRequest,
    Progress,
    open_engine,
)
from desktop.inference.prompt_lookup import PromptLookup, is_quotable
from desktop.inference.schema_sampler import open_sampler
from desktop.inference.sequence_state import LlamaPrefix, state_key
from desktop.inference.token_cache import Decoded, TokenCache
from desktop.inference.token_sampler import checked
from desktop.inference.token_writing import Draws, TokenWriter
from desktop.inference.vocabulary import Vocabulary

Reason = Literal["end", "length", "stopped"]
_NO_CHOICES = ModelChoices()


@dataclass(slots=True)
class _Run:
    """The figures of one stream while it runs."""

    prompt_tokens: int
    cached_tokens: int
    started: float
    first_token_at: float = 0.0
    last_token_at: float = 0.0
    drawn: int = 0
    drafted: int = 0

    def count(self) -> None:
        """Count a token that was drawn just now."""
        self.last_token_at = time.perf_counter()
        if not self.drawn:
            self.first_token_at = self.last_token_at
        self.drawn += 1

    def end(self, reason: Reason) -> StreamEnd:
        generating = self.last_token_at - self.first_token_at
        first = self.first_token_at - self.started if self.drawn else 0.0
        return StreamEnd(
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.drawn,
            seconds_to_first_token=first,
            # The first token comes from reading the prompt; the others are what generating cost.
            tokens_per_second=(self.drawn - 1) / generating if generating > 0 else 0.0,
            reason=reason,
            cached_tokens=self.cached_tokens,
            drafted_tokens=self.drafted,
        )


class LlamaChatModel:
    """One loaded model; implements `ChatModel`. Each turn reads only what is new."""

    def __init__(
        self,
        entry: ModelEntry,
        engine: LlamaEngine,
        backend: str,
        template_source: str,
        adapters: Sequence[Adapter] = (),
    ) -> None:
        self.model_id = entry.id
        self.parameters = entry.parameters
        self.backend = backend
        self.context_tokens: int = engine.functions.llama_n_ctx(engine.context)
        self._engine = engine
        self._vocabulary = Vocabulary(engine.functions, engine.model)
        whole_windows = engine.plan.whole_windows
        self._cache = TokenCache(engine.functions, engine.context, whole_windows)
        self._template = ChatTemplate(template_source, self._specials())
        # Two threads in one context, or closing while it computes, would end the process.
        self._in_use = threading.Lock()
        key = state_key(entry.sha256, engine, adapters)
        self.prefix = LlamaPrefix(engine, self._vocabulary, self._cache, self._in_use, key)

    @staticmethod
    def load(
        entry: ModelEntry,
        settings: EngineSettings,
        choices: ModelChoices = _NO_CHOICES,
        tuning: EngineTuning | None = None,
        progress: Progress | None = None,
        adapters: Sequence[Adapter] = (),
    ) -> LlamaChatModel:
        """Load the model; the choices for it come before the settings for all.

        Raises what `open_engine` raises: types of `ModelError`, and `Cancelled`.
        """
        request = LoadRequest(choices.engine or settings, tuning, adapters, progress)
        engine = open_engine(entry, request)
        template = choices.chat_template or engine.entry.chat_template
        return LlamaChatModel(entry, engine, backend_name(engine.plan), template, adapters)

    @property
    def plan(self) -> EnginePlan:
        return self._engine.plan

    @property
    def engine(self) -> LlamaEngine:
        """llama.cpp's objects; for measuring beside what stands in the cache."""
        return self._engine

    def set_threads(self, threads: int, reading_threads: int) -> None:
        """Compute with so many threads from the next token on."""
        self._engine.set_threads(threads, reading_threads)

    def chat_prompt(self, messages: Sequence[ChatMessage]) -> Prompt:
        return self._template.prompt(messages)

    def count_tokens(self, text: str) -> int:
        return len(self._vocabulary.tokens_of_content(text))

    def prompt_tokens(self, prompt: Prompt) -> int:
        return len(self.prefix.tokens_of(prompt))

    def stream(
        self,
        prompt: Prompt,
        sampler: SamplerSettings,
        cancel: CancelToken,
        lookup: bool | None = None,
    ) -> Iterator[StreamEvent]:
        """Read what is new of the prompt, then generate; see `ChatModel.stream`.

        `lookup` drafts from the prompt or does not, whatever the plan says.
        """
        if not self._in_use.acquire(blocking=False):
            raise RuntimeError("a model answers one prompt at a time")
        try:
            settings = checked(sampler)
            with open_sampler(self._engine.functions, self._vocabulary, settings) as drawing:
                wanted = self.plan.prompt_lookup if lookup is None else lookup
                yield from self._stream(prompt, drawing, cancel, (settings.max_tokens, wanted))
        finally:
            self._in_use.release()

    def close(self) -> None:
        """Give the memory back; waits for a stream that is still running in another thread."""
        with self._in_use:
            if self._engine.context is not None:
                self._engine.free()

    def _stream(
        self, prompt: Prompt, drawing: Draws, cancel: CancelToken, how: tuple[int, bool]
    ) -> Iterator[StreamEvent]:
        started = time.perf_counter()
        tokens = self.prefix.tokens_of(prompt)
        if not tokens:
            raise ValueError("an empty prompt has no answer")
        if len(tokens) >= self.context_tokens:
            raise ContextTooSmall(len(tokens), self.context_tokens)
        run = _Run(len(tokens), self._cache.keep_prefix_of(tokens), started)
        yield PromptRead(run.cached_tokens, run.prompt_tokens)
        for read, outcome in self._cache.read(tokens[run.cached_tokens :], cancel):
            if outcome is not Decoded.DONE:
                yield run.end(_reason(outcome))
                return
            yield PromptRead(run.cached_tokens + read, run.prompt_tokens)
        most_tokens, lookup = how
        ends = self._vocabulary.ends_generation
        drafts = lookup and self._cache.takes_back and is_quotable(prompt)
        writer = TokenWriter(
            self._cache, drawing, ends, PromptLookup(tokens, ends) if drafts else None
        )
        yield from self._write(run, most_tokens, writer, cancel)

    def _write(
        self, run: _Run, most_tokens: int, writer: TokenWriter, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        text = codecs.getincrementaldecoder("utf-8")("replace")
        vocabulary = self._vocabulary
        reason: Reason = "length"
        for token in writer.tokens(cancel):
            if vocabulary.ends_generation(token):
                reason = "end"
                break
            run.count()
            # A character may be spread over several tokens; it is shown when it is whole.
            if piece := text.decode(vocabulary.piece(token)):
                yield AnswerPiece(piece)
            if run.drawn == most_tokens:
                break
        else:
            reason = _reason(writer.outcome)
        run.drafted = writer.drafted
        # What the decoder still holds is a part of a character, cut off: not worth a mark.
        yield run.end(reason)

    def _specials(self) -> SpecialTexts:
        spelled = self._vocabulary.text_of_special
        vocabulary = self._vocabulary
        return SpecialTexts(spelled(vocabulary.beginning_token), spelled(vocabulary.end_token))


def _reason(outcome: Decoded) -> Reason:
    return "stopped" if outcome is Decoded.STOPPED else "length"
