"""ZIP: a folder in one file, with limits and passwords."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from desktop.documents.content import Opened, Remark
from desktop.documents.reader_child import read_file
from desktop.documents.readers.zip_archive import inner_file
from desktop.domain.documents import DocumentKind, InnerFile
from desktop.domain.errors import ContentTooLarge, DamagedFile, FileMissing, PasswordNeeded
from tests.unit.documents.made_files import write_zip

WORDS = b"The quick brown fox keeps the ledger in drawer seventeen."
PASSWORD = "open sesame"
# Each holds words.txt, made by another program with that password.
OLD_CIPHER = bytes.fromhex(
    "504b0304140009000800b96d755d1ac65b4d230000002300000009001c00776f7264732e7478745554090003"
    "8da0016b8da0016b75780b000104000000000400000000dd3a3a9dd0f4b80aab2894100aeb82b8fa4c6c4bc9"
    "e06919a3a89cb557763a56f1785b504b07081ac65b4d2300000023000000504b01021e03140009000800b96d"
    "755d1ac65b4d2300000023000000090018000000000001000000a48100000000776f7264732e747874555405"
    "00038da0016b75780b000104000000000400000000504b050600000000010001004f000000760000000000"
)
AES_256 = bytes.fromhex(
    "504b0304140001006300a16d755d00000000330000003600000009000b00776f7264732e7478740199070002"
    "004145030800d3679ada57e10db6418ecf55ca5bf13138bf639a7fa1465eaf932f702fc9dc19dcf7d6275889"
    "e37f1356a67c01b1fda17e15cc504b01021403140001006300a16d755d00000000330000003600000009000b"
    "000000000000000000800100000000776f7264732e7478740199070002004145030800504b05060000000001"
    "00010042000000650000000000"
)
AES_128_STORED = bytes.fromhex(
    "504b0304140001006300a16d755d000000004a0000003600000009000b00776f7264732e7478740199070002"
    "0041450100005c9a087d62a0e664eb0f90a9768792219fb5db93afc629df15a6e360f71485bd668ed6115d7b"
    "695689be02aedf55801c122f02e21ef96b9c664bb013db6d92601f4f6121ab0fc34fb940504b010214031400"
    "01006300a16d755d000000004a0000003600000009000b000000000000000000800100000000776f7264732e"
    "7478740199070002004145010000504b05060000000001000100420000007c0000000000"
)


def names_in(path: Path, passwords: tuple[str, ...] = ()) -> list[str]:
    events = read_file(path, passwords=passwords)
    return [event.name for event in events if isinstance(event, InnerFile)]


def remarks_of(path: Path) -> list[str]:
    return [event.text for event in read_file(path) if isinstance(event, Remark)]


def test_members_are_listed_with_their_folders_and_read_by_name(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "papers.zip", {"a/b.txt": WORDS, "c.txt": b"x", "__MACOSX/c": b"y"})
    opened, *_ = read_file(path)
    assert isinstance(opened, Opened)
    assert (opened.kind, opened.title, opened.page_count) == (DocumentKind.ZIP, "papers", 0)
    assert names_in(path) == ["a/b.txt", "c.txt"]
    assert inner_file(path, "a/b.txt") == WORDS
    with pytest.raises(FileMissing):
        inner_file(path, "b.txt")


def test_names_cannot_climb_out_and_each_is_unique(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(("../../x.txt", "/x.txt", "C:\\x.txt", "d/../X.txt", "..")):
            archive.writestr(zipfile.ZipInfo(name), str(number))
    assert names_in(path) == ["x.txt", "x (2).txt", "x (3).txt", "d/X.txt", "file"]
    assert inner_file(path, "x (3).txt") == b"2"


def test_names_in_the_code_page_of_a_country_are_readable(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("placeholder.txt", WORDS)
    raw = "Prüfbericht.txt".encode("cp1252")
    path.write_bytes(path.read_bytes().replace(b"placeholder.txt", raw))
    assert names_in(path) == ["Prüfbericht.txt"]
    assert inner_file(path, "Prüfbericht.txt") == WORDS


def test_links_to_other_places_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("passwd")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", WORDS)
    assert names_in(path) == ["a.txt"]
    assert "links" in remarks_of(path)[0]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("zeros", "w", force_zip64=True) as member,
    ):
        for _ in range(120):
            member.write(bytes(1 << 20))
    with pytest.raises(ContentTooLarge):
        names_in(path)
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(path, "inner.zip")
    with pytest.raises(ContentTooLarge):
        names_in(outer)


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    data = write_zip(tmp_path / "a.zip", {"a": WORDS * 9}).read_bytes()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    listed = data[start:end] * 50
    tail = bytearray(data[end:])
    tail[8:16] = (50).to_bytes(2, "little") * 2 + len(listed).to_bytes(4, "little")
    path = tmp_path / "b.zip"
    path.write_bytes(data[:start] + listed + tail)
    with pytest.raises(DamagedFile):
        names_in(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_usual_way_of_packing_is_read(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.txt", WORDS)
    assert inner_file(path, "a.txt") == WORDS


def test_an_unknown_way_of_packing_is_named(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.txt": WORDS})
    with zipfile.ZipFile(path) as archive:
        listed = archive.start_dir
    data = bytearray(path.read_bytes())
    data[listed + 10] = data[8] = 9  # Deflate64
    path.write_bytes(data)
    with pytest.raises(DamagedFile) as caught:
        inner_file(path, "a.txt")
    assert caught.value.reason == "it is packed in a way that is not read"


def test_more_members_than_anybody_reads_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(10_003):
            archive.writestr(f"{number}.txt", b"x")
    assert len(names_in(path)) == 10_000
    assert "too many: 3" in remarks_of(path)[0]


def test_a_damaged_member_or_list_is_named(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.txt": bytes(range(256)) * 9})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    assert names_in(path) == ["a.txt"]
    with pytest.raises(DamagedFile):
        inner_file(path, "a.txt")
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(DamagedFile):
        list(read_file(path))


@pytest.mark.parametrize("data", [OLD_CIPHER, AES_256, AES_128_STORED], ids=["old", "256", "128"])
def test_an_encrypted_archive_opens_with_the_password_that_fits(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "locked.zip"
    path.write_bytes(data)
    for passwords in ((), ("", "wrong")):
        with pytest.raises(PasswordNeeded):
            names_in(path, passwords)
        with pytest.raises(PasswordNeeded):
            inner_file(path, "words.txt", passwords)
    assert names_in(path, ("wrong", PASSWORD)) == ["words.txt"]
    text = inner_file(path, "words.txt", ("wrong", PASSWORD))
    assert text.startswith(b"Drawer seventeen. Drawer seventeen.")


def test_readable_members_beside_encrypted_ones_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "mixed.zip"
    path.write_bytes(OLD_CIPHER)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("open.txt", WORDS)
    assert names_in(path) == ["words.txt", "open.txt"]
    assert inner_file(path, "open.txt") == WORDS
    with pytest.raises(PasswordNeeded):
        inner_file(path, "words.txt")
