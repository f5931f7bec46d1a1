"""Files of the old Office formats and of Office 2007 open with the password they were closed with.

They are closed here by another program's ciphers.
"""

from __future__ import annotations

import struct
from hashlib import md5, sha1
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI

from desktop.documents.content import Reading
from desktop.documents.readers.doc import read_doc
from desktop.documents.readers.office_encryption import decrypted
from desktop.documents.readers.ppt import read_ppt
from desktop.documents.readers.xls import read_xls
from desktop.domain.errors import DamagedFile, PasswordNeeded
from tests.unit.documents.made_office import sheet, words, write_ole, write_xlsx
from tests.unit.documents.reading import events_of
from tests.unit.documents.test_old_office import (
    NARROW,
    biff,
    box,
    deck,
    doc_streams,
    page,
    record,
    write_ppt,
    xls_stream,
)

PASSWORD = "Pässwort 1"
SALT, VERIFIER = bytes(range(16)), bytes(range(60, 76))


def of_1997(data: bytes, block_bytes: int) -> bytes:
    """RC4 as Office 97 used it; it opens what it closes."""
    closed: bytes = DocumentRC4.decrypt(PASSWORD, SALT, BytesIO(data), block_bytes).read()
    return closed


def of_2002(data: bytes, block_bytes: int, block: int = 0) -> bytes:
    """RC4 as Office XP and 2003 used it."""
    closed: bytes = DocumentRC4CryptoAPI.decrypt(
        PASSWORD, SALT, 128, BytesIO(data), block_bytes, block
    ).read()
    return closed


def info_of_1997() -> bytes:
    digest = md5(VERIFIER, usedforsecurity=False).digest()
    return struct.pack("<HH", 1, 1) + SALT + of_1997(VERIFIER + digest, 512)


def header(key_bits: int, verifier: bytes, digest: bytes) -> bytes:
    """What stands between the version of the encryption and what is encrypted."""
    inner = struct.pack("<8I", 0, 0, 0x660E, 0x8004, key_bits, 1, 0, 0) + b"\0\0"
    sizes = struct.pack("<II", 0, len(inner))
    return sizes + inner + struct.pack("<I", 16) + SALT + verifier + struct.pack("<I", 20) + digest


def info_of_2002() -> bytes:
    closed = of_2002(VERIFIER + sha1(VERIFIER, usedforsecurity=False).digest(), 512)
    return struct.pack("<HH", 2, 2) + header(128, closed[:16], closed[16:])


def closed_doc(path: Path) -> Path:
    info = info_of_1997()
    main, table = doc_streams([("secret words\r", NARROW)], 0x0300, info)
    closed = main[:0x44] + of_1997(main, 512)[0x44:]
    return write_ole(
        path, {"WordDocument": closed, "1Table": info + of_1997(table, 512)[len(info) :]}
    )


def closed_xls(path: Path) -> Path:
    """Heads of records, and some records as a whole, stand in clear."""
    lock = biff(0x002F, b"\x01\x00" + info_of_2002())
    plain = xls_stream({(0, 0): "secret words"}, lock)
    closed, place = bytearray(of_2002(plain, 1024)), 0
    while place < len(plain):
        kind, size = struct.unpack_from("<HH", plain, place)
        clear = {0x0809: size, 0x002F: size, 0x0085: 4}.get(kind, 0) + 4
        closed[place : place + clear] = plain[place : place + clear]
        place += 4 + size
    return write_ole(path, {"Workbook": bytes(closed)})


def closed_ppt(path: Path) -> Path:
    plain = {1: deck(1, noted=0), 2: page(0x03EE, b"", box("secret words"))}
    parts = {number: of_2002(part, 1 << 20, number) for number, part in plain.items()}
    parts[3] = record(0x2F14, info_of_2002(), container=True)
    return write_ppt(path, parts, token=0xF3D1C4DF, session=3)


def read(path: Path, passwords: list[str]) -> Reading:
    readers = {".doc": read_doc, ".xls": read_xls, ".ppt": read_ppt}
    return readers[path.suffix](path, passwords)


CLOSED = {"a.doc": closed_doc, "a.xls": closed_xls, "a.ppt": closed_ppt}


@pytest.mark.parametrize("name", CLOSED)
def test_the_password_that_fits_opens_the_file(tmp_path: Path, name: str) -> None:
    path = CLOSED[name](tmp_path / name)
    pages = events_of(read(path, ["wrong", PASSWORD])).pages
    assert [page.text for page in pages] == ["secret words"]


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("passwords", [[], ["wrong"]])
def test_without_it_the_password_is_asked_for(
    tmp_path: Path, name: str, passwords: list[str]
) -> None:
    with pytest.raises(PasswordNeeded):
        events_of(read(CLOSED[name](tmp_path / name), passwords))


def test_text_that_is_only_obfuscated_is_asked_for_too(tmp_path: Path) -> None:
    main, table = doc_streams([("x\r", NARROW)], 0x8300)
    path = write_ole(tmp_path / "a.doc", {"WordDocument": main, "1Table": table})
    with pytest.raises(PasswordNeeded):
        events_of(read_doc(path, ["x"]))


def test_a_presentation_that_does_not_say_how_it_is_closed_is_damaged(tmp_path: Path) -> None:
    parts = {1: deck(1, noted=0), 2: page(0x03EE, b"", box("x"))}
    with pytest.raises(DamagedFile):
        events_of(read_ppt(write_ppt(tmp_path / "a.ppt", parts, token=0xF3D1C4DF)))


def closed_as_in_2007(path: Path) -> tuple[Path, bytes]:
    plain = write_xlsx(path.with_name("plain.xlsx"), {"S": sheet({1: words("secret")})})
    content = plain.read_bytes()
    key = ECMA376Standard.makekey_from_password(PASSWORD, 0x660E, 0x8004, 1, 128, 16, SALT)
    cipher = Cipher(AES(key), ECB())

    def closed(data: bytes) -> bytes:
        encryptor = cipher.encryptor()
        return encryptor.update(data.ljust(-(-len(data) // 16) * 16, b"\0")) + encryptor.finalize()

    digest = closed(sha1(VERIFIER, usedforsecurity=False).digest())
    info = struct.pack("<HH", 3, 2) + header(128, closed(VERIFIER), digest)
    package = struct.pack("<Q", len(content)) + closed(content)
    return write_ole(path, {"EncryptionInfo": info, "EncryptedPackage": package}), content


def test_a_file_of_office_2007_opens_with_its_password_alone(tmp_path: Path) -> None:
    path, content = closed_as_in_2007(tmp_path / "a.xlsx")
    assert decrypted(path, ["wrong", PASSWORD]) == content
    with pytest.raises(PasswordNeeded):
        decrypted(path, ["wrong"])
