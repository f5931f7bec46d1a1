"""What was said is kept whole, found again, and removed in a way that can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.domain.answers import Answer, AnswerMode, Citation
from desktop.domain.conversations import Role
from desktop.storage.conversation_store import ConversationStore
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore

ANSWER = Answer(
    "The rent is due on the third working day.",
    AnswerMode.DOCUMENTS,
    "smol",
    citations=(Citation(1, 2, "ab", "/l\udce9", "Lease", 3, 1, 1, ("Rent",), 0, 4, "rent"),),
)


@pytest.fixture
def chats(database: Database) -> ConversationStore:
    return ConversationStore(database)


def test_messages_come_back_in_order_with_the_whole_answer(chats: ConversationStore) -> None:
    chat = chats.create("Rent", None)
    said = [
        chats.add_message(chat.id, Role.USER, "When?\n\tNow", AnswerMode.DOCUMENTS),
        chats.add_message(chat.id, Role.ASSISTANT, ANSWER.text, ANSWER.mode, ANSWER),
        chats.add_message(chat.id, Role.USER, "", AnswerMode.MODEL_ONLY),
    ]
    assert chats.messages(chat.id) == said
    assert chats.messages(chat.id)[1].answer == ANSWER


def test_a_later_state_of_an_answer_takes_the_place_of_the_earlier_one(
    chats: ConversationStore, database: Database
) -> None:
    chat = chats.create("", None)
    half = replace(ANSWER, text="The rent is due on the umbrella", stopped=True)
    saved = chats.add_message(chat.id, Role.ASSISTANT, half.text, half.mode, half)
    after = chats.add_message(chat.id, Role.USER, "Thanks", AnswerMode.DOCUMENTS)
    whole = chats.replace_answer(saved, ANSWER)
    assert whole.id == saved.id
    assert chats.messages(chat.id) == [whole, after]
    assert whole.answer == ANSWER
    assert chats.search("umbrella") == []
    assert [found.id for found, _ in chats.search("working")] == [chat.id]
    database.execute("INSERT INTO messages_words (messages_words) VALUES ('integrity-check')")
    with pytest.raises(KeyError):
        chats.replace_answer(replace(saved, id=99), ANSWER)


def test_an_answer_that_cannot_be_read_leaves_its_text(
    chats: ConversationStore, database: Database
) -> None:
    chat = chats.create("Rent", None)
    said = chats.add_message(chat.id, Role.ASSISTANT, ANSWER.text, ANSWER.mode, ANSWER)
    database.execute("UPDATE messages SET answer = replace(answer, 'documents', 'oracle')")
    assert chats.messages(chat.id) == [replace(said, answer=None)]


def test_pinned_conversations_come_first_and_then_the_latest(chats: ConversationStore) -> None:
    first, second, third = (chats.create(title, None).id for title in ("a", "b", "c"))
    chats.add_message(second, Role.USER, "x", AnswerMode.MODEL_ONLY)
    chats.pin(first, True)
    assert [one.id for one in chats.conversations()] == [first, second, third]
    chats.pin(first, False)
    assert [one.id for one in chats.conversations()] == [second, third, first]


def test_what_is_changed_of_a_conversation_is_kept(
    chats: ConversationStore, database: Database
) -> None:
    collection = DocumentStore(database).create_collection("contracts")
    chat = chats.create("", None)
    chats.rename(chat.id, "Rent")
    chats.save_draft(chat.id, "half a \ud800 question")
    chats.set_collection(chat.id, collection.id)
    found = chats.conversation(chat.id)
    assert (found.title, found.draft) == ("Rent", "half a \ufffd question")
    assert found.collection_id == collection.id
    DocumentStore(database).remove_collection(collection.id)
    assert chats.conversation(chat.id).collection_id is None


def test_a_conversation_that_is_gone_is_a_key_error(chats: ConversationStore) -> None:
    for act in (
        lambda: chats.conversation(9),
        lambda: chats.rename(9, "x"),
        lambda: chats.remove(9),
        lambda: chats.add_message(9, Role.USER, "x", AnswerMode.DOCUMENTS),
    ):
        with pytest.raises(KeyError):
            act()


def test_a_removed_conversation_is_out_of_sight_until_it_is_restored(
    chats: ConversationStore,
) -> None:
    chat = chats.create("Rent", None)
    said = chats.add_message(chat.id, Role.USER, "When is it due?", AnswerMode.DOCUMENTS)
    chats.remove(chat.id)
    assert chats.conversations() == []
    assert chats.search("due") == []
    assert chats.search("Rent") == []
    chats.restore(chat.id)
    assert chats.messages(chat.id) == [said]
    assert len(chats.search("due")) == 1


def test_purging_erases_removed_conversations_from_the_disk_and_no_other(
    chats: ConversationStore, database: Database
) -> None:
    kept, gone = chats.create("kept", None), chats.create("gone", None)
    for number in range(50):
        chats.add_message(kept.id, Role.USER, f"question {number}", AnswerMode.DOCUMENTS)
    chats.add_message(gone.id, Role.USER, "quokkaparagraph secret", AnswerMode.DOCUMENTS)
    chats.remove(gone.id)
    assert chats.purge_removed() == 1
    assert chats.purge_removed() == 0
    with pytest.raises(KeyError):
        chats.restore(gone.id)
    assert len(chats.messages(kept.id)) == 50
    assert [one.id for one, _ in chats.search("question 7")] == [kept.id]
    for file in database.path.parent.iterdir():
        assert b"quokkaparagraph" not in file.read_bytes()


@pytest.mark.parametrize(
    "sought",
    ["due", "DUE", "third work", "working days", "day when", '"due', "due*", "due AND (", "Miete"],
)
def test_words_are_found_however_they_are_typed(chats: ConversationStore, sought: str) -> None:
    chat = chats.create("Miete", None)
    chats.create("another", None)
    chats.add_message(chat.id, Role.USER, "When, and where, is it due?", AnswerMode.DOCUMENTS)
    chats.add_message(
        chat.id, Role.USER, "Due on the third working day, when else?", AnswerMode.DOCUMENTS
    )
    found = chats.search(sought)
    assert [one.id for one, _ in found] == [chat.id]


def test_a_find_shows_the_words_around_it(chats: ConversationStore) -> None:
    chat = chats.create("", None)
    text = "before " * 200 + "the deposit of 2,900 euros" + " after" * 200
    chats.add_message(chat.id, Role.USER, text, AnswerMode.DOCUMENTS)
    [(_, piece)] = chats.search("deposit")
    assert "deposit" in piece
    assert len(piece) < 200


def test_text_without_word_breaks_is_found_inside_a_run(chats: ConversationStore) -> None:
    chat = chats.create("", None)
    chats.add_message(chat.id, Role.USER, "家賃の支払日は毎月末です。", AnswerMode.DOCUMENTS)
    [(found, piece)] = chats.search("支払日")
    assert found.id == chat.id
    assert "支払日" in piece


def test_nothing_is_found_for_nothing(chats: ConversationStore) -> None:
    chats.create("x", None)
    assert chats.search("") == chats.search(" !? ") == []
