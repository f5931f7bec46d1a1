"""A kill while an answer streams leaves what was written of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop.domain.conversations import Message, Role
from desktop.storage.conversation_store import ConversationStore
from desktop.storage.database import Database
from desktop.storage.locations import Locations

pytestmark = [pytest.mark.fault, pytest.mark.journey]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120.0


def test_a_kill_while_the_model_writes_leaves_the_half_answer_marked_as_stopped(
    tmp_path: Path,
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.asking_program", str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert first, "the program ended before it wrote anything"
        _await_half_answer(tmp_path)
    finally:
        process.kill()
        rest, _ = process.communicate()
    # A line cut by the kill was not said to its end.
    whole = (first + rest).rpartition("\n")[0].splitlines()
    streamed = "".join(json.loads(line) for line in whole)

    database = Database.open(Locations.of(tmp_path).database)
    chats = ConversationStore(database)
    [chat] = chats.conversations()
    asked, half = chats.messages(chat.id)
    assert asked.role is Role.USER
    assert half.answer is not None
    assert half.answer.stopped
    assert len(half.text) > 20
    assert streamed.startswith(half.text)
    last_word = half.text.split()[-2].strip(".,:")
    assert [found.id for found, _ in chats.search(last_word)] == [chat.id]
    assert database.problems() == []
    database.close()


def _await_half_answer(data: Path) -> None:
    database = Database.open(Locations.of(data).database)
    chats = ConversationStore(database)
    deadline = time.monotonic() + PATIENCE_S
    try:
        while not _answers(chats):
            assert time.monotonic() < deadline, "nothing of the answer was kept"
            time.sleep(0.01)
    finally:
        database.close()


def _answers(chats: ConversationStore) -> list[Message]:
    [chat] = chats.conversations()
    return [said for said in chats.messages(chat.id) if said.role is Role.ASSISTANT]
