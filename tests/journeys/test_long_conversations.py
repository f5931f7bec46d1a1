"""Long chats with the real included model: little is read again, old turns go and are said to."""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from desktop.app import build_assistant
from desktop.assistant.events import Failed, Finished, JobId
from desktop.assistant.facade import Assistant
from desktop.assistant.sentences import sentence_for
from desktop.assistant.waiting import EventQueue
from desktop.domain.answers import Answer, AnswerMode, TurnsDropped
from desktop.domain.engine import EngineSettings
from desktop.domain.model_errors import ContextTooSmall
from desktop.inference.included_models import included_chat_model
from desktop.inference.llama_engine import LoadRequest, open_engine
from desktop.inference.vocabulary import Vocabulary
from tests.journeys.conftest import UNLOCKED, Desk

pytestmark = pytest.mark.journey

CONTEXT, ANSWER = 512, 8
CANARY = "The canary sits in the quarry behind Wolverhampton"


@dataclass(frozen=True)
class Talk:
    """One chat with the model alone."""

    assistant: Assistant
    events: EventQueue
    data: Path
    chat: int

    def ask(self, question: str) -> tuple[Answer, list[object]]:
        """Ask, and wait until what is done between two questions is done too."""
        job = self.assistant.answers.ask(self.chat, question, AnswerMode.MODEL_ONLY)
        bodies = list(self.events.bodies(job))
        assert isinstance(bodies[-1], Finished), bodies[-1]
        assert isinstance(bodies[-1].result, Answer)
        list(self.events.bodies(JobId(job + 1)))
        return bodies[-1].result, bodies

    def states(self) -> list[Path]:
        folder = self.data / "sequence-states"
        return sorted(folder.iterdir()) if folder.is_dir() else []


@contextmanager
def talking(data: Path, chat: int = 0) -> Iterator[Talk]:
    """Open the program on a data folder, with a small context and short answers."""
    events = EventQueue()
    assistant = build_assistant(data, events.post, UNLOCKED)
    try:
        settings = assistant.preferences.settings()
        sampler = replace(settings.answers.sampler, max_tokens=ANSWER, temperature=0.0)
        assistant.preferences.change(
            replace(
                settings,
                engine=replace(settings.engine, context_tokens=CONTEXT),
                answers=replace(settings.answers, sampler=sampler),
            )
        )
        yield Talk(assistant, events, data, chat or assistant.chats.create(None).id)
    finally:
        assistant.close()


def new_tokens(answer: Answer) -> int:
    return answer.figures.prompt_tokens - answer.figures.cached_tokens


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A data folder that was closed with one chat in the model's memory."""
    data = tmp_path_factory.mktemp("kept") / "data"
    with talking(data) as talk:
        talk.ask(f"{CANARY}. " + "Tell me about boats and rivers, and about the harbour. " * 12)
        talk.ask("Why?")
    return data, talk.chat


@pytest.fixture
def folder(kept: tuple[Path, int], tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept[0], tmp_path / "data"))


def test_thirty_turns_in_a_small_window_read_only_what_is_new_and_say_what_goes(
    tmp_path: Path,
) -> None:
    with talking(tmp_path / "data") as talk:
        dropped = 0
        for at in range(30):
            answer, bodies = talk.ask(f"What is the number {at} good for in a long list?")
            figures = answer.figures
            assert figures.prompt_tokens + figures.completion_tokens <= CONTEXT
            assert at == 0 or new_tokens(answer) < 30
            said = [body.exchanges for body in bodies if isinstance(body, TurnsDropped)]
            assert said == ([figures.dropped_turns] if figures.dropped_turns else [])
            assert figures.dropped_turns >= dropped
            dropped = figures.dropped_turns
        assert 10 < dropped < 30
        stored = talk.assistant.chats.messages(talk.chat)[-1].answer
        assert stored is not None
        assert stored.figures.dropped_turns == dropped

        job = talk.assistant.answers.ask(talk.chat, "long " * 700, AnswerMode.MODEL_ONLY)
        *_, closing = talk.events.bodies(job)
        assert isinstance(closing, Failed)
        assert isinstance(closing.error, ContextTooSmall)
        assert "Shorten it" in sentence_for(closing.error).next
        answer, _ = talk.ask("And what is the number 7 good for?")
        assert answer.text


def test_an_answer_at_its_limit_is_kept_and_says_so(folder: Path, kept: tuple[Path, int]) -> None:
    with talking(folder, kept[1]) as talk:
        answer, _ = talk.ask("Tell a very long story about a fox, with many words.")
        assert answer.cut_at == answer.figures.completion_tokens == ANSWER
        assert answer.text == talk.assistant.chats.messages(talk.chat)[-1].text


def test_after_a_restart_the_chat_need_not_be_read_again(
    folder: Path, kept: tuple[Path, int]
) -> None:
    with talking(folder, kept[1]) as talk:
        assert len(talk.states()) == 1
        answer, _ = talk.ask("And why is that?")
        assert new_tokens(answer) < 30 < answer.figures.cached_tokens


def test_a_damaged_state_is_removed_and_the_chat_is_read_again(
    folder: Path, kept: tuple[Path, int]
) -> None:
    [state] = (folder / "sequence-states").iterdir()
    content = bytearray(state.read_bytes())
    content[len(content) // 2] ^= 1
    state.write_bytes(content)
    with talking(folder, kept[1]) as talk:
        answer, _ = talk.ask("And why is that?")
        assert answer.text
        assert answer.figures.cached_tokens == 0
        assert [path.read_bytes() for path in talk.states() if path.read_bytes() == content] == []


def test_what_the_model_read_of_a_chat_goes_with_it(folder: Path, kept: tuple[Path, int]) -> None:
    [state] = (folder / "sequence-states").iterdir()
    canary = _as_tokens(CANARY)
    assert canary in state.read_bytes()
    with talking(folder, kept[1]) as talk:
        talk.ask("And why is that?")
        talk.assistant.chats.remove(talk.chat)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert folder / "carrel.db" in files
    for path in files:
        content = path.read_bytes()
        assert canary not in content
        assert CANARY.encode() not in content


def test_turning_between_two_chats_brings_each_back(tmp_path: Path) -> None:
    long = "Tell me about boats and rivers, and about the harbour. " * 12
    with talking(tmp_path / "data") as one:
        two = replace(one, chat=one.assistant.chats.create(None).id)
        one.ask("First. " + long)
        two.ask("Second. " + long)
        for talk in (one, two, one):
            answer, _ = talk.ask("Why?")
            assert new_tokens(answer) < 30 < answer.figures.cached_tokens


def test_with_documents_too_a_later_turn_reads_its_own_message_alone(desk: Desk) -> None:
    chat = desk.assistant.chats.create(desk.samples.id).id
    questions = ("How much is the monthly rent?", "Which law governs the lease?", "And the rent?")
    for at, question in enumerate(questions):
        job = desk.assistant.answers.ask(chat, question, AnswerMode.DOCUMENTS)
        answer = desk.events.result(job)
        assert isinstance(answer, Answer)
        list(desk.events.bodies(JobId(job + 1)))
        if at and answer.figures.prompt_tokens:
            assert new_tokens(answer) < 90
            assert answer.figures.cached_tokens > 400


def _as_tokens(text: str) -> bytes:
    engine = open_engine(included_chat_model(), LoadRequest(EngineSettings(context_tokens=CONTEXT)))
    try:
        vocabulary = Vocabulary(engine.functions, engine.model)
        return array("i", vocabulary.tokens_of_content(text)).tobytes()
    finally:
        engine.free()
