"""The Office formats before 2007: their text by its tables, and clear words about damage."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from desktop.domain.documents import BlockKind, PageUnit
from desktop.domain.errors import DamagedFile
from tests.unit.documents.made_office import write_ole
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of, remarks_of

WIDE, NARROW = True, False


def doc_streams(
    pieces: Sequence[tuple[str, bool]], flags: int = 0x0200, lead: bytes = b""
) -> tuple[bytes, bytes]:
    """The two streams of a Word document of these pieces of text, each in two bytes a character
    or in one; `lead` stands at the beginning of the second."""
    main = bytearray(1024)
    struct.pack_into("<HH6xHxxI", main, 0, 0xA5EC, 0x00C1, flags, len(lead))
    places, starts = [], [0]
    for text, wide in pieces:
        places.append(len(main) if wide else len(main) * 2 | 1 << 30)
        main += text.encode("utf-16-le" if wide else "cp1252")
        starts.append(starts[-1] + len(text))
    struct.pack_into("<7I", main, 0x4C, starts[-1], 0, 0, 0, 0, 0, 0)
    table = struct.pack(f"<{len(starts)}I", *starts)
    table += b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    table = b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<II", main, 0x9A + 8 * 33, len(lead), len(table))
    return bytes(main), lead + table


def write_doc(path: Path, pieces: Sequence[tuple[str, bool]]) -> Path:
    main, table = doc_streams(pieces)
    return write_ole(path, {"WordDocument": main, "1Table": table})


def record(kind: int, body: bytes, *, instance: int = 0, container: bool = False) -> bytes:
    return struct.pack("<HHI", instance << 4 | (0xF if container else 0), kind, len(body)) + body


def box(text: str, kind: int = 4) -> bytes:
    """A shape with a text of this kind: 0 is a title, 4 anything."""
    inner = record(0x0F9F, struct.pack("<I", kind)) + record(0x0FA0, text.encode("utf-16-le"))
    return record(0xF004, record(0xF00D, inner, container=True), container=True)


def page(kind: int, more: bytes, *shapes: bytes) -> bytes:
    group = record(0xF003, b"".join(shapes), container=True)
    drawing = record(0x040C, record(0xF002, group, container=True), container=True)
    return record(kind, more + drawing, container=True)


def write_ppt(
    path: Path, parts: dict[int, bytes], *, token: int = 0xE391C05F, session: int = 0
) -> Path:
    """A presentation of these parts; the first is the document's own, `session` tells how they
    are encrypted."""
    data, places = b"", {}
    for identity, part in parts.items():
        places[identity] = len(data)
        data += part
    directory = len(data)
    listed = struct.pack(f"<{len(places) + 1}I", len(places) << 20 | 1, *places.values())
    data += record(0x1772, listed)
    last = len(data)
    data += record(0x0FF5, struct.pack("<8I", 0, 0, 0, directory, 1, 0, 0, session))
    current = record(0x0FF6, struct.pack("<III", 20, token, last))
    return write_ole(path, {"PowerPoint Document": data, "Current User": current})


def deck(count: int, noted: int) -> bytes:
    """The document's part: slides are parts 2 and on, the notes of the first come after them."""
    entries = [struct.pack("<5I", index + 2, 0, 0, 256 + index, 0) for index in range(count)]
    slides = b"".join(record(0x03F3, entry) for entry in entries)
    notes = record(0x03F3, struct.pack("<5I", count + 2, 0, 0, 999, 0)) if noted else b""
    lists = record(0x0FF0, slides, container=True)
    lists += record(0x0FF0, notes, instance=2, container=True)
    return record(0x03E8, lists, container=True)


def biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls_stream(cells: dict[tuple[int, int], str], more: bytes = b"") -> bytes:
    """A workbook with one sheet of texts, in the records of Excel 97."""
    head = biff(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)) + more
    name = b"\x05\x00Sales"
    start = len(head) + 4 + 6 + len(name) + 4
    head += biff(0x0085, struct.pack("<IH", start, 0) + name) + biff(0x000A, b"")
    sheet = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    for (row, column), text in cells.items():
        body = struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode("latin-1")
        sheet += biff(0x0204, body)
    return head + sheet + biff(0x000A, b"")


def write_xls(path: Path, cells: dict[tuple[int, int], str]) -> Path:
    return write_ole(path, {"Workbook": xls_stream(cells)})


def test_a_word_document_is_read_by_its_pieces(tmp_path: Path) -> None:
    path = write_doc(
        tmp_path / "a.doc", [("Caf\xe9 and ", NARROW), ("日本\rSecond\x0bline\r", WIDE)]
    )
    assert opened(path).unit is PageUnit.PART
    assert blocks_of(path) == [
        (BlockKind.PARAGRAPH, "Café and 日本"),
        (BlockKind.PARAGRAPH, "Second\nline"),
    ]


def test_instructions_of_fields_are_left_out(tmp_path: Path) -> None:
    text = 'See \x13 HYPERLINK "http://127.0.0.1:9" \x14here\x15 and \x13TOC \x14one\rtwo\x15 end\r'
    path = write_doc(tmp_path / "a.doc", [(text, NARROW)])
    assert [text for _, text in blocks_of(path)] == ["See here and one", "two end"]


def test_a_broken_table_of_pieces_is_damage(tmp_path: Path) -> None:
    path = write_doc(tmp_path / "a.doc", [("words\r", NARROW)])
    data = bytearray(path.read_bytes())
    place = data.rindex(b"\x02\x10\x00\x00\x00")
    data[place + 15 : place + 19] = b"\xff\xff\xff\x3f"
    path.write_bytes(data)
    with pytest.raises(DamagedFile):
        pages_of(path)


def test_slides_have_titles_boxes_and_notes_and_hidden_ones_are_told(tmp_path: Path) -> None:
    hidden = record(0x03F9, struct.pack("<iIBBHBB2x", 0, 0, 0, 0, 4, 0, 0))
    note = record(0x03F1, struct.pack("<III", 256, 0, 0))
    parts = {
        1: deck(2, noted=1),
        2: page(0x03EE, b"", box("A remark\rand another"), box("Our plan", 0)),
        3: page(0x03EE, hidden, box("Later")),
        4: page(0x03F0, note, box("Say thanks", 2)),
    }
    path = write_ppt(tmp_path / "a.ppt", parts)
    assert (opened(path).unit, opened(path).page_count) == (PageUnit.SLIDE, 2)
    assert [(one.number, one.name) for one in pages_of(path)] == [(1, "Our plan"), (2, "")]
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Our plan"),
        (BlockKind.PARAGRAPH, "A remark"),
        (BlockKind.PARAGRAPH, "and another"),
        (BlockKind.PARAGRAPH, "Say thanks"),
        (BlockKind.PARAGRAPH, "Later"),
    ]
    assert headings_over(path, "Say thanks") == ("Our plan", "Notes")
    assert remarks_of(path) == ["Hidden slides were read too: 2."]


def test_a_presentation_that_lists_a_slide_it_lacks_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile):
        pages_of(write_ppt(tmp_path / "a.ppt", {1: deck(1, noted=0)}))


def test_a_workbook_is_sheets_of_rows(tmp_path: Path) -> None:
    path = write_xls(
        tmp_path / "a.xls", {(0, 0): "Item", (0, 1): "Limit", (1, 0): "Hotel", (1, 1): "120"}
    )
    assert opened(path).unit is PageUnit.SHEET
    assert [(one.name, one.text) for one in pages_of(path)] == [
        ("Sales", "Item | Limit\nHotel | 120")
    ]


@pytest.mark.parametrize("name", ["a.doc", "a.xls", "a.ppt"])
def test_a_cut_container_is_damaged(tmp_path: Path, name: str) -> None:
    main = {"a.doc": "WordDocument", "a.xls": "Workbook", "a.ppt": "PowerPoint Document"}[name]
    path = write_ole(tmp_path / name, {main: b"x" * 9000})
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(DamagedFile):
        pages_of(path)
