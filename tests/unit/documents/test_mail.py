"""Mail: one message, many in a file, saved web pages, and what came along with them."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest

from desktop.documents.content import Opened, Remark
from desktop.documents.reader_child import read_file
from desktop.documents.readers import eml, mbox
from desktop.domain.documents import BlockKind, DocumentKind, InnerFile, PageUnit
from desktop.domain.errors import ContentTooLarge, DamagedFile, FileMissing
from tests.unit.documents.reading import blocks_of, headings_over, opened, pages_of

WORDS = "The quick brown fox keeps the ledger in drawer seventeen."
HEAD = "From: Priya <p@x.org>\nTo: Thomas <t@x.org>\nSubject: Cloth\nMIME-Version: 1.0\n"
POSTMARK = b"From p@x.org Mon Jan  1 00:00:00 2024\n"


def message(subject: str = "Cloth", text: str = WORDS) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Priya Nair <priya@example.org>"
    mail["To"] = "Thomas <thomas@example.org>"
    mail["Cc"] = "Ada <ada@example.org>"
    mail["Date"] = "Mon, 6 Jun 2005 22:21:22 +0200"
    mail["Subject"] = subject
    mail.set_content(text)
    return mail


def written(path: Path, mail: EmailMessage | bytes | str) -> Path:
    if isinstance(mail, str):
        mail = mail.encode("latin-1")
    path.write_bytes(mail if isinstance(mail, bytes) else bytes(mail))
    return path


def inner_names(path: Path) -> list[str]:
    return [event.name for event in read_file(path) if isinstance(event, InnerFile)]


def text_of(path: Path) -> str:
    return "\n".join(page.text for page in pages_of(path))


def test_a_message_says_who_wrote_what_to_whom_and_when(tmp_path: Path) -> None:
    path = written(tmp_path / "a.eml", message())
    first = opened(path)
    assert (first.kind, first.title, first.unit) == (DocumentKind.EML, "Cloth", PageUnit.PART)
    assert first.facts.author == "Priya Nair <priya@example.org>"
    assert first.facts.created == "2005-06-06T22:21:22+02:00"
    assert blocks_of(path) == [
        (BlockKind.HEADING, "Cloth"),
        (
            BlockKind.PARAGRAPH,
            "From: Priya Nair <priya@example.org>\nTo: Thomas <thomas@example.org>\n"
            "Cc: Ada <ada@example.org>\nDate: 2005-06-06 22:21:22+02:00",
        ),
        (BlockKind.PARAGRAPH, WORDS),
    ]


def test_two_versions_of_a_text_are_read_once(tmp_path: Path) -> None:
    mail = message()
    mail.add_alternative(f"<p>{WORDS}</p>", subtype="html")
    assert text_of(written(tmp_path / "a.eml", mail)).count("drawer seventeen") == 1
    empty = message(text=" ")
    empty.add_alternative(f"<h2>Stock</h2><ul><li>{WORDS}</li></ul>", subtype="html")
    path = written(tmp_path / "b.eml", empty)
    assert (BlockKind.LIST, f"- {WORDS}") in blocks_of(path)
    assert headings_over(path, "drawer") == ("Cloth", "Stock")


def test_attachments_are_files_of_their_own(tmp_path: Path) -> None:
    mail = message()
    for name in ("a.txt", "a.txt", "../../etc/passwd", "Übersicht 報告.csv"):
        mail.add_attachment(name.encode(), maintype="text", subtype="plain", filename=name)
    path = written(tmp_path / "a.eml", mail)
    assert inner_names(path) == ["a.txt", "a (2).txt", "passwd", "Übersicht 報告.csv"]
    assert eml.inner_file(path, "passwd") == b"../../etc/passwd"
    assert "etc" not in text_of(path)
    with pytest.raises(FileMissing):
        eml.inner_file(path, "b.txt")


def test_pictures_in_the_text_and_seals_are_no_attachments(tmp_path: Path) -> None:
    mail = message()
    mail.add_alternative("<img src='cid:logo'>", subtype="html")
    parts = mail.get_payload()
    assert isinstance(parts, list)
    page = parts[1]
    assert isinstance(page, EmailMessage)
    page.add_related(b"x", "image", "png", cid="<logo>")
    mail.add_attachment(b"x", maintype="application", subtype="pgp-signature", filename="s.asc")
    assert inner_names(written(tmp_path / "a.eml", mail)) == []


def test_a_message_within_a_message_is_read_under_its_subject(tmp_path: Path) -> None:
    forwarded = message("Thread", "The needle lies in drawer nine.")
    forwarded.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="bill.pdf")
    mail = message()
    mail.add_attachment(forwarded, filename="old.eml")
    path = written(tmp_path / "a.eml", mail)
    assert headings_over(path, "needle") == ("Cloth", "Thread")
    assert inner_names(path) == ["old.eml/bill.pdf"]
    assert eml.inner_file(path, "old.eml/bill.pdf") == b"%PDF"


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("iso-2022-jp", "iso2022_jp", "この書類は十七番の引き出しにあります。"),
        ("Shift_JIS", "cp932", "この書類は十七番の引き出しにあります。①"),
        ("ks_c_5601-1987", "cp949", "서류는 열일곱 번째 서랍에 있습니다. 똠방각하"),
        ("gb2312", "gb18030", "文件在第十七个抽屉里。镕"),
        ("big5", "cp950", "文件在第十七個抽屜裡。"),
        ("iso-8859-1", "cp1252", "“Die Mappe liegt dort” – für 17 €"),
        ("windows-1251", "cp1251", "Папка лежит в семнадцатом ящике."),
        ("no-such-charset", "utf-8", "Die Mappe liegt in der Schublade für Größen."),
        ("us-ascii", "utf-8", "Die Mappe liegt in der Schublade für Größen."),
        ("utf-8", "cp1252", "Die Mappe liegt in der Schublade für Größen. Ähnlich übrigens."),
    ],
)
def test_text_is_read_by_the_charset_it_names_or_really_has(
    tmp_path: Path, label: str, encoding: str, text: str
) -> None:
    head = HEAD + f'Content-Type: text/plain; charset="{label}"\n'
    head += "Content-Transfer-Encoding: 8bit\n\n"
    assert text in text_of(written(tmp_path / "a.eml", head.encode() + text.encode(encoding)))
    quoted = head.replace("8bit", "base64").encode() + base64.encodebytes(text.encode(encoding))
    assert text in text_of(written(tmp_path / "b.eml", quoted))


def test_headers_are_read_in_encoded_words_and_in_raw_bytes(tmp_path: Path) -> None:
    word = base64.b64encode("書類の件".encode("iso2022_jp")).decode()
    lines = f"From: =?utf-8?q?J=C3=B6rg?= <j@x.org>\nSubject: =?ISO-2022-JP?B?{word}?=\n"
    path = written(tmp_path / "a.eml", f"{lines}MIME-Version: 1.0\n\n{WORDS}")
    assert (opened(path).title, opened(path).facts.author) == ("書類の件", "Jörg <j@x.org>")
    raw = "From: Jörg <j@x.org>\nSubject: Größe\nMIME-Version: 1.0\n\nx"
    for encoding in ("utf-8", "cp1252"):
        path = written(tmp_path / "b.eml", raw.encode(encoding))
        assert (opened(path).title, opened(path).facts.author) == ("Größe", "Jörg <j@x.org>")


def test_lines_broken_to_fit_a_screen_are_joined(tmp_path: Path) -> None:
    head = HEAD + "Content-Type: text/plain; format=flowed\n\n"
    path = written(tmp_path / "a.eml", head + "The quick brown \nfox.\n> quoted \n> twice\n")
    assert "The quick brown fox.\n> quoted" in text_of(path)


def test_a_message_that_is_not_quite_one_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    head = HEAD + 'Content-Type: multipart/mixed; boundary="a"\n\n'
    assert WORDS in text_of(written(tmp_path / "a.eml", head + WORDS))
    broken = HEAD + "Content-Transfer-Encoding: base64\n\n@@@@not base64@@@@"
    with pytest.raises(DamagedFile):
        pages_of(written(tmp_path / "b.eml", broken))


def test_parts_within_parts_without_end_are_given_up(tmp_path: Path) -> None:
    levels = [f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(1_600)]
    path = written(tmp_path / "a.eml", HEAD + "".join(levels) + f"\n{WORDS}")
    with pytest.raises(ContentTooLarge):
        pages_of(path)


def test_each_message_of_a_mailbox_is_a_section_of_its_own(tmp_path: Path) -> None:
    second = message("Thread", "The needle lies in drawer nine.\n\nFrom here on it is mine.")
    second.add_attachment(b"1", maintype="text", subtype="csv", filename="a.csv")
    quoted = bytes(second).replace(b"\nFrom here", b"\n>From here")
    path = written(
        tmp_path / "in.mbox", POSTMARK + bytes(message()) + b"\n" + POSTMARK + quoted + b"\n"
    )
    first = opened(path)
    assert (first.kind, first.title, first.unit) == (DocumentKind.MBOX, "in", PageUnit.SECTION)
    pages = pages_of(path)
    assert [(page.number, page.name) for page in pages] == [(1, "Cloth"), (2, "Thread")]
    assert "\n\nFrom here on it is mine." in pages[1].text
    assert inner_names(path) == ["2/a.csv"]
    assert mbox.inner_file(path, "2/a.csv") == b"1"
    for name in ("1/a.csv", "9/a.csv", "a.csv"):
        with pytest.raises(FileMissing):
            mbox.inner_file(path, name)


def test_a_mailbox_of_any_length_is_cut_at_every_message(tmp_path: Path) -> None:
    path = tmp_path / "in.mbox"
    count = 0
    with path.open("wb") as file:
        while file.tell() < 9 << 20:
            text = "Not a message, though it says\nFrom me to you.\n" + "x" * (count * 97 % 50_000)
            file.write(POSTMARK + f"Subject: No. {count}\n\n{text}\n\n".encode())
            count += 1
    names = dict.fromkeys(page.name for page in pages_of(path))
    assert list(names) == [f"No. {number}" for number in range(count)]


def test_a_saved_web_page_is_read_without_its_pictures(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"] = "<Saved by Blink>"
    mail["Subject"] = "Ledger"
    mail.set_content(f"<meta name=author content=Zoë><h1>Stock</h1><p>{WORDS}</p>", subtype="html")
    mail.add_related(b"PIXELS", "image", "png", cid="<a>")
    path = written(tmp_path / "a.mhtml", mail)
    assert (opened(path).kind, opened(path).title) == (DocumentKind.MHTML, "Ledger")
    assert opened(path).facts.author == "Zoë"
    assert blocks_of(path) == [(BlockKind.HEADING, "Stock"), (BlockKind.PARAGRAPH, WORDS)]


def test_what_could_not_be_decoded_is_remarked(tmp_path: Path) -> None:
    head = HEAD + 'Content-Type: multipart/mixed; boundary="a"\n\n--a\n\n' + WORDS
    path = written(
        tmp_path / "a.eml", f"{head}\n--a\nContent-Transfer-Encoding: base64\n\n@@\n--a--"
    )
    events = list(read_file(path))
    assert isinstance(events[0], Opened)
    assert [event for event in events if isinstance(event, Remark)]
