"""Kills, full disks, forbidden folders and damaged files cost nothing that was acknowledged."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.documents import DocumentStatus
from desktop.domain.errors import DatabaseDamaged, DataFolderInUse, DataFolderReadOnly, StorageError
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.instance_lock import InstanceLock
from desktop.storage.words.asked import WordsAsked
from tests.faults.storing_program import DOCUMENTS, version_of
from tests.support.stored_content import prepare, store

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals and permissions"),
]

ROOT = Path(__file__).resolve().parents[2]
KILLS = 30


def start(action: str, folder: Path, *arguments: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.storing_program", action, str(folder)]
        + [str(argument) for argument in arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> list[str]:
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return said.splitlines()


def test_thirty_kills_while_storing_lose_nothing_acknowledged_and_leave_nothing_half(
    tmp_path: Path,
) -> None:
    moments = random.Random(2)
    acknowledged: dict[int, int] = {}
    for _ in range(KILLS):
        said = _kill_after(start("keep_storing", tmp_path), moments.uniform(0.0, 0.12))
        acknowledged.update((int(number), int(version)) for number, version in said)
        _check_all(tmp_path / "carrel.db", acknowledged)
    assert len(acknowledged) == DOCUMENTS


def _kill_after(process: subprocess.Popen[str], seconds: float) -> list[list[str]]:
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, "the program ended before it stored anything"
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    # A line cut by the kill was not said to its end.
    whole = (first + rest).rpartition("\n")[0].splitlines()
    return [line.split() for line in whole]


def _check_all(path: Path, acknowledged: dict[int, int]) -> None:
    database = Database.open(path)
    documents = DocumentStore(database)
    assert database.problems() == []
    [collection] = documents.collections()
    assert len(documents.interrupted()) <= 1
    for number, version in acknowledged.items():
        found = documents.document_at(collection.id, f"/{number}")
        assert found is not None
        stored = int(found.title.split("version")[1])
        assert stored >= version
        expected = version_of(number, stored)
        chunks = documents.chunks_of_document(found.id)
        assert [chunk.text for chunk in chunks] == [chunk.text for chunk in expected.chunks]
        pages = [documents.page(found.id, page.number) for page in expected.content.pages]
        assert pages == list(expected.content.pages)
        word = f"doc{number}version{stored}"
        hits = documents.keyword_search(collection.id, WordsAsked.any_of(word), 1000)
        assert {hit[0] for hit in hits} == {chunk.id for chunk in chunks}
        # The version before is gone from the keyword index as a whole.
        old = f"doc{number}version{stored - 1}"
        assert documents.keyword_search(collection.id, WordsAsked.any_of(old), 1000) == []
    every = [
        chunk.id
        for document in documents.documents(collection.id)
        for chunk in documents.chunks_of_document(document.id)
    ]
    ids, vectors = documents.vectors(collection.id)
    assert sorted(every) == ids.tolist()
    assert len(vectors) == len(every)
    database.close()


@pytest.mark.parametrize("limit_bytes", [700_000, 1_500_000, 4_000_000])
def test_a_file_that_may_not_grow_is_a_full_disk_and_loses_nothing(
    tmp_path: Path, limit_bytes: int
) -> None:
    _check_full(finish(start("store_until_full", tmp_path, limit_bytes)), tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = (
        shutil.which("mount") is not None
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)],
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode
    )
    if not mounted:
        pytest.skip("mounting a small disk needs more rights than this process has")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_named_and_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    said = finish(start("store_until_full", small_disk, 0))
    roomy = tmp_path / "roomy"
    shutil.copytree(small_disk, roomy)
    _check_full(said, roomy)


def _check_full(said: list[str], folder: Path) -> None:
    *acknowledged, error, last = said
    assert (error, last) == ("DiskFull", "still reading")
    assert acknowledged
    _check_all(folder / "carrel.db", {int(line.split()[0]): 39 for line in acknowledged})
    # With room again, it goes on where it was.
    database = Database.open(folder / "carrel.db")
    documents = DocumentStore(database)
    stored = store(documents, 1, "/after", prepare(["room again"]))
    assert stored.document.status is DocumentStatus.READY
    database.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, as the test's own are not."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.parametrize("existing", [False, True])
def test_a_read_only_folder_is_named_whatever_is_tried(open_folder: Path, existing: bool) -> None:
    if existing:
        Database.open(open_folder / "carrel.db").close()
    (open_folder / "broken.json").write_text("{")
    for path in open_folder.iterdir():
        path.chmod(0o444)
    open_folder.chmod(0o555)
    before = {path.name: path.read_bytes() for path in open_folder.iterdir()}
    said = finish(start("try_everything", open_folder))
    assert said == ["DataFolderReadOnly"] * 6
    assert {path.name: path.read_bytes() for path in open_folder.iterdir()} == before


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DataFolderReadOnly):
        Database.open(tmp_path / "data" / "carrel.db")
    with pytest.raises(DataFolderReadOnly):
        InstanceLock.take(tmp_path / "data")


def test_a_file_that_is_no_database_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "carrel.db"
    path.write_bytes(random.Random(1).randbytes(50_000))
    before = path.read_bytes()
    with pytest.raises(DatabaseDamaged):
        Database.open(path)
    assert path.read_bytes() == before
    path.unlink()
    path.mkdir()
    with pytest.raises(DatabaseDamaged):
        Database.open(path)


def test_damage_anywhere_in_the_database_is_a_storage_error_and_nothing_worse(
    tmp_path: Path,
) -> None:
    path = tmp_path / "carrel.db"
    database = Database.open(path)
    documents = DocumentStore(database)
    collection = documents.create_collection("contracts")
    for number in range(20):
        store(documents, collection.id, f"/{number}", version_of(number, 5))
    database.close()
    whole = path.read_bytes()
    chosen = random.Random(3)
    noticed = 0
    for round_number in range(40):
        damaged = bytearray(whole)
        if round_number % 4 == 0:
            del damaged[chosen.randrange(1, len(whole)) :]
        else:
            at = chosen.randrange(len(whole) - 4096)
            damaged[at : at + 4096] = chosen.randbytes(4096)
        path.write_bytes(damaged)
        noticed += _is_noticed(path)
        for left in tmp_path.glob("carrel.db-*"):
            left.unlink()
    assert noticed == 40


def _is_noticed(path: Path) -> bool:
    try:
        database = Database.open(path)
    except StorageError:
        return True
    try:
        return bool(database.problems())
    except StorageError:
        return True
    finally:
        database.close()


def test_a_killed_instance_leaves_the_folder_free_and_a_living_one_is_named(
    tmp_path: Path,
) -> None:
    holder = start("hold", tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(DataFolderInUse) as refusal:
        InstanceLock.take(tmp_path)
    assert refusal.value.process_id == holder.pid != os.getpid()
    holder.kill()
    holder.communicate()
    InstanceLock.take(tmp_path).release()
