"""A reranker of one GGUF file, through llama.cpp: question and passage read together, one score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from desktop.domain.model_errors import ModelDamaged
from desktop.inference.gguf_check import check_header
from desktop.inference.gguf_header import GgufHeader
from desktop.inference.gguf_layout import Array
from desktop.inference.gguf_use import is_reranker
from desktop.inference.pooled_model import PooledModel

_MOST_TOKENS = 512
_LEAST_FOR_PASSAGE = 32
_FORM = "tokenizer.chat_template.rerank"
_BLANKS = re.compile(r"(\{query\}|\{document\})")


class GgufReranker:
    """Scores passages for a question; implements what `Reranker` does."""

    def __init__(self, path: Path) -> None:
        """Load it; raises `ModelDamaged` where it is no reranker that can be loaded."""
        header = check_header(path)
        if not is_reranker(header):
            raise ModelDamaged(str(path), "it does not give a passage a score")
        if _scores_in(header) != 1:
            raise ModelDamaged(str(path), "it gives several scores for a passage and not one")
        self._form = header.text(_FORM)
        self._pooled = PooledModel(path, min(header.of_model("context_length"), _MOST_TOKENS))

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One number for each passage, higher better; what it measures is the model's own."""
        return [float(self._pooled.row(self._tokens(question, one), 1)[0]) for one in passages]

    def close(self) -> None:
        """Give the memory back."""
        self._pooled.close()

    def _tokens(self, question: str, passage: str) -> list[int]:
        pooled = self._pooled
        asked = pooled.cut(question, with_ends=False)
        # A long question leaves room for a passage, a long passage loses its end.
        asked = asked[: pooled.most_tokens - _LEAST_FOR_PASSAGE]
        told = pooled.cut(passage, with_ends=False)
        if self._form:
            return self._in_form(asked, told)
        before, between, behind = self._marks()
        room = pooled.most_tokens - len(before) - len(asked) - len(between) - len(behind)
        return [*before, *asked, *between, *told[: max(0, room)], *behind]

    def _in_form(self, asked: list[int], told: list[int]) -> list[int]:
        fixed = {
            piece: self._pooled.cut(piece, with_ends=False, marks=True)
            for piece in _BLANKS.split(self._form)
            if not _BLANKS.fullmatch(piece)
        }
        used = len(asked) + sum(len(tokens) for tokens in fixed.values())
        told = told[: max(0, self._pooled.most_tokens - used)]
        filled = {"{query}": asked, "{document}": told, **fixed}
        tokens = [one for piece in _BLANKS.split(self._form) for one in filled[piece]]
        return tokens[: self._pooled.most_tokens]

    def _marks(self) -> tuple[list[int], list[int], list[int]]:
        """What stands before the question, between it and the passage, and behind that."""
        functions, vocabulary = self._pooled.functions, self._pooled.vocabulary
        parting = functions.llama_vocab_sep(vocabulary)
        end = functions.llama_vocab_eos(vocabulary)
        end = parting if end < 0 else end
        before = [functions.llama_vocab_bos(vocabulary)]
        if not functions.llama_vocab_get_add_bos(vocabulary):
            before = []
        ends = [end] if functions.llama_vocab_get_add_eos(vocabulary) else []
        parts = [parting] if functions.llama_vocab_get_add_sep(vocabulary) else []
        return before, [*ends, *parts], ends or parts


def _scores_in(header: GgufHeader) -> int:
    labels = header.metadata.get(f"{header.architecture}.classifier.output_labels")
    return labels.size if isinstance(labels, Array) else 1
