"""Bad input gets a clear sentence, loses nothing and hangs nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.errors import FileUnreadable
from desktop.indexing.scanning import FoundFile, Unreachable, scan
from tests.support.program import REPOSITORY, Outcome, Program

pytestmark = pytest.mark.fault

SAMPLES = REPOSITORY / "resources" / "samples"
NOTE = "# Keys\n\nThe spare key of the archive is with the porter on the second floor.\n"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def rows_of(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {Path(row["path"]).name: row for row in outcome.document["files"]}


def test_a_folder_of_bad_files_names_each_and_still_reads_the_good_one(
    program: Program, folder: Path
) -> None:
    (folder / "good.md").write_text(NOTE, encoding="utf-8")
    (folder / "empty.txt").touch()
    (folder / "no pages.pdf").write_bytes(pdf_without_pages())
    (folder / "picture.pdf").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200))
    (folder / "cut.pdf").write_bytes(next(SAMPLES.glob("*.pdf")).read_bytes()[:900])
    (folder / "not word.docx").write_bytes(b"PK\x03\x04 this is not an archive")
    encrypted = next((REPOSITORY.parent / "shared/data/documents/pdf").glob("*encrypt*"), None)
    if encrypted is not None:
        shutil.copy(encrypted, folder / "locked.pdf")
    indexed = program.run("index", folder, "-c", "mixed", "--json")
    rows = rows_of(indexed)
    assert indexed.code == 0, indexed.messages
    assert rows["good.md"]["status"] == "ready"
    assert "is empty" in rows["empty.txt"]["error"]
    assert rows["picture.pdf"]["error"] == (
        "picture.pdf is damaged: the picture cannot be decoded."
    )
    for name in ("empty.txt", "no pages.pdf", "picture.pdf", "cut.pdf", "not word.docx"):
        assert rows[name]["status"] == "failed", rows[name]
        assert rows[name]["error"].startswith(name), rows[name]
    if encrypted is not None:
        assert rows["locked.pdf"]["status"] == "needs_password"
    found = program.run("search", "spare key", "-c", "mixed", "--mode", "keyword", "--json")
    assert [Path(hit["path"]).name for hit in found.document["hits"]] == ["good.md"]


def test_awkward_names_are_read_and_come_back_unchanged(program: Program, folder: Path) -> None:
    names = [
        "with spaces and 'quotes' and \"more\".md",
        "emoji \U0001f4da and ümlaut.md",
        "-dash.md",
        "n" * 252 + ".md",
        "new\nline.md",
    ]
    for name in names:
        (folder / name).write_text(NOTE, encoding="utf-8")
    undecodable = os.fsencode(folder) + b"/caf\xe9.md"
    with open(undecodable, "wb") as file:
        file.write(NOTE.encode())
    indexed = program.run("index", folder, "-c", "names", "--json")
    assert indexed.code == 0, indexed.messages
    rows = rows_of(indexed)
    assert set(rows) == {*names, "caf\udce9.md"}
    assert {row["status"] for row in rows.values()} == {"ready"}
    found = program.run("search", "porter", "-c", "names", "--mode", "keyword")
    assert found.code == 0, found.messages


def test_a_file_of_100_mb_is_named_with_the_limit_at_once(program: Program, folder: Path) -> None:
    large = folder / "large.txt"
    with large.open("wb") as file:
        for _ in range(100):
            file.write(b"All work and no play. " * 45_455)
    started = time.monotonic()
    indexed = program.run("index", large, "-c", "large", "--max-file-mb", "64", "--json")
    assert indexed.code == 1
    error = rows_of(indexed)["large.txt"]["error"]
    assert "100 MB" in error
    assert "are not read" in error
    assert time.monotonic() - started < 60


def test_a_loop_of_links_is_walked_once(program: Program, folder: Path) -> None:
    (folder / "note.md").write_text(NOTE, encoding="utf-8")
    (folder / "inner").mkdir()
    (folder / "inner" / "back").symlink_to(folder, target_is_directory=True)
    (folder / "self").symlink_to(folder / "self")
    indexed = program.run("index", folder, "-c", "loop", "--json")
    assert indexed.code == 0, indexed.messages
    ready = [row["path"] for row in indexed.document["files"] if row["status"] == "ready"]
    assert len(ready) == 1


def test_a_path_that_is_not_there_is_one_line_and_exit_1(program: Program, folder: Path) -> None:
    indexed = program.run("index", folder / "missing.pdf", "-c", "nothing")
    assert indexed.code == 1
    assert "missing.pdf is not there" in indexed.lines[-1]
    assert program.run("collections", "list", "--json").document == []


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX ones")
def test_a_folder_without_permission_is_named_and_the_rest_is_read(
    program: Program, folder: Path
) -> None:
    (folder / "note.md").write_text(NOTE, encoding="utf-8")
    closed = folder / "closed"
    closed.mkdir()
    (closed / "secret.md").write_text(NOTE, encoding="utf-8")
    closed.chmod(0)
    try:
        indexed = as_user(program, folder, "index", str(folder), "-c", "closed", "--json")
    finally:
        closed.chmod(0o700)
    assert indexed.code == 0, indexed.messages
    rows = rows_of(indexed)
    assert rows["note.md"]["status"] == "ready"
    assert rows["closed"]["status"] == "failed"
    assert "cannot be opened" in rows["closed"]["error"]


@pytest.mark.skipif(not IS_ROOT, reason="only root can put on another user and take it off")
def test_the_scan_names_a_folder_that_this_user_may_not_enter(folder: Path) -> None:
    (folder / "note.md").write_text(NOTE, encoding="utf-8")
    (folder / "closed").mkdir(mode=0o700)
    for above in (folder, *list(folder.parents)[:3]):
        above.chmod(above.stat().st_mode | 0o055)
    os.seteuid(65534)
    try:
        found = scan([folder], False, CancelToken())
    finally:
        os.seteuid(0)
    named = {Path(item.path).name: item for item in found}
    assert isinstance(named["note.md"], FoundFile)
    closed = named["closed"]
    assert isinstance(closed, Unreachable)
    assert isinstance(closed.error, FileUnreadable)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX ones")
def test_a_read_only_data_folder_is_explained(program: Program, folder: Path) -> None:
    program.data_dir.mkdir()
    program.data_dir.chmod(0o555)
    try:
        listed = as_user(program, folder, "collections", "list")
    finally:
        program.data_dir.chmod(0o755)
    assert listed.code == 1
    assert "Nothing can be written into the data folder" in listed.lines[-1]


@pytest.mark.skipif(not IS_ROOT, reason="a small file system needs root to mount")
@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs is a Linux file system")
def test_a_full_disk_is_explained_and_what_was_there_is_kept(
    program: Program, folder: Path
) -> None:
    program.data_dir.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(program.data_dir)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"tmpfs cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        (folder / "note.md").write_text(NOTE, encoding="utf-8")
        assert program.run("index", folder / "note.md", "-c", "full").code == 0
        fill_up(program.data_dir / "filler")
        for number in range(5):
            (folder / f"more {number}.md").write_text(NOTE * 200, encoding="utf-8")
        indexed = program.run("index", folder, "-c", "full")
        assert indexed.code == 1
        assert "is full" in indexed.messages
        (program.data_dir / "filler").unlink()
        found = program.run("search", "porter", "-c", "full", "--mode", "keyword", "--json")
        assert "note.md" in [Path(hit["path"]).name for hit in found.document["hits"]]
    finally:
        subprocess.run(["umount", "-l", str(program.data_dir)], check=True)


def test_a_second_program_on_one_data_folder_is_refused(program: Program) -> None:
    # The window itself, off screen: it keeps its data folder until it is closed.
    window = program.start()
    try:
        wait_for(program.data_dir / "carrel.db")
        refused = program.run("collections", "list")
        assert refused.code == 1
        assert "Another Carrel" in refused.lines[-1]
        assert str(window.pid) in refused.lines[-1]
    finally:
        window.terminate()
        window.communicate(timeout=60)
    assert window.returncode == 0
    assert program.run("collections", "list").code == 0


def test_a_missing_model_file_is_named(program: Program, tmp_path: Path) -> None:
    tree = copy_of_tree(tmp_path)
    chat_model(tree).unlink()
    asked = Program(program.data_dir, tree=tree).run("ask", "Hello?", "--no-documents")
    assert asked.code == 1
    assert len(asked.lines) == 1
    assert "is not at" in asked.lines[0]


def test_a_damaged_model_file_is_refused_with_its_reason(program: Program, tmp_path: Path) -> None:
    tree = copy_of_tree(tmp_path)
    model = chat_model(tree)
    whole = model.read_bytes()
    model.unlink()
    model.write_bytes(whole[: len(whole) // 2])
    asked = Program(program.data_dir, tree=tree).run("ask", "Hello?", "--no-documents")
    assert asked.code == 1
    assert len(asked.lines) == 1
    assert "was refused: the file ends after" in asked.lines[0]


def test_importing_something_that_is_no_model_is_refused(program: Program, tmp_path: Path) -> None:
    fake = tmp_path / "model.gguf"
    fake.write_bytes(b"GGUF" + bytes(100))
    imported = program.run("models", "import", fake)
    assert imported.code == 1
    assert "was refused" in imported.lines[-1]
    included, refused = program.run("models", "list", "--json").document
    assert (included["status"], refused["status"]) == ("ready", "refused")
    assert refused["refusal"] and not refused["path"]


def test_an_interrupted_run_goes_on_where_it_was(program: Program, folder: Path) -> None:
    for number in range(40):
        text = f"# Note {number}\n\n" + f"Sentence {number} about folders. " * 120
        (folder / f"note {number:02}.md").write_text(text, encoding="utf-8")
    running = program.start("index", folder, "-c", "notes", "--json")
    wait_for_a_ready_document(program)
    running.send_signal(2)
    output, _ = running.communicate(timeout=120)
    stopped = json.loads(output)
    assert running.returncode == 1
    assert stopped["stopped"] is True
    done = [row["path"] for row in stopped["files"] if row["status"] == "ready"]
    assert done
    again = program.run("index", folder, "-c", "notes", "--json")
    assert again.code == 0, again.messages
    status = {row["path"]: row["status"] for row in again.document["files"]}
    assert len(status) == 40
    assert {status[path] for path in done} == {"unchanged"}


def fill_up(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(bytes(4096))


def wait_for(file: Path) -> None:
    """Until the first program has the data folder: asked earlier, it would itself be refused."""
    deadline = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < deadline, f"{file.name} was never made"
        time.sleep(0.05)


def wait_for_a_ready_document(program: Program) -> None:
    from sqlcipher3 import dbapi2

    database = program.data_dir / "carrel.db"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        time.sleep(0.1)
        if not database.exists():
            continue
        connection = dbapi2.connect(f"file:{database}?mode=ro", uri=True)
        try:
            row = connection.execute(
                "SELECT count(*) FROM documents WHERE status = 'ready'"
            ).fetchone()
        except dbapi2.OperationalError:
            continue
        finally:
            connection.close()
        if row[0]:
            return
    raise AssertionError("no document became ready")


def as_user(program: Program, folder: Path, *arguments: str) -> Outcome:
    """Run as an ordinary user: root is refused nothing."""
    if not IS_ROOT:
        return program.run(*arguments)
    if shutil.which("setpriv") is None:
        pytest.skip("permissions do not bind root, and setpriv is not here")
    hand_over(program, folder)
    drop = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    start = (
        "import desktop.app, subprocess, sys; subprocess.run([sys.executable, '-V'], check=True)"
    )
    probe = [*drop, sys.executable, "-c", start]
    if subprocess.run(probe, cwd="/", capture_output=True, check=False).returncode != 0:
        pytest.skip("an ordinary user cannot reach this Python")
    return Program(program.data_dir, drop).run(*arguments)


def hand_over(program: Program, folder: Path) -> None:
    base = program.data_dir.parent
    base.chmod(0o777)
    for above in list(base.parents)[:2]:
        above.chmod(above.stat().st_mode | 0o055)
    for path in (folder, *folder.rglob("*"), program.data_dir):
        if path.exists():
            os.chown(path, 65534, 65534)


def copy_of_tree(tmp_path: Path) -> Path:
    """The source tree with the models as links, so that one of them can be replaced."""
    copy = tmp_path / "tree"
    shutil.copytree(REPOSITORY / "desktop", copy / "desktop")
    shutil.copytree(
        REPOSITORY / "resources", copy / "resources", ignore=shutil.ignore_patterns("models")
    )
    for file in (REPOSITORY / "resources/models").rglob("*"):
        if file.is_file():
            place = copy / file.relative_to(REPOSITORY)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(file)
    return copy


def chat_model(tree: Path) -> Path:
    return next((tree / "resources/models/chat").glob("*.gguf"))


def pdf_without_pages() -> bytes:
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(
        (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"), start=1
    ):
        offsets.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"xref\n0 3\n0000000000 65535 f \n"
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + table + trailer
