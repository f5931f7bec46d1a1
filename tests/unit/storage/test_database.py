"""A database is opened safely, changed all or nothing, and migrated from every version."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from desktop.domain.answers import Answer, AnswerMode
from desktop.domain.errors import DatabaseDamaged, DatabaseNewer, DataFolderInUse
from desktop.storage.conversation_store import ConversationStore
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.migrations import MIGRATIONS, backup_path, migrate
from desktop.storage.model_store import ModelStore
from desktop.storage.words.asked import WordsAsked

OLDEST = Path(__file__).with_name("schemas") / "version-1.sql"


def test_what_is_acknowledged_is_synced_and_what_is_deleted_is_overwritten(
    database: Database,
) -> None:
    settings = {
        name: database.execute(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "auto_vacuum")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "auto_vacuum": 2,
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")
def test_a_new_data_folder_is_its_owners_alone(database: Database) -> None:
    assert stat.S_IMODE(database.path.parent.stat().st_mode) == 0o700


def test_a_transaction_that_fails_leaves_nothing_and_ends(database: Database) -> None:
    documents = DocumentStore(database)
    with pytest.raises(ZeroDivisionError), database.transaction():
        documents.create_collection("a")
        1 / 0  # noqa: B018 - any error will do
    assert documents.collections() == []
    documents.create_collection("b")
    assert [one.name for one in documents.collections()] == ["b"]


def test_a_transaction_inside_another_is_part_of_it(database: Database) -> None:
    documents = DocumentStore(database)
    with pytest.raises(KeyError), database.transaction():
        with database.transaction():
            documents.create_collection("a")
        raise KeyError
    assert documents.collections() == []


def test_another_connection_sees_a_transaction_when_it_is_done(database: Database) -> None:
    other = Database.open(database.path)
    with database.transaction():
        DocumentStore(database).create_collection("a")
        assert DocumentStore(other).collections() == []
    assert len(DocumentStore(other).collections()) == 1
    other.close()


def test_a_writer_that_waits_in_vain_is_told_that_the_folder_is_in_use(
    database: Database,
) -> None:
    other = Database.open(database.path)
    other.execute("PRAGMA busy_timeout=20")
    with database.transaction(), pytest.raises(DataFolderInUse):
        DocumentStore(other).create_collection("a")
    other.close()


def test_wrong_sql_is_a_bug_and_not_a_storage_error(database: Database) -> None:
    with pytest.raises(dbapi2.OperationalError, match="no such table"):
        database.execute("SELECT * FROM nowhere")


def test_a_newer_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "carrel.db"
    newer = Database.open(path)
    newer.execute("PRAGMA user_version=999")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseNewer) as refusal:
        Database.open(path)
    assert (refusal.value.found, refusal.value.supported) == (999, len(MIGRATIONS))
    assert path.read_bytes() == before


def test_a_foreign_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "carrel.db"
    foreign = dbapi2.connect(str(path))
    foreign.execute("CREATE TABLE theirs (x)")
    foreign.commit()
    foreign.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseDamaged):
        Database.open(path)
    assert path.read_bytes() == before


def test_the_oldest_schema_reaches_the_newest_with_everything_in_it(tmp_path: Path) -> None:
    path = _oldest_database(tmp_path)
    old, new = Database.open(path), Database.open(tmp_path / "new.db")
    assert _schema(old) == _schema(new)
    assert old.problems() == []
    documents, chats = DocumentStore(old), ConversationStore(old)
    [document] = documents.documents(1)
    assert (document.path, document.title) == ("/l\udce9", "Lease")
    assert documents.page(1, 1).text == "The rent is due."
    assert [hit[0] for hit in documents.keyword_search(1, WordsAsked.any_of("rent"), 5)] == [1]
    assert documents.vectors(1)[1].tolist() == [[1.0, 2.0]]
    assert (documents.index_generation(), documents.is_dirty()) == (3, True)
    assert [one.answer for one in chats.messages(1)] == [
        None,
        Answer("Monthly.", AnswerMode.DOCUMENTS, "smol"),
    ]
    assert [one.id for one, _ in chats.search("monthly")] == [1]
    assert [entry.id for entry in ModelStore(old).entries()] == ["mine"]
    old.close()
    new.close()


def test_a_migration_keeps_a_copy_of_the_database_as_it_was(tmp_path: Path) -> None:
    path = _oldest_database(tmp_path)
    connection = dbapi2.connect(str(path), isolation_level=None)
    migrate(connection, path, (*MIGRATIONS, _add_a_column))
    assert connection.execute("SELECT mood FROM conversations").fetchall() == [("good",)]
    assert connection.execute("PRAGMA user_version").fetchall() == [(len(MIGRATIONS) + 1,)]
    connection.close()
    kept = Database.open(backup_path(path, 1))
    assert [one.title for one in ConversationStore(kept).conversations()] == ["Rent"]
    assert kept.problems() == []
    kept.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = _oldest_database(tmp_path)
    connection = dbapi2.connect(str(path), isolation_level=None)
    before = connection.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()
    with pytest.raises(dbapi2.OperationalError, match="nowhere"):
        migrate(connection, path, (*MIGRATIONS, _add_a_column, _fail))
    assert connection.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall() == before
    connection.close()
    Database.open(path).close()


def _add_a_column() -> Iterator[str]:
    yield "ALTER TABLE conversations ADD COLUMN mood TEXT NOT NULL DEFAULT 'good'"


def _fail() -> Iterator[str]:
    yield "DELETE FROM messages"
    yield "DELETE FROM nowhere"


def _oldest_database(folder: Path) -> Path:
    path = folder / "carrel.db"
    connection = dbapi2.connect(str(path))
    connection.executescript(OLDEST.read_text(encoding="utf-8"))
    connection.close()
    return path


def _schema(database: Database) -> dict[str, str]:
    rows = database.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'words_1%'")
    return {name: " ".join((sql or "").split()) for name, sql in rows}


@pytest.mark.parametrize("table", ["conversations", "messages", "models", "documents"])
def test_rows_can_be_deleted_after_another_connection_changed_the_schema(
    tmp_path: Path, table: str
) -> None:
    first = Database.open(tmp_path / "carrel.db")
    second = Database.open(tmp_path / "carrel.db")
    DocumentStore(first).create_collection("Office")  # with a keyword table of its own
    with second.transaction():
        assert second.execute(f"DELETE FROM {table} RETURNING 1") == []
    second.close()
    first.close()
