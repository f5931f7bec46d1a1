"""An assistant in memory: the same doors, lists in place of the disk, scripted answers.

It keeps the promises of `desktop.assistant.facade.Assistant`: every call returns at once, jobs
answer by events, and each job closes with exactly one closing body. Nothing runs in a thread:
a job's events are posted before its call returns, and the mailbox delivers them later.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.assistant.events import ComparedEvent, Finished, JobId, MessageSaved, Post
from desktop.domain.answers import (
    Answer,
    AnswerFigures,
    AnswerFinished,
    AnswerMode,
    AnswerPiece,
    PromptRead,
)
from desktop.domain.conversations import Conversation, Message, Role
from desktop.domain.engine import Device, SamplerSettings
from desktop.domain.machine import Check, LockState, MachineStatus
from desktop.domain.settings import Settings
from tests.support.fake_desk import NOW, Desk
from tests.support.fake_library import FakeLibrary
from tests.support.fake_models import FakeModels

__all__ = ["NOW", "Desk", "FakeAssistant"]


class FakeChats:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def conversations(self) -> list[Conversation]:
        return sorted(
            self._desk.conversations.values(), key=lambda c: (not c.pinned, -c.updated_at, -c.id)
        )

    def conversation(self, conversation_id: int) -> Conversation:
        return self._desk.conversations[conversation_id]

    def create(self, collection_id: int | None, title: str = "") -> Conversation:
        number = max([0, *self._desk.conversations, *self._desk.removed]) + 1
        now = self._desk.now()
        made = Conversation(number, title, collection_id, now, now)
        self._desk.conversations[number] = made
        self._desk.messages[number] = []
        return made

    def rename(self, conversation_id: int, title: str) -> None:
        self._change(conversation_id, title=title)

    def pin(self, conversation_id: int, pinned: bool) -> None:
        self._change(conversation_id, pinned=pinned)

    def set_collection(self, conversation_id: int, collection_id: int | None) -> None:
        self._change(conversation_id, collection_id=collection_id)

    def set_model(self, conversation_id: int, model_id: str) -> None:
        self._change(conversation_id, model_id=model_id)

    def set_sampler(self, conversation_id: int, sampler: SamplerSettings | None) -> None:
        self._change(conversation_id, sampler=sampler)

    def remove(self, conversation_id: int) -> None:
        self._desk.write()
        self._desk.removed[conversation_id] = self._desk.conversations.pop(conversation_id)

    def restore(self, conversation_id: int) -> None:
        self._desk.conversations[conversation_id] = self._desk.removed.pop(conversation_id)

    def messages(self, conversation_id: int) -> list[Message]:
        return list(self._desk.messages.get(conversation_id, []))

    def save_draft(self, conversation_id: int, text: str) -> None:
        self._change(conversation_id, draft=text)

    def search(self, text: str) -> list[tuple[Conversation, str]]:
        words = text.lower().split()
        found = []
        for conversation in self.conversations():
            said = [conversation.title, *(m.text for m in self.messages(conversation.id))]
            for line in said:
                if words and all(word in line.lower() for word in words):
                    found.append((conversation, line[:120]))
                    break
        return found

    def _change(self, conversation_id: int, **changes: Any) -> None:
        self._desk.write()
        conversations = self._desk.conversations
        conversations[conversation_id] = replace(conversations[conversation_id], **changes)


class FakeAnswers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(
        self,
        conversation_id: int,
        question: str,
        mode: AnswerMode,
        model_id: str | None = None,
    ) -> JobId:
        asked = self._add(conversation_id, Role.USER, question, mode, None)
        answer = self._desk.answers.get(question) or Answer(
            text=f"There is no scripted answer to “{question}”.", mode=mode, model_id="fake"
        )
        pieces = [AnswerPiece(word + " ") for word in answer.text.split(" ")]
        pieces[-1] = AnswerPiece(pieces[-1].text[:-1])
        said = self._add(conversation_id, Role.ASSISTANT, answer.text, mode, answer)
        bodies: list[object] = [MessageSaved(asked), PromptRead(512, 512), *pieces]
        bodies += [AnswerFinished(answer), MessageSaved(said)]
        return self._desk.run(bodies, Finished(answer), shown_first=2 + len(pieces) // 2)

    def ask_once(
        self,
        question: str,
        collection_id: int | None,
        mode: AnswerMode,
        model_id: str | None = None,
    ) -> JobId:
        answer = self._answer_of(question, mode, model_id or "fake")
        pieces = _pieces(answer)
        bodies: list[object] = [PromptRead(12, 24), *pieces, AnswerFinished(answer)]
        return self._desk.run(bodies, Finished(answer), shown_first=1 + len(pieces) // 2)

    def compare(
        self,
        question: str,
        collection_id: int | None,
        mode: AnswerMode,
        model_ids: tuple[str, str],
        samplers: tuple[SamplerSettings | None, SamplerSettings | None] = (None, None),
    ) -> JobId:
        self._desk.compared.append((model_ids, samplers))
        answers = [self._answer_of(question, mode, model_id) for model_id in model_ids]
        bodies: list[object] = []
        for side, answer in enumerate(answers):
            said = [PromptRead(24, 24), *_pieces(answer), AnswerFinished(answer)]
            bodies += [ComparedEvent(answer.model_id, body, side) for body in said]
        return self._desk.run(bodies, Finished(tuple(answers)), shown_first=3)

    def keep_compared(
        self, conversation_id: int, question: str, answer: Answer
    ) -> tuple[Message, Message]:
        self._desk.write()
        asked = self._add(conversation_id, Role.USER, question, answer.mode, None)
        kept = self._add(conversation_id, Role.ASSISTANT, answer.text, answer.mode, answer)
        return asked, kept

    def _answer_of(self, question: str, mode: AnswerMode, model_id: str) -> Answer:
        scripted = self._desk.answers.get(question)
        if scripted is not None:
            return replace(scripted, mode=mode, model_id=model_id)
        figures = AnswerFigures(24, 9, 0.4, 31.0)
        text = f"There is no scripted answer of {model_id} to “{question}”."
        return Answer(text=text, mode=mode, model_id=model_id, figures=figures)

    def _add(
        self, conversation_id: int, role: Role, text: str, mode: AnswerMode, answer: Answer | None
    ) -> Message:
        messages = self._desk.messages.setdefault(conversation_id, [])
        number = sum(len(kept) for kept in self._desk.messages.values()) + 1
        message = Message(
            number, conversation_id, role, text, mode, self._desk.now() + number, answer
        )
        messages.append(message)
        return message


def _pieces(answer: Answer) -> list[AnswerPiece]:
    return [AnswerPiece(word + " ") for word in answer.text.split(" ")]


class FakePreferences:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def set_aside(self) -> str | None:
        return self._desk.set_aside

    def settings(self) -> Settings:
        return self._desk.settings

    def change(self, settings: Settings) -> None:
        self._desk.write()
        self._desk.settings = settings

    def window_state(self) -> dict[str, Any]:
        return dict(self._desk.window)

    def save_window_state(self, state: dict[str, Any]) -> None:
        self._desk.write()
        self._desk.window = dict(state)


class FakeMachine:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def status(self) -> MachineStatus:
        current = self._desk.models.get(self._desk.current)
        return MachineStatus(
            lock=self._desk.lock,
            model_name=current.name if current else "",
            backend="CPU",
            memory_used_bytes=self._desk.memory_used,
            memory_total_bytes=self._desk.memory_total,
        )

    def devices(self) -> JobId:
        cpu = Device("CPU", "cpu", "AMD EPYC", self._desk.memory_total, 20_900_000_000)
        return self._desk.run([], Finished([cpu]), shown_first=0)

    def doctor(self) -> JobId:
        checks = (
            Check("network lock", self._desk.lock.state is LockState.ENFORCED, "connect: EACCES"),
            Check("database", True, "whole"),
        )
        return self._desk.run(checks, Finished(checks), shown_first=1)

    def self_test(self) -> JobId:
        return self.doctor()


class FakeAssistant:
    """The facade's attributes over one `Desk`."""

    def __init__(self, post: Post) -> None:
        self.desk = Desk(post)
        self.chats = FakeChats(self.desk)
        self.answers = FakeAnswers(self.desk)
        self.library = FakeLibrary(self.desk)
        self.models = FakeModels(self.desk)
        self.preferences = FakePreferences(self.desk)
        self.machine = FakeMachine(self.desk)

    def cancel(self, job: JobId) -> None:
        self.desk.cancel(job)

    def close(self) -> None:
        for job in list(self.desk.open_jobs):
            self.desk.cancel(job)
