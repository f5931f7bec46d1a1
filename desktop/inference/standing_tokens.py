"""A prompt's tokens, split as they already stand in the KV cache where the text is the same.

A model may write a text in other tokens than the tokenizer would split it into. Read again as it
was written, an earlier answer needs no reading at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop.inference.chat_model import Prompt
from desktop.inference.vocabulary import Vocabulary


def tokens_as_they_stand(
    prompt: Prompt, vocabulary: Vocabulary, standing: Sequence[int]
) -> list[int]:
    """The tokens of `prompt`; contents are split as in `standing` as far as they spell the same.

    Control tokens are never taken over for contents: what a document spells stays plain text.
    """
    tokens = vocabulary.tokens_before(prompt)
    for part in prompt.parts:
        split = vocabulary.tokens_of_part(part)
        stood = list(standing[len(tokens) : len(tokens) + len(split)])
        if not part.trusted and stood != split and _begins(standing, tokens):
            split = _respelled(part.text, split, standing[len(tokens) :], vocabulary)
        tokens += split
    return tokens


def _begins(standing: Sequence[int], tokens: Sequence[int]) -> bool:
    return list(standing[: len(tokens)]) == list(tokens)


def _respelled(
    text: str, split: list[int], standing: Sequence[int], vocabulary: Vocabulary
) -> list[int]:
    data = text.encode("utf-8", "replace")
    taken = _taken(data, standing, vocabulary)
    if taken <= _common(split, standing):
        return split
    spelled = b"".join(vocabulary.piece(token) for token in standing[:taken])
    rest = data[len(spelled) :].decode("utf-8")
    found = [*standing[:taken], *vocabulary.tokens_of_content(rest)]
    # Some vocabularies put a space before whatever they split: then the seam would show.
    same = b"".join(vocabulary.piece(token) for token in found) == data
    return found if same else split


def _taken(data: bytes, standing: Sequence[int], vocabulary: Vocabulary) -> int:
    """How many standing tokens spell the beginning of `data`, up to the end of a character."""
    done, taken = 0, 0
    for count, token in enumerate(standing, start=1):
        piece = vocabulary.piece(token)
        if not piece or not data.startswith(piece, done):
            break
        done += len(piece)
        if done == len(data) or data[done] & 0xC0 != 0x80:
            taken = count
    return taken


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
