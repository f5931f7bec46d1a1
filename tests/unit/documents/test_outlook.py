"""MSG: the properties of Outlook's messages, their bodies, and what came along."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import pytest

from desktop.documents.content import Remark
from desktop.documents.reader_child import read_file
from desktop.documents.readers import msg
from desktop.documents.readers.packed_rtf import unpacked_rtf
from desktop.domain.documents import BlockKind, DocumentKind, InnerFile
from desktop.domain.errors import EmptyFile, FileMissing
from tests.support.shared_data import shared_data
from tests.unit.documents.ole_files import Tree, write_ole
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of

WORDS = "The quick brown fox keeps the ledger in drawer seventeen."
# The example of the format's specification.
PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d"
    "0a800fa0"
)
UNPACKED = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
EMBEDDED = "__substg1.0_3701000D"


def properties(header_bytes: int, numbers: dict[int, int] | None = None) -> bytes:
    rows = (struct.pack("<HHIq", 3, tag, 6, value) for tag, value in (numbers or {}).items())
    return bytes(header_bytes) + b"".join(rows)


def outlook(
    subject: str, text: str = "", more: Mapping[str, bytes | Tree] | None = None
) -> dict[str, bytes | Tree]:
    tree: dict[str, bytes | Tree] = {
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Priya".encode("utf-16-le"),
        "__substg1.0_5D01001F": "priya@example.org".encode("utf-16-le"),
        "__properties_version1.0": properties(32),
    }
    if text:
        tree["__substg1.0_1000001F"] = text.encode("utf-16-le")
    return tree | dict(more or {})


def attachment(name: str, data: bytes) -> dict[str, bytes | Tree]:
    return {
        "__substg1.0_3707001F": name.encode("utf-16-le"),
        "__substg1.0_37010102": data,
        "__properties_version1.0": properties(8),
    }


def inner_names(path: Path) -> list[str]:
    return [event.name for event in read_file(path) if isinstance(event, InnerFile)]


def test_a_message_says_who_wrote_what(tmp_path: Path) -> None:
    path = write_ole(tmp_path / "a.msg", outlook("Cloth", WORDS))
    first = opened(path)
    assert (first.kind, first.title) == (DocumentKind.MSG, "Cloth")
    assert first.facts.author == "Priya <priya@example.org>"
    assert blocks_of(path)[-1] == (BlockKind.PARAGRAPH, WORDS)


def test_text_of_old_messages_is_read_in_their_code_page(tmp_path: Path) -> None:
    tree: Tree = {
        "__substg1.0_0037001E": "書類".encode("cp932"),
        "__substg1.0_1000001E": "十七番の引き出し".encode("cp932"),
        "__properties_version1.0": properties(32, {0x3FFD: 932}),
    }
    path = write_ole(tmp_path / "a.msg", tree)
    assert opened(path).title == "書類"
    assert blocks_of(path)[-1][1] == "十七番の引き出し"


def test_a_body_of_html_or_of_packed_rich_text_is_read(tmp_path: Path) -> None:
    html = outlook("Cloth", more={"__substg1.0_10130102": f"<ul><li>{WORDS}</ul>".encode()})
    path = write_ole(tmp_path / "a.msg", html)
    assert blocks_of(path)[-1] == (BlockKind.LIST, f"- {WORDS}")
    path = write_ole(tmp_path / "b.msg", outlook("Cloth", more={"__substg1.0_10090102": PACKED}))
    assert blocks_of(path)[-1] == (BlockKind.PARAGRAPH, "hello world")


def test_packed_rich_text_is_unpacked_as_far_as_it_goes() -> None:
    assert unpacked_rtf(PACKED) == UNPACKED
    for length in range(len(PACKED)):
        assert UNPACKED.startswith(unpacked_rtf(PACKED[:length]))
    plain = struct.pack("<4I", 12, 5, 0x414C454D, 0) + b"{\\rtf and more"
    assert unpacked_rtf(plain) == b"{\\rtf"


def test_attachments_are_files_of_their_own(tmp_path: Path) -> None:
    tree = outlook(
        "Cloth",
        WORDS,
        {
            "__attach_version1.0_#00000000": attachment("..\\bill.pdf", b"%PDF" * 2000),
            "__attach_version1.0_#00000001": attachment("bill.pdf", b"2"),
        },
    )
    path = write_ole(tmp_path / "a.msg", tree)
    assert inner_names(path) == ["bill.pdf", "bill (2).pdf"]
    assert msg.inner_file(path, "bill.pdf") == b"%PDF" * 2000
    with pytest.raises(FileMissing):
        msg.inner_file(path, "no.pdf")


def test_a_message_within_a_message_is_read_under_its_subject(tmp_path: Path) -> None:
    inner = outlook("Thread", "The needle lies in drawer nine.")
    inner["__properties_version1.0"] = properties(24)
    inner["__attach_version1.0_#00000000"] = attachment("a.csv", b"1,2")
    holder: Tree = {"__properties_version1.0": properties(8), EMBEDDED: inner}
    tree = outlook("Cloth", WORDS, {"__attach_version1.0_#00000000": holder})
    path = write_ole(tmp_path / "a.msg", tree)
    assert headings_over(path, "needle") == ("Cloth", "Thread")
    assert inner_names(path) == ["Thread.eml/a.csv"]
    assert msg.inner_file(path, "Thread.eml/a.csv") == b"1,2"


def test_a_message_of_nothing_is_empty(tmp_path: Path) -> None:
    path = write_ole(tmp_path / "a.msg", {"__properties_version1.0": properties(32)})
    with pytest.raises(EmptyFile):
        pages_of(path)


def test_a_message_cut_short_is_read_with_a_remark(tmp_path: Path) -> None:
    whole = shared_data("documents", "msg", "attachment_test_msg.msg").read_bytes()
    path = tmp_path / "cut.msg"
    path.write_bytes(whole[: len(whole) // 2])
    events = list(read_file(path))
    assert [event for event in events if isinstance(event, Remark)]
