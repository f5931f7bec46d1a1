"""States of the engine on the disk: whole or not there, bounded, gone with their conversation."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.engine import SequenceState
from desktop.domain.errors import DataFolderReadOnly
from desktop.storage.conversation_store import ConversationStore
from desktop.storage.database import Database
from desktop.storage.sequence_states import SequenceStates

KEY = bytes(range(32))
CANARY = b"the canary of the third chat " * 40


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "carrel.db")
    yield opened
    opened.close()


def state(key: str = "model", size: int = 3_000_000, fill: bytes = b"\x5a") -> SequenceState:
    return SequenceState(key, tuple(range(500)), (fill * (size // len(fill) + 1))[:size])


def states(database: Database, limit: int = 100 << 20, key: bytes | None = None) -> SequenceStates:
    return SequenceStates(database, folder_of(database), lambda: limit, key)


def folder_of(database: Database) -> Path:
    return database.path.parent / "sequence-states"


def chats(database: Database, count: int) -> list[int]:
    store = ConversationStore(database)
    return [store.create(f"chat {at}", None).id for at in range(count)]


def files(database: Database) -> list[Path]:
    return sorted(folder_of(database).iterdir()) if folder_of(database).is_dir() else []


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])
def test_a_state_comes_back_as_it_was_kept(
    database: Database, key: bytes | None, size: int
) -> None:
    [chat] = chats(database, 1)
    kept = states(database, key=key)
    assert kept.find(chat, "model") is None
    assert kept.keep(chat, state(size=size))
    found = states(database, key=key).find(chat, "model")
    assert found is not None
    assert (found.tokens, bytes(found.payload)) == (state().tokens, bytes(state(size=size).payload))
    assert kept.sizes(chat, "model") == (500, files(database)[0].stat().st_size)
    assert kept.find(chat, "another model") is None


def test_a_newer_state_takes_the_place_of_the_older(database: Database) -> None:
    [chat] = chats(database, 1)
    kept = states(database)
    kept.keep(chat, state())
    kept.keep(chat, replace(state(fill=b"new"), tokens=(1, 2)))
    found = kept.find(chat, "model")
    assert found is not None
    assert found.tokens == (1, 2)
    assert len(files(database)) == 1


@pytest.mark.parametrize("key", [None, KEY])
def test_a_file_that_is_not_as_it_was_written_is_removed_and_not_believed(
    database: Database, key: bytes | None
) -> None:
    [chat] = chats(database, 1)
    kept = states(database, key=key)
    kept.keep(chat, state(size=1 << 20))
    [path] = files(database)
    whole = path.read_bytes()
    damaged = [whole[:at] for at in (0, 7, 40, 60, len(whole) // 2, len(whole) - 1)]
    damaged += [whole + b"\0", bytes(len(whole)), b"CARRELSQ" + b"\xff" * (len(whole) - 8)]
    for at in (0, 8, 9, 12, 26, 30, 33, 40, 71, 74, 2100, len(whole) // 2, len(whole) - 1):
        damaged.append(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    for content in damaged:
        kept.keep(chat, state(size=1 << 20))
        path.write_bytes(content)
        assert kept.find(chat, "model") is None
        assert files(database) == []
        assert kept.sizes(chat, "model") == (0, 0)


def test_records_that_changed_places_are_not_believed(database: Database) -> None:
    [chat] = chats(database, 1)
    kept = states(database, key=KEY)
    kept.keep(chat, state(size=3 << 20))
    [path] = files(database)
    whole = path.read_bytes()
    record = (1 << 20) + 16
    first, second = whole[-3 * record : -2 * record], whole[-2 * record : -record]
    path.write_bytes(whole[: -3 * record] + second + first + whole[-record:])
    assert kept.find(chat, "model") is None


def test_another_chats_file_is_not_taken_for_ones_own(database: Database) -> None:
    one, other = chats(database, 2)
    kept = states(database)
    kept.keep(one, state("one"))
    kept.keep(other, state("other"))
    first, second = (next(p for p in files(database) if p.name.startswith(f"{at}-"))
                     for at in (one, other))  # fmt: skip
    first.write_bytes(second.read_bytes())
    assert kept.find(one, "one") is None


def test_a_sealed_file_shows_nothing_and_opens_with_its_own_key_alone(database: Database) -> None:
    [chat] = chats(database, 1)
    secret = SequenceState("model", tuple(range(7000, 7400)), CANARY)
    states(database, key=KEY).keep(chat, secret)
    [path] = files(database)
    content = path.read_bytes()
    assert CANARY[:29] not in content
    assert (7100).to_bytes(4, "little") + (7101).to_bytes(4, "little") not in content
    assert states(database, key=bytes(32)).find(chat, "model") is None
    states(database, key=KEY).keep(chat, secret)
    assert states(database).find(chat, "model") is None
    states(database).keep(chat, secret)
    assert states(database, key=KEY).find(chat, "model") is None


def test_sealing_the_same_twice_gives_other_bytes(database: Database) -> None:
    [chat] = chats(database, 1)
    kept = states(database, key=KEY)
    contents = []
    for _ in range(2):
        kept.keep(chat, state(size=1000))
        contents.append(files(database)[0].read_bytes()[-1000:])
    assert contents[0] != contents[1]


def test_the_least_used_goes_first_when_there_is_no_room(database: Database) -> None:
    owners = chats(database, 4)
    kept = states(database, limit=10_000_000)
    for chat in owners[:3]:
        kept.keep(chat, state())
    assert kept.find(owners[0], "model") is not None
    kept.keep(owners[3], state())
    assert [kept.sizes(chat, "model")[0] for chat in owners] == [500, 0, 500, 500]
    assert sum(path.stat().st_size for path in files(database)) <= 10_000_000
    kept.keep(owners[3], state())
    assert [kept.sizes(chat, "model")[0] for chat in owners] == [500, 0, 500, 500]


def test_a_state_that_is_too_large_alone_is_not_kept_and_costs_no_other(
    database: Database,
) -> None:
    owners = chats(database, 2)
    kept = states(database, limit=4_000_000)
    assert kept.keep(owners[0], state())
    assert not kept.keep(owners[1], state(size=5_000_000))
    assert not states(database, limit=0).keep(owners[1], state(size=1))
    assert kept.find(owners[0], "model") is not None


def test_what_a_chat_held_goes_with_it(database: Database) -> None:
    owners = chats(database, 2)
    kept = states(database)
    for chat in owners:
        kept.keep(chat, SequenceState("model", (1, 2, 3), CANARY))
    store = ConversationStore(database)
    store.remove(owners[0])
    kept.tidy()
    assert len(files(database)) == 2  # it can still be brought back
    store.purge_removed()
    kept.tidy()
    assert [path.name.split("-")[0] for path in files(database)] == [str(owners[1])]
    with pytest.raises(KeyError):
        kept.keep(owners[0], state())
    assert len(files(database)) == 1


def test_at_start_leftovers_go_and_a_lower_limit_holds(database: Database) -> None:
    owners = chats(database, 3)
    kept = states(database)
    for chat in owners:
        kept.keep(chat, state())
    (folder_of(database) / "1-half.state.123-456").write_bytes(b"left by a kill")
    files(database)[0].unlink()
    states(database, limit=3_500_000).tidy()
    assert len(files(database)) == 1
    assert sum(kept.sizes(chat, "model")[0] > 0 for chat in owners) == 1


def test_a_folder_that_cannot_be_written_is_named(database: Database) -> None:
    [chat] = chats(database, 1)
    folder_of(database).write_text("a file in the way")
    with pytest.raises(DataFolderReadOnly):
        states(database).keep(chat, state())
    os.unlink(folder_of(database))
    assert states(database).keep(chat, state())
