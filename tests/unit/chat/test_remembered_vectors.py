"""Texts that were embedded lately are not embedded again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from desktop.chat.remembered_vectors import RememberedVectors


class Embedder:
    """Makes a vector of a text's length and counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.stamp = "one"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(text), ord(text[0])] for text in texts], np.float32)


def test_each_text_is_embedded_once_and_every_vector_is_its_own() -> None:
    embedder = Embedder()
    remembered = RememberedVectors(embedder.embed, lambda: embedder.stamp)
    texts = ["rent", "deposit", "rent"]
    assert (remembered(texts) == embedder.embed(texts)).all()
    embedder.asked.clear()
    again = remembered(["deposit", "heating", "rent"])
    assert embedder.asked == ["heating"]
    assert again[:, 0].tolist() == [7, 7, 4]
    assert remembered([]).size == 0


def test_another_embedder_begins_anew() -> None:
    embedder = Embedder()
    remembered = RememberedVectors(embedder.embed, lambda: embedder.stamp)
    remembered(["rent"])
    embedder.stamp = "other"
    remembered(["rent"])
    assert embedder.asked == ["rent", "rent"]


def test_the_texts_used_longest_ago_are_forgotten() -> None:
    embedder = Embedder()
    remembered = RememberedVectors(embedder.embed, lambda: embedder.stamp)
    remembered([f"text {at}" for at in range(4096)])
    remembered(["text 0", "one more"])
    embedder.asked.clear()
    remembered(["text 0", "text 1", "text 2"])
    assert embedder.asked == ["text 1"]
