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
from desktop.domain.errors import ContextTooSmall
from desktop.domain.models import ModelEntry
from desktop.inference.chat_model import ChatMessage, Prompt, StreamEnd, StreamEvent
from desktop.inference.chat_template import ChatTemplate, SpecialTexts
from desktop.inference.devices import backend_name
from desktop.inference.gguf_header import facts_of
from desktop.inference.llama_engine import (
    Adapter,
    LlamaEngine,
    LoadRequest,
    Progress,
    open_engine,
)
from desktop.inference.sequence_state import LlamaPrefix, state_key
from desktop.inference.token_cache import Decoded, TokenCache
from desktop.inference.token_sampler import TokenSampler, checked
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
    drawn: int = 0

    def end(self, reason: Reason) -> StreamEnd:
        now = time.perf_counter()
        generating = now - self.first_token_at if self.drawn > 1 else 0.0
        first = self.first_token_at - self.started if self.drawn else 0.0
        return StreamEnd(
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.drawn,
            seconds_to_first_token=first,
            # The first token comes from reading the prompt; the others are what generating cost.
            tokens_per_second=(self.drawn - 1) / generating if generating > 0 else 0.0,
            reason=reason,
            cached_tokens=self.cached_tokens,
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
        self._cache = TokenCache(engine.functions, engine.context)
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
        template = choices.chat_template or facts_of(engine.header).chat_template
        return LlamaChatModel(entry, engine, backend_name(engine.plan), template, adapters)

    @property
    def plan(self) -> EnginePlan:
        return self._engine.plan

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
        self, prompt: Prompt, sampler: SamplerSettings, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        """Read what is new of the prompt, then generate; see `ChatModel.stream`."""
        if not self._in_use.acquire(blocking=False):
            raise RuntimeError("a model answers one prompt at a time")
        try:
            yield from self._stream(prompt, sampler, cancel)
        finally:
            self._in_use.release()

    def close(self) -> None:
        """Give the memory back; waits for a stream that is still running in another thread."""
        with self._in_use:
            if self._engine.context is not None:
                self._engine.free()

    def _stream(
        self, prompt: Prompt, sampler: SamplerSettings, cancel: CancelToken
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
        yield from self._generate(run, checked(sampler), cancel)

    def _generate(
        self, run: _Run, settings: SamplerSettings, cancel: CancelToken
    ) -> Iterator[StreamEvent]:
        text = codecs.getincrementaldecoder("utf-8")("replace")
        reason: Reason = "length"
        functions, context = self._engine.functions, self._engine.context
        with TokenSampler(functions, self._vocabulary.size, settings) as sampler:
            while run.drawn < settings.max_tokens:
                token = sampler.draw(context)
                if self._vocabulary.ends_generation(token):
                    reason = "end"
                    break
                run.drawn += 1
                if run.drawn == 1:
                    run.first_token_at = time.perf_counter()
                # A character may be spread over several tokens; it is shown when it is whole.
                if piece := text.decode(self._vocabulary.piece(token)):
                    yield AnswerPiece(piece)
                outcome = self._cache.decode((token,), cancel)
                if outcome is not Decoded.DONE:
                    reason = _reason(outcome)
                    break
        # What the decoder still holds is a part of a character, cut off: not worth a mark.
        yield run.end(reason)

    def _specials(self) -> SpecialTexts:
        spelled = self._vocabulary.text_of_special
        vocabulary = self._vocabulary
        return SpecialTexts(spelled(vocabulary.beginning_token), spelled(vocabulary.end_token))


def _reason(outcome: Decoded) -> Reason:
    return "stopped" if outcome is Decoded.STOPPED else "length"
