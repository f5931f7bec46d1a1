"""Text to tokens and back, with the vocabulary of a loaded model."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any

from desktop.inference.chat_model import Prompt, PromptPart

_PIECE_BYTES = 256
_REMEMBERED_TEXTS = 1024


class Vocabulary:
    """The tokens of one model. Only trusted text is looked through for control tokens."""

    def __init__(self, functions: Any, model: Any) -> None:
        self._functions = functions
        self._vocab = functions.llama_model_get_vocab(model)
        self.size: int = functions.llama_vocab_n_tokens(self._vocab)
        self._buffer = ctypes.create_string_buffer(_PIECE_BYTES)
        self._pieces: dict[int, bytes] = {}
        # The same turns come again with every question.
        self._split = lru_cache(maxsize=_REMEMBERED_TEXTS)(self._tokens)

    @property
    def handle(self) -> Any:
        """llama.cpp's own vocabulary."""
        return self._vocab

    def tokens_of_prompt(self, prompt: Prompt) -> list[int]:
        """The prompt's tokens; contents become plain text tokens whatever they spell."""
        tokens = self.tokens_before(prompt)
        for part in prompt.parts:
            tokens += self.tokens_of_part(part)
        return tokens

    def tokens_before(self, prompt: Prompt) -> list[int]:
        """The token that this vocabulary begins a text with, where the prompt has none itself."""
        if not self._functions.llama_vocab_get_add_bos(self._vocab) or self.beginning_token < 0:
            return []
        # Many templates write the beginning-of-text token themselves; twice would harm.
        spelled = self.text_of_special(self.beginning_token)
        first = prompt.parts[0] if prompt.parts else None
        if first is not None and first.trusted and first.text.startswith(spelled):
            return []
        return [self.beginning_token]

    def tokens_of_part(self, part: PromptPart) -> list[int]:
        """The tokens of one part; control tokens alone where the part is trusted."""
        return list(self._split(part.text, part.trusted))

    def tokens_of_content(self, text: str) -> list[int]:
        """The tokens of untrusted text."""
        return list(self._split(text, False))

    def piece(self, token: int) -> bytes:
        """The bytes of one token, which may be part of a character; b"" for control tokens."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._read_piece(token)
        return known

    def ends_generation(self, token: int) -> bool:
        return bool(self._functions.llama_vocab_is_eog(self._vocab, token))

    def is_control(self, token: int) -> bool:
        return bool(self._functions.llama_vocab_is_control(self._vocab, token))

    def text_of_special(self, token: int) -> str:
        """How a control token is spelled in the chat template; "" where there is no such token."""
        if token < 0:
            return ""
        text: bytes = self._functions.llama_vocab_get_text(self._vocab, token)
        return text.decode("utf-8", "replace")

    @property
    def beginning_token(self) -> int:
        return int(self._functions.llama_vocab_bos(self._vocab))

    @property
    def end_token(self) -> int:
        return int(self._functions.llama_vocab_eos(self._vocab))

    def _tokens(self, text: str, special: bool) -> tuple[int, ...]:
        # A lone surrogate cannot be encoded; it can stand in text from damaged files.
        data = text.encode("utf-8", "replace")
        if not data:
            return ()
        # A token is at least one byte; some vocabularies add a leading space.
        room = len(data) + 8
        found = (self._functions.llama_token * room)()
        count = self._functions.llama_tokenize(
            self._vocab, data, len(data), found, room, False, special
        )
        if count < 0:
            raise ValueError(f"{len(data)} bytes became more than {room} tokens")
        return tuple(found[:count])

    def _read_piece(self, token: int) -> bytes:
        buffer = self._buffer
        size = self._functions.llama_token_to_piece(
            self._vocab, token, buffer, len(buffer), 0, False
        )
        if size < 0:
            buffer = ctypes.create_string_buffer(-size)
            size = self._functions.llama_token_to_piece(
                self._vocab, token, buffer, len(buffer), 0, False
            )
        return buffer.raw[:size]
