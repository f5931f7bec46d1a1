"""Followed folders: only what is new or changed is read, and what is gone is gone."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from desktop.domain.cancel import CancelToken
from desktop.domain.documents import DocumentStatus
from desktop.indexing.folders import forget, leave_out
from desktop.indexing.patterns import Patterns
from tests.unit.indexing.desk import Desk, statuses

LEASE = "# Lease\n\nThe monthly rent of the flat is 900 euros.\n"
POLICY = "# Leave\n\nFive days of annual leave may be carried over until March.\n"


def test_a_collection_remembers_what_it_follows(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.follow(exclude=["*.tmp"])
    [followed] = desk.store.followed(desk.collection.id)
    assert (followed.folder.path, followed.folder.exclude) == (str(desk.folder), ("*.tmp",))
    assert followed.folder.reachable
    assert desk.collection.watched_folders == 1
    assert desk.collection.checked_at > 0


def test_a_file_under_a_followed_folder_is_not_followed_twice(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.follow()
    assert desk.follow(path).counts == {"unchanged": 1}
    assert len(desk.store.followed(desk.collection.id)) == 1


def test_a_new_file_is_found_by_the_next_look(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.follow()
    desk.write("policy.md", POLICY)
    assert desk.look().counts == {"unchanged": 1, "ready": 1}
    assert desk.found("annual leave")[0] == "policy.md"


def test_a_moved_file_is_neither_read_nor_embedded_again(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.follow()
    before = desk.document(path)
    desk.index.embedded.clear()
    (desk.folder / "old").mkdir()
    moved = desk.folder / "old" / "contract.md"
    path.rename(moved)
    report = desk.look()
    assert statuses(report) == {"contract.md": DocumentStatus.UNCHANGED}
    assert report.removed == ()
    assert desk.index.embedded == []
    now = desk.document(moved)
    assert (now.id, now.chunks, now.indexed_at) == (before.id, before.chunks, before.indexed_at)
    assert desk.found("monthly rent")[0] == "contract.md"
    assert desk.look().counts == {"unchanged": 1}


def test_a_copied_file_takes_over_what_is_stored(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.follow()
    desk.index.embedded.clear()
    copy = desk.folder / "copy.md"
    shutil.copy(path, copy)
    report = desk.look()
    assert statuses(report) == {
        "copy.md": DocumentStatus.READY,
        "lease.md": DocumentStatus.UNCHANGED,
    }
    assert desk.index.embedded == []
    assert report.pages_read == 0
    original, copied = desk.document(path), desk.document(copy)
    assert (copied.title, copied.chunks, copied.sha256) == (
        original.title,
        original.chunks,
        original.sha256,
    )
    assert desk.store.page(copied.id, 1) == desk.store.page(original.id, 1)
    # Found for itself, not in the name of the other one.
    desk.store.remove_document(original.id)
    assert desk.found("monthly rent") == ["copy.md"]


def test_a_deleted_file_is_gone(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.write("policy.md", POLICY)
    desk.follow()
    path.unlink()
    report = desk.look()
    assert report.removed == (str(path),)
    assert report.counts == {"unchanged": 1}
    assert desk.store.document_at(desk.collection.id, str(path)) is None
    assert "lease.md" not in desk.found("monthly rent")


def test_a_deleted_file_that_was_followed_itself_is_gone(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.follow(path)
    path.unlink()
    assert desk.look().removed == (str(path),)
    assert desk.look().files == ()


def test_a_folder_that_cannot_be_reached_loses_nothing_and_that_is_said(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.follow()
    away = desk.folder.with_name("unplugged")
    desk.folder.rename(away)
    report = desk.look()
    assert report.removed == ()
    assert [file.error for file in report.files] == ["It failed with FileMissing."]
    [followed] = desk.store.followed(desk.collection.id)
    assert not followed.folder.reachable
    assert desk.found("monthly rent") == ["lease.md"]
    away.rename(desk.folder)
    assert desk.look().counts == {"unchanged": 1}
    assert desk.store.followed(desk.collection.id)[0].folder.reachable
    assert desk.document(path).status is DocumentStatus.READY


def test_while_a_drive_is_missing_below_a_folder_nothing_on_it_is_gone(desk: Desk) -> None:
    drive = desk.folder / "drive"
    drive.mkdir()
    (drive / "lease.md").write_text(LEASE)
    desk.write("policy.md", POLICY)
    desk.follow()
    [followed] = desk.store.followed(desk.collection.id)
    # As a look notes it where another file system is mounted there.
    desk.store.note_look(followed.folder.id, True, [str(drive)])
    (drive / "lease.md").unlink()
    (desk.folder / "policy.md").unlink()
    report = desk.look()
    assert report.removed == (str(desk.folder / "policy.md"),)
    assert desk.document(drive / "lease.md").status is DocumentStatus.READY


def test_what_failed_before_is_tried_again_only_when_asked(desk: Desk) -> None:
    bad = desk.write("empty.md", "")
    desk.follow()
    os.utime(bad, ns=(5, 5))
    desk.look()
    assert desk.look().counts == {"failed": 1}
    seen = desk.document(bad)
    desk.look(asked=True)
    assert desk.document(bad).status is DocumentStatus.FAILED
    assert desk.document(bad).id == seen.id


def test_patterns_choose_the_files_of_a_folder(desk: Desk) -> None:
    for name in ("a.md", "b.txt", "drafts/c.md", "final/node_modules/d.md"):
        (desk.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.folder / name).write_text(LEASE + name)
    report = desk.follow(include=["*.MD"], exclude=["drafts/*", "node_modules"])
    assert statuses(report) == {"a.md": DocumentStatus.READY}


def test_what_a_new_pattern_leaves_out_goes(desk: Desk) -> None:
    desk.write("lease.md", LEASE)
    desk.write("policy.md", POLICY)
    desk.follow()
    assert desk.follow(exclude=["policy.*"]).removed == (str(desk.folder / "policy.md"),)


@pytest.mark.parametrize(
    ("include", "exclude", "below", "taken"),
    [
        ((), (), "a/b.pdf", True),
        (("*.pdf",), (), "a/b.PDF", True),
        (("*.pdf",), (), "a/b.docx", False),
        (("letters/*",), (), "letters/2024/b.docx", True),
        (("letters/",), (), "other/b.docx", False),
        ((), ("~*",), "a/~b.pdf", False),
        ((), ("./a/b.pdf",), "a/b.pdf", False),
        ((), ("./a/b.pdf",), "x/a/b.pdf", True),
        ((), ("[[]x].md",), "[x].md", False),
    ],
)
def test_patterns_hold_names_or_paths(
    include: tuple[str, ...], exclude: tuple[str, ...], below: str, taken: bool
) -> None:
    patterns = Patterns.of(include, exclude)
    assert patterns.takes_file(below.rsplit("/", maxsplit=1)[-1], below) is taken


def test_a_file_over_the_folders_limit_is_named_and_not_read(desk: Desk) -> None:
    desk.write("big.txt", "word " * 300_000)
    [outcome] = desk.follow(max_file_mb=1).files
    assert outcome.error == "It failed with FileTooLarge."
    assert desk.index.embedded == []


def test_a_removed_document_is_not_brought_back_by_the_next_look(desk: Desk) -> None:
    path = desk.write("lease.md", LEASE)
    desk.write("policy.md", POLICY)
    desk.follow()
    leave_out(desk.store, desk.document(path))
    desk.store.remove_document(desk.document(path).id)
    assert statuses(desk.look()) == {"policy.md": DocumentStatus.UNCHANGED}
    # Asked for by name it is read after all.
    assert statuses(desk.follow(path)) == {"lease.md": DocumentStatus.READY}


def test_forgetting_a_folder_removes_what_was_read_from_it_and_nothing_else(
    desk: Desk, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "policy.md").write_text(POLICY)
    desk.write("lease.md", LEASE)
    desk.follow()
    desk.follow(other)
    first = next(
        one
        for one in desk.store.followed(desk.collection.id)
        if one.folder.path == str(desk.folder)
    )
    for _ in forget(first, desk.collection, desk.parts, CancelToken()):
        pass
    assert [Path(one.path).name for one in desk.store.documents(desk.collection.id)] == [
        "policy.md"
    ]
    assert (desk.folder / "lease.md").exists()
    assert desk.look().counts == {"unchanged": 1}
