"""An answer, its statements, and where each one stands in the documents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.documents import Box, PageUnit
from desktop.domain.retrieval import Candidate, RetrievedChunk


class AnswerMode(StrEnum):
    """Where an answer may come from; never switched silently."""

    DOCUMENTS = "documents"
    MODEL_ONLY = "model_only"


class Support(StrEnum):
    """How far the passages support a statement."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Citation:
    """From an answer to the words on the page, whole from reader to window.

    `start` and `end` span the page's text; `quote` is that text; `boxes` are on the page, in
    points. `marker` counts from 1 in the order the answer uses them.
    """

    marker: int
    document_id: int
    document_sha256: str
    path: str
    title: str
    chunk_id: int
    page_number: int
    page: int | None
    heading_path: tuple[str, ...]
    start: int
    end: int
    quote: str
    boxes: tuple[Box, ...] = ()
    unit: PageUnit = PageUnit.PAGE


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, list item or table row of the answer: the span [start, end) of its text.

    `score` is 0 to 1; `markers` are the citations that support it.
    """

    text: str
    start: int
    end: int
    support: Support
    score: float
    markers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What an answer cost. Seconds are wall time; rates are tokens per second."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds_to_first_token: float = 0.0
    tokens_per_second: float = 0.0
    passages: int = 0
    context_tokens: int = 0
    cached_tokens: int = 0  # of the prompt, not read again
    dropped_turns: int = 0  # whole earlier exchanges that no longer fit the context window
    drafted_tokens: int = 0  # written by prompt lookup and kept


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished or stopped answer.

    `refused` is true when nothing in the documents supports one: then `text` says so, `draft`
    keeps what the model wrote, and `passages` are the nearest ones. `cut_at` is the number of
    tokens at which an answer met its limit, or the end of the context window; 0 where it ended
    by itself.
    """

    text: str
    mode: AnswerMode
    model_id: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[RetrievedChunk, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    figures: AnswerFigures = AnswerFigures()
    prompt: str = ""
    draft: str = ""
    refused: bool = False
    stopped: bool = False
    cut_at: int = 0


@dataclass(frozen=True, slots=True)
class PassagesFound:
    """Retrieval is done; the passages that go into the prompt, in prompt order."""

    passages: tuple[RetrievedChunk, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class PromptRead:
    """How much of the prompt the model has read."""

    tokens_done: int
    tokens_total: int


@dataclass(frozen=True, slots=True)
class AnswerPiece:
    """The next characters of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerFinished:
    """The closing event of an answer."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class TurnsDropped:
    """The oldest exchanges no longer fit the context window and are not shown to the model."""

    exchanges: int


AnswerEvent = PassagesFound | TurnsDropped | PromptRead | AnswerPiece | AnswerFinished
