"""Files inside files are documents of their own, and one that is bad costs itself alone."""

from __future__ import annotations

import os
from pathlib import Path

from desktop.domain.documents import DocumentStatus
from tests.unit.documents.made_files import encrypted, write_pdf, write_zip
from tests.unit.indexing.desk import Desk

RENT = b"# Lease\n\nThe monthly rent of the flat is 900 euros.\n"
LEAVE = b"# Leave\n\nFive days of annual leave may be carried over until March.\n"


def _archive(desk: Desk, members: dict[str, bytes]) -> Path:
    return write_zip(desk.folder / "papers.zip", members)


def _rows(desk: Desk) -> dict[str, DocumentStatus]:
    return {
        os.path.relpath(one.path, desk.folder): one.status
        for one in desk.store.documents(desk.collection.id)
    }


def test_an_archive_is_ready_without_passages_and_its_members_have_theirs(desk: Desk) -> None:
    path = _archive(desk, {"lease.md": RENT, "hr/leave.md": LEAVE, "empty.md": b""})
    report = desk.run()
    rows = {os.path.relpath(file.path, desk.folder): file for file in report.files}
    assert {name: file.status.value for name, file in rows.items()} == {
        "papers.zip": "ready",
        "papers.zip/lease.md": "ready",
        "papers.zip/hr/leave.md": "ready",
        "papers.zip/empty.md": "failed",
    }
    assert (rows["papers.zip"].pages, rows["papers.zip"].chunks) == (0, 0)
    assert rows["papers.zip/lease.md"].chunks == 1
    assert report.counts == {"ready": 3, "failed": 1}
    archive = desk.document(path)
    assert archive.inner_files == 3
    inner = desk.store.documents_inside(archive.id)
    assert {one.parent_id for one in inner} == {archive.id}
    assert desk.found("annual leave")[0] == "leave.md"


def test_an_unchanged_archive_costs_one_look_and_all_its_rows_are_told(desk: Desk) -> None:
    _archive(desk, {"lease.md": RENT, "leave.md": LEAVE})
    desk.run()
    desk.index.embedded.clear()
    assert desk.run().counts == {"unchanged": 3}
    assert desk.index.embedded == []


def test_what_is_no_longer_in_a_changed_archive_goes(desk: Desk) -> None:
    path = _archive(desk, {"lease.md": RENT, "leave.md": LEAVE})
    desk.run()
    _archive(desk, {"lease.md": RENT, "note.md": b"The boiler was replaced in May.\n"})
    os.utime(path, ns=(9, 9))
    desk.index.embedded.clear()
    assert desk.run().counts == {"ready": 3}
    assert set(_rows(desk)) == {"papers.zip", "papers.zip/lease.md", "papers.zip/note.md"}
    # What stayed the same in it is read again and not embedded again.
    assert len(desk.index.embedded) == 1
    assert "leave.md" not in desk.found("annual leave")


def test_members_go_with_their_archive(desk: Desk) -> None:
    path = _archive(desk, {"lease.md": RENT})
    desk.follow()
    path.unlink()
    assert desk.look().removed == (str(path),)
    assert _rows(desk) == {}
    assert desk.found("monthly rent") == []


def test_members_move_and_are_copied_with_their_archive(desk: Desk) -> None:
    path = _archive(desk, {"lease.md": RENT})
    desk.follow()
    desk.index.embedded.clear()
    (desk.folder / "twin.zip").write_bytes(path.read_bytes())
    desk.look()
    path.rename(desk.folder / "moved.zip")
    desk.look()
    assert set(_rows(desk)) == {
        "moved.zip",
        "moved.zip/lease.md",
        "twin.zip",
        "twin.zip/lease.md",
    }
    assert desk.index.embedded == []


def test_what_a_stop_left_unread_in_an_archive_is_read_by_the_next_run(desk: Desk) -> None:
    path = _archive(desk, {"lease.md": RENT, "leave.md": LEAVE})
    desk.run()
    inner = desk.document(f"{path}/leave.md")
    desk.store.mark_failed(inner.id, DocumentStatus.WAITING, "", "")
    report = desk.run()
    assert report.counts == {"unchanged": 2, "ready": 1}


def test_a_password_opens_what_asked_for_it(desk: Desk) -> None:
    plain = write_pdf(desk.folder / "secret.pdf", [[(72.0, 700.0, 12.0, "The code is 4711.")]])
    path = encrypted(plain, "sesame", "owner")
    [first] = desk.run(path).files
    assert first.status is DocumentStatus.NEEDS_PASSWORD, first.error
    desk.passwords.append("wrong")
    [again] = desk.read_again(path).files
    assert again.status is DocumentStatus.NEEDS_PASSWORD, again.error
    desk.passwords.append("sesame")
    [opened] = desk.read_again(path).files
    assert opened.status is DocumentStatus.READY, opened.error
    assert "sesame" not in desk.store.document(desk.document(path).id).error_detail


def test_a_password_opens_a_file_inside_an_archive(desk: Desk) -> None:
    plain = write_pdf(desk.folder / "secret.pdf", [[(72.0, 700.0, 12.0, "The code is 4711.")]])
    secret = encrypted(plain, "sesame", "owner")
    archive = _archive(desk, {"secret.pdf": secret.read_bytes()})
    for one in desk.folder.glob("*.pdf"):
        one.unlink()
    assert desk.run().counts == {"ready": 1, "needs_password": 1}
    desk.passwords.append("sesame")
    assert desk.read_again(f"{archive}/secret.pdf").counts == {"ready": 1}


def test_a_file_of_nothing_but_pictographs_is_ready_and_finds_itself(desk: Desk) -> None:
    path = desk.folder / "mood.txt"
    path.write_text("\U0001f600 \U0001f31f\n", encoding="utf-8")
    assert desk.run().counts == {"ready": 1}
    assert desk.document(path).chunks == 1
