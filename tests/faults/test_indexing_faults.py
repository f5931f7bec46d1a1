"""Kills and damage while indexing: nothing is lost, nothing is wrong, nothing hangs."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from desktop.domain.documents import (
    DocumentIndexed,
    DocumentStatus,
    IndexProgress,
    IndexReport,
)
from desktop.domain.retrieval import SearchMode
from desktop.indexing.leftovers import put_back_interrupted
from desktop.retrieval.vector_index import VectorIndex
from tests.support.chroma_desk import ChromaDesk

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(sys.platform == "win32", reason="kills by signal"),
]

FILES = 56
KILLS = 6
MANY_KILLS = 100
Contents = dict[str, tuple[DocumentStatus, tuple[str, ...]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Notes with more passages than are held back before Chroma is told of them."""
    top = tmp_path_factory.mktemp("notes")
    for at in range(FILES):
        parts = [
            f"## Room {at}-{part}\n\nRoom number {at}-{part} has carpet c{at * 100 + part}, "
            f"a window to the yard and a lamp of type l{part * 37 + at}.\n"
            for part in range(40)
        ]
        (top / f"note {at:02}.md").write_text("\n".join(parts))
    return top


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ChromaDesk]:
    opened = ChromaDesk.open(tmp_path / "data")
    yield opened
    opened.close()


def _contents(desk: ChromaDesk) -> Contents:
    return {
        document.path: (
            document.status,
            tuple(chunk.text for chunk in desk.store.chunks_of_document(document.id)),
        )
        for document in desk.store.documents(desk.collection.id)
    }


def _assert_whole(desk: ChromaDesk) -> None:
    """The index was left whole, is trusted, and finds what stands in the files."""
    collection = desk.collection.id
    generation = desk.store.index_generation()
    assert not desk.store.is_dirty()
    assert VectorIndex(desk.store, desk.index.vectors).settle()
    assert desk.store.index_generation() == generation, "it was rebuilt, so it was not whole"
    assert desk.index.vectors.verified == generation
    ids = desk.store.chunk_ids(collection)
    assert desk.index.vectors.count(generation, collection) == len(ids)
    for room in ("3-17", "21-8", "39-39"):
        question = f"Room number {room} has carpet"
        [hit] = desk.retriever.retrieve(collection, f'"{question}"', 1).hits
        assert question in hit.chunk.text
    shown = desk.retriever.retrieve(collection, "lamp window", 5, SearchMode.VECTOR)
    assert len(shown.hits) == 5


def _index_process() -> psutil.Process:
    """Chroma's process: a child of this one, in the role of the index."""
    found = _index_processes()
    assert len(found) == 1
    return found[0]


def _index_processes() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):  # ended meanwhile
            command = child.cmdline()
            if "index" in command and "vectors" in command:
                found.append(child)
    return found


def test_kills_during_indexing_lose_nothing_and_the_next_run_goes_on(
    tmp_path: Path, folder: Path
) -> None:
    _kill_again_and_again(tmp_path, folder, KILLS)


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_a_hundred_kills_lose_nothing_and_nothing_is_done_twice(
    tmp_path: Path, folder: Path
) -> None:
    _kill_again_and_again(tmp_path, folder, MANY_KILLS)


def _kill_again_and_again(tmp_path: Path, notes: Path, kills: int) -> None:
    """Kill run after run while files change, then let one finish, and compare with a run of once.

    What was stored stays as it was stored until its file changes: nothing is done twice.
    """
    chance = random.Random(11)
    data, folder = tmp_path / "data", tmp_path / "notes"
    shutil.copytree(notes, folder)
    files = sorted(folder.iterdir())
    killed, lost_most, done = 0, 0, 0
    stored: Stored = {}
    for turn in range(kills):
        for path in chance.sample(files, 6) if turn else []:
            with path.open("a") as note:
                note.write(f"\n## Turn {turn}\n\nIn turn {turn} a line was added.\n")
        stored = _of_today(stored)
        was_killed, said = _kill_one_run(data, folder, chance.uniform(0.1, 1.5))
        killed += was_killed
        done += len(said)
        desk = ChromaDesk.open(data)
        now = _stored(desk)
        assert said <= set(_of_today(now)), "said to be done, and is not"
        assert {path: now.get(path) for path in stored} == stored, "done twice, or lost"
        lost_most = max(lost_most, len(desk.store.interrupted()))
        assert desk.database.problems() == []
        stored = now
        desk.close()
    assert killed > kills // 2
    assert done > 0
    # Being read, or sharing the last batches: none of them was said to be done.
    assert lost_most <= 9
    _finish_and_compare(tmp_path, folder, stored)


Stored = dict[str, tuple[float, int, int]]


def _stored(desk: ChromaDesk) -> Stored:
    """When each finished document was stored, and what was stored of it."""
    return {
        one.path: (one.indexed_at, one.chunks, one.modified_ns)
        for one in desk.store.documents(desk.collection.id)
        if one.status is DocumentStatus.READY
    }


def _of_today(stored: Stored) -> Stored:
    """What was stored of files that are still the same."""
    return {
        path: entry for path, entry in stored.items() if Path(path).stat().st_mtime_ns == entry[2]
    }


def _kill_one_run(data: Path, folder: Path, after_s: float) -> tuple[bool, set[str]]:
    """Whether the run was still going, and the files that it had said to be done."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.chroma_desk", str(data), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    # A line cut by the kill was not said to its end.
    said = [line for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    done = {line.removeprefix("done ").rstrip("\n") for line in said}
    return process.wait() == -signal.SIGKILL, done


def _finish_and_compare(tmp_path: Path, folder: Path, stored: Stored) -> None:
    resumed, whole = ChromaDesk.open(tmp_path / "data"), ChromaDesk.open(tmp_path / "other")
    same = _of_today(stored)
    report = resumed.run(folder)
    assert report.counts.get("unchanged", 0) == len(same)
    assert sum(report.counts.values()) == FILES
    assert same.items() <= _stored(resumed).items()
    whole.run(folder)
    assert _contents(resumed) == _contents(whole)
    assert resumed.database.problems() == []
    _assert_whole(resumed)
    resumed.close()
    whole.close()


def test_a_kill_while_a_large_document_is_stored_keeps_its_vectors_and_shows_none_of_it(
    tmp_path: Path,
) -> None:
    data, folder = tmp_path / "data", tmp_path / "tables"
    folder.mkdir()
    rows = [f"{at},chair model {at * 7},{at * 13 % 997}.50,room {at % 89}" for at in range(60_000)]
    (folder / "stock.csv").write_text("number,name,price,place\n" + "\n".join(rows))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.chroma_desk", str(data), str(folder)],
        stdout=subprocess.DEVNULL,
    )
    desk = ChromaDesk.open(data)
    while not desk.database.execute("SELECT 1 FROM chunks LIMIT 1 OFFSET 1000"):
        assert process.poll() is None
        time.sleep(0.02)
    process.kill()
    process.wait()
    put_back_interrupted(desk.store)
    assert not desk.retriever.retrieve(desk.collection.id, "chair model 21", 5).hits
    [(begun,)] = desk.database.execute("SELECT count(*) FROM chunks")
    [(kept,)] = desk.database.execute("SELECT count(*) FROM unfinished_vectors")
    report = desk.run(folder)
    [document] = desk.store.documents(desk.collection.id)
    assert report.counts == {"ready": 1}
    assert 1000 < begun < document.chunks
    assert document.chunks - kept < 1024, "what was embedded is kept"
    assert desk.retriever.retrieve(desk.collection.id, "chair model 21", 5).hits
    [(chunks, left)] = desk.database.execute(
        "SELECT (SELECT count(*) FROM chunks), (SELECT count(*) FROM unfinished_vectors)"
    )
    assert (chunks, left) == (document.chunks, 0)
    assert desk.database.problems() == []
    assert desk.store.integrity.miscounted(desk.collection.id) == []
    assert not desk.store.integrity.wordless(desk.collection.id)
    desk.close()


def test_a_full_disk_ends_the_run_at_once_and_costs_nothing_that_was_stored(
    tmp_path: Path, folder: Path
) -> None:
    data = tmp_path / "data"
    limited = f"ulimit -f 2000; exec {sys.executable} -m tests.support.chroma_desk {data} {folder}"
    ended = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "DiskFull" in ended.stderr
    desk = ChromaDesk.open(data)
    put_back_interrupted(desk.store)
    stored = _stored(desk)
    assert 0 < len(stored) < FILES
    assert desk.database.problems() == []
    assert desk.run(folder).counts == {"unchanged": len(stored), "ready": FILES - len(stored)}
    assert stored.items() <= _stored(desk).items()
    _assert_whole(desk)
    desk.close()


def test_a_file_that_changes_while_it_is_read_is_named_and_read_the_next_time(
    desk: ChromaDesk, tmp_path: Path
) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    path = folder / "minutes.md"
    path.write_text("# Minutes\n\nThe board met in May.\n")
    report: object = None
    for report in desk.events(folder):
        if isinstance(report, IndexProgress) and report.current_path == str(path):
            path.write_text("# Minutes\n\nThe board met in May and in June.\n")
    assert isinstance(report, IndexReport)
    assert [(file.status, file.error) for file in report.files] == [
        (DocumentStatus.FAILED, "FileChangedWhileRead")
    ]
    assert desk.run(folder).counts == {"ready": 1}
    [document] = desk.store.documents(desk.collection.id)
    [chunk] = desk.store.chunks_of_document(document.id)
    assert chunk.text.endswith("in June.")


def test_one_bad_member_of_an_archive_costs_itself_alone(desk: ChromaDesk, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    with zipfile.ZipFile(folder / "papers.zip", "w") as archive:
        archive.writestr("good.md", "# Good\n\nThe heron nests here.\n")
        archive.writestr("bad.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 30)
        archive.writestr("also good.txt", "The stork nests there.\n")
    rows = {Path(file.path).name: file for file in desk.run(folder).files}
    assert {name: row.status.value for name, row in rows.items()} == {
        "papers.zip": "ready",
        "good.md": "ready",
        "bad.pdf": "failed",
        "also good.txt": "ready",
    }
    assert rows["bad.pdf"].error == "DamagedFile"
    assert [hit.path for hit in desk.retriever.retrieve(desk.collection.id, "heron", 1).hits] == [
        str(folder / "papers.zip" / "good.md")
    ]


def test_the_death_of_chroma_in_the_middle_fails_no_file(desk: ChromaDesk, folder: Path) -> None:
    killed = 0
    report: object = None
    for report in desk.events(folder):
        if isinstance(report, DocumentIndexed) and not killed:
            for process in _index_processes():
                os.kill(process.pid, signal.SIGKILL)
                killed += 1
    assert killed
    assert isinstance(report, IndexReport)
    assert report.counts == {"ready": FILES}
    _assert_whole(desk)


def test_the_death_of_chroma_fails_no_question(desk: ChromaDesk, folder: Path) -> None:
    desk.run(folder)
    desk.index.vectors.asked = True
    before = desk.retriever.retrieve(desk.collection.id, "carpet c417", 5)
    os.kill(_index_process().pid, signal.SIGKILL)
    after = desk.retriever.retrieve(desk.collection.id, "carpet c417", 5)
    assert after.hits[0].chunk == before.hits[0].chunk
    assert "c417," in after.hits[0].chunk.text


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _scramble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    chance = random.Random(5)
    for _ in range(max(20, len(data) // 50)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)


def _remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [_truncate, _scramble, _remove])
@pytest.mark.parametrize("part", ["chroma.sqlite3", "*/*"])
def test_a_damaged_index_folder_is_found_out_and_built_anew(
    tmp_path: Path, folder: Path, damage: object, part: str
) -> None:
    first = ChromaDesk.open(tmp_path / "data")
    first.run(folder)
    first.close()
    [generation] = (tmp_path / "data" / "index").glob("gen-*")
    files = [path for path in generation.glob(part) if path.stat().st_size]
    assert files
    assert callable(damage)
    for path in files:
        damage(path)
    again = ChromaDesk.open(tmp_path / "data")
    # Before anything was checked, a question is answered from the database.
    [hit] = again.retriever.retrieve(again.collection.id, '"Room number 5-5 has carpet"', 1).hits
    assert "Room number 5-5 has carpet" in hit.chunk.text
    assert VectorIndex(again.store, again.index.vectors).settle()
    _assert_whole(again)
    again.close()
    sizes = [path.stat().st_size for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert max(sizes) < 64 << 20
