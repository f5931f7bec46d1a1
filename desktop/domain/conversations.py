"""What is said and kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.engine import SamplerSettings


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One chat. `collection_id` is None where answers come from the model only."""

    id: int
    title: str
    collection_id: int | None
    created_at: float
    updated_at: float
    pinned: bool = False
    draft: str = ""
    model_id: str = ""  # "" for the chosen model
    sampler: SamplerSettings | None = None  # None for the model's, or the settings'


@dataclass(frozen=True, slots=True)
class Message:
    """One turn's half. `answer` is None in the user's messages."""

    id: int
    conversation_id: int
    role: Role
    text: str
    mode: AnswerMode
    created_at: float
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What the model is shown of one earlier message."""

    role: Role
    text: str
