"""Domain values survive the way through JSON exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from desktop.domain.answers import (
    Answer,
    AnswerFigures,
    AnswerMode,
    Citation,
    Statement,
    Support,
)
from desktop.domain.documents import Box, Chunk, IndexReport
from desktop.domain.machine import LockState, NetworkLock
from desktop.domain.models import ModelEntry, ModelStatus
from desktop.domain.retrieval import Candidate, RetrievedChunk
from desktop.domain.settings import Settings
from desktop.storage.value_codec import ValueMismatch, decode, encode

CHUNK = Chunk(7, 3, 0, 2, 10, 14, 'r"e\u2028\x00', ("A", "§ 2"))
PASSAGE = RetrievedChunk(
    CHUNK, 3, "ab", "/caf\udce9.pdf", "Título", None, (Box(0.1, 1e-300, 3.0, -0.0),), 0.1 + 0.2
)
ANSWER = Answer(
    text="It is 1,450 euros \U0001f4b6.",
    mode=AnswerMode.DOCUMENTS,
    model_id="smol",
    statements=(Statement("It is", 0, 5, Support.PARTLY, 0.5, (1, 2)),),
    citations=(
        Citation(1, 3, "ab", "/caf\udce9.pdf", "T", 7, 2, 2, ("A",), 10, 14, "rent", ()),
        Citation(2, 3, "ab", "/x", "T", 8, 1, None, (), 0, 1, "", (Box(1.5, 2.5, 3.5, 4.5),)),
    ),
    passages=(PASSAGE, replace(PASSAGE, page=4, similarity=-0.25)),
    candidates=(Candidate(7, "/x", None, 1, 2.5, None, None, 1, 1e-6),),
    figures=AnswerFigures(10, 20, 0.25, 33.3, 2, 4096),
    prompt="<|im_start|>",
    draft="d",
    refused=True,
    stopped=True,
)
ENTRY = ModelEntry(
    "id", "n", "/m\udcff.gguf", "ab", 2**40, "llama", 1, "Q4", 0, "MIT", "disk", True, 1.5, "me",
    ModelStatus.REFUSED, "no", 3, 4.5,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shapes:
    """Types the domain may come to use."""

    pair: tuple[int, str]
    flags: list[bool]
    maybe: dict[str, float] | None = None


@pytest.mark.parametrize(
    "value",
    [
        ANSWER,
        Answer("", AnswerMode.MODEL_ONLY, ""),
        ENTRY,
        Settings(),
        NetworkLock(LockState.WATCHED, "why"),
        IndexReport("c", (), 1.0, 2, False, {"ready": 3}),
        Shapes((1, "a"), [True, False], {"x": 1.5}),
        Shapes((1, "a"), []),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_comes_back_equal_and_of_the_same_types(value: object) -> None:
    text = encode(value)
    text.encode("ascii")
    again = decode(type(value), text)
    assert again == value
    # repr also tells 1 from 1.0 and an enum from its string.
    assert repr(again) == repr(value)


def test_a_value_of_an_earlier_version_takes_defaults_and_one_of_a_later_is_cut() -> None:
    text = '{"text": "a", "mode": "documents", "model_id": "m", "mood": "good"}'
    assert decode(Answer, text) == Answer("a", AnswerMode.DOCUMENTS, "m")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"text": 1, "mode": "documents", "model_id": "m"}',
        '{"text": "a", "mode": "sideways", "model_id": "m"}',
        '{"text": "a", "mode": [], "model_id": "m"}',
        '{"text": "a", "mode": "documents", "model_id": "m", "refused": 1}',
        '{"text": "a", "mode": "documents", "model_id": "m", "citations": {}}',
        '{"text": "a", "mode": "documents", "model_id": "m", "figures": null}',
        '{"text": "a", "mode": "documents", "model_id": "m", "figures": {"passages": true}}',
    ],
)
def test_json_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(ValueMismatch):
        decode(Answer, text)


def test_a_type_without_a_json_form_is_a_bug_and_says_so() -> None:
    with pytest.raises(TypeError, match="bytes"):
        encode(b"")
    with pytest.raises(TypeError, match="bytes"):
        decode(bytes, '""')


def test_a_pair_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueMismatch, match="3 items"):
        decode(Shapes, '{"pair": [1, "a", 2], "flags": []}')
