"""What is put aside when a chat is left, and what comes back, with a model made of words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.assistant.kept_prefixes import KeptPrefixes
from desktop.domain.answers import AnswerFigures
from desktop.domain.cancel import CancelToken
from desktop.domain.engine import SamplerSettings
from desktop.inference.chat_model import Prompt, PromptPart
from desktop.storage.conversation_store import ConversationStore
from desktop.storage.database import Database
from desktop.storage.sequence_states import SequenceStates
from tests.support.scripted_chat_model import ScriptedChatModel, ScriptedPrefix

SLOW = AnswerFigures(prompt_tokens=500, seconds_to_first_token=500.0)
QUICK = AnswerFigures(prompt_tokens=100_000, seconds_to_first_token=0.001)


class Chats:
    """Two chats, their states, and a model; reading counts as slow unless told otherwise."""

    def __init__(self, database: Database, limit: int = 1 << 20) -> None:
        self.folder = database.path.parent / "states"
        store = ConversationStore(database)
        self.one, self.two = (store.create(name, None).id for name in ("one", "two"))
        self.states = SequenceStates(database, self.folder, lambda: limit)
        self.prefixes = KeptPrefixes(self.states)
        self.model = ScriptedChatModel("yes")

    def ask(self, chat: int | None, text: str, figures: AnswerFigures = SLOW) -> None:
        self.prefixes.turn_to(chat, self.model)
        list(self.model.stream(prompt(text), SamplerSettings(), CancelToken()))
        self.prefixes.answered(self.model, figures)

    def settle(self, text: str = "", cancel: CancelToken | None = None) -> None:
        begins = prompt(text) if text else Prompt(())
        self.prefixes.settle(lambda _: begins, cancel or CancelToken())

    def files(self) -> list[str]:
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return sorted(path.name.split("-")[0] for path in found)


def prompt(text: str) -> Prompt:
    return Prompt((PromptPart(text, True),))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Chats]]:
    database = Database.open(tmp_path / "carrel.db")
    yield lambda **settings: Chats(database, **settings)
    database.close()


Made = Callable[..., Chats]


def test_a_chat_that_was_left_comes_back_from_memory_and_from_the_disk(made: Made) -> None:
    chats = made()
    chats.ask(chats.one, "the first chat " * 40)
    stood = chats.model.prefix.words
    chats.ask(chats.two, "the second chat " * 40)
    assert chats.files() == []
    chats.prefixes.turn_to(chats.one, chats.model)
    assert chats.model.prefix.words == stood
    chats.settle()
    assert chats.files() == [str(chats.one), str(chats.two)]
    later = KeptPrefixes(chats.states)
    chats.prefixes = later
    chats.ask(chats.one, "the first chat " * 41)
    chats.prefixes.turn_to(None, chats.model)
    chats.model.prefix = ScriptedPrefix()
    later.turn_to(chats.two, chats.model)
    assert chats.model.prefix.words[0] == "the "
    assert "second " in chats.model.prefix.words


def test_the_end_of_the_program_keeps_the_chat_in_the_cache(made: Made) -> None:
    chats = made()
    chats.ask(chats.one, "the first chat " * 40)
    chats.prefixes.leave(chats.model)
    assert chats.files() == [str(chats.one)]


def test_another_models_end_does_not_write_this_ones_cache(made: Made) -> None:
    chats = made()
    chats.ask(chats.one, "the first chat " * 40)
    chats.prefixes.leave(ScriptedChatModel("no"))
    assert chats.files() == []


def test_what_is_read_again_sooner_than_written_is_not_kept(made: Made) -> None:
    chats = made()
    for _ in range(3):
        chats.ask(chats.one, "the first chat " * 40, QUICK)
    chats.ask(chats.two, "the second chat")
    chats.settle()
    assert chats.files() == []


def test_a_little_more_of_a_kept_chat_is_not_written_again(made: Made) -> None:
    chats = made()
    chats.ask(chats.one, "the first chat " * 40)
    chats.ask(chats.two, "x")
    chats.settle()
    written = (chats.folder / next(iter(chats.folder.iterdir()))).stat().st_mtime_ns
    chats.prefixes.turn_to(chats.one, chats.model)
    chats.prefixes.answered(chats.model, AnswerFigures())
    chats.ask(chats.two, "x")
    chats.settle()
    assert next(chats.folder.iterdir()).stat().st_mtime_ns == written


def test_between_questions_the_next_prompt_is_read_ahead(made: Made) -> None:
    chats = made()
    chats.ask(chats.one, "system passages question")
    chats.settle("system question answer")
    assert "".join(chats.model.prefix.words) == "system question answer"
    chats.settle()
    assert "".join(chats.model.prefix.words) == "system question answer"


def test_a_question_in_between_leaves_what_waits_for_another_time(made: Made) -> None:
    chats = made()
    chats.ask(chats.one, "the first chat " * 40)
    chats.ask(chats.two, "the second chat")
    stopped = CancelToken()
    stopped.cancel()
    chats.settle("unread", stopped)
    assert chats.files() == []
    chats.settle()
    assert str(chats.one) in chats.files()


def test_what_something_else_read_in_between_is_not_taken_for_the_chat(made: Made) -> None:
    chats = made()
    chats.ask(chats.one, "the first chat " * 40)
    chats.model.prefix.words = ("a ", "measurement ") * 300
    chats.ask(chats.two, "the second chat")
    chats.settle()
    assert str(chats.one) not in chats.files()


def test_with_no_room_on_the_disk_nothing_is_kept_and_nothing_fails(made: Made) -> None:
    chats = made(limit=0)
    chats.ask(chats.one, "the first chat " * 40)
    chats.ask(chats.two, "the second chat")
    chats.settle()
    chats.prefixes.leave(chats.model)
    assert chats.files() == []


def test_a_folder_that_cannot_be_written_costs_the_state_and_not_the_answer(made: Made) -> None:
    chats = made()
    chats.folder.write_text("a file in the way")
    chats.ask(chats.one, "the first chat " * 40)
    chats.ask(chats.two, "the second chat " * 40)
    chats.settle()
    chats.prefixes.tidy()
    chats.prefixes.leave(chats.model)
    assert chats.folder.is_file()
