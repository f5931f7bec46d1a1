"""Encrypted Office files open with the right password and with no other."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from desktop.documents.readers.office_encryption import decrypted
from desktop.domain.errors import DamagedFile, PasswordNeeded
from tests.support.shared_data import shared_data
from tests.unit.documents.made_office import sheet, words, write_ole, write_xlsx
from tests.unit.documents.reading import pages_of


def encrypted(path: Path, password: str) -> tuple[Path, bytes]:
    """A workbook as another program encrypts it, and what it is without."""
    # Below the size of a small stream the other program writes containers that are broken.
    filling = {"xl/media/noise.txt": "".join(sha256(bytes([n])).hexdigest() for n in range(200))}
    rows = sheet({1: words("secret words")})
    plain = write_xlsx(path.with_name("plain.xlsx"), {"S": rows}, more=filling)
    closed = BytesIO()
    with plain.open("rb") as file:
        OOXMLFile(file).encrypt(password, closed)
    path.write_bytes(closed.getvalue())
    return path, plain.read_bytes()


def test_the_password_that_fits_opens_the_file(tmp_path: Path) -> None:
    path, plain = encrypted(tmp_path / "a.xlsx", "Pässwort 1")
    assert decrypted(path, ["wrong", "Pässwort 1"]) == plain


@pytest.mark.parametrize("passwords", [[], ["wrong"], ["pässwort 1"]])
def test_without_it_the_password_is_asked_for(tmp_path: Path, passwords: list[str]) -> None:
    path, _ = encrypted(tmp_path / "a.xlsx", "Pässwort 1")
    with pytest.raises(PasswordNeeded):
        decrypted(path, passwords)


def test_the_password_that_excel_tries_unasked_is_tried(tmp_path: Path) -> None:
    path, plain = encrypted(tmp_path / "a.xlsx", "VelvetSweatshop")
    assert decrypted(path, []) == plain


def test_an_encryption_that_nobody_knows_is_damage(tmp_path: Path) -> None:
    info = b"\x04\x00\x04\x00\x40\x00\x00\x00<encryption/>"
    path = write_ole(tmp_path / "a.xlsx", {"EncryptionInfo": info, "EncryptedPackage": b"x" * 99})
    with pytest.raises(DamagedFile):
        decrypted(path, ["x"])


@pytest.mark.parametrize(
    ("name", "password", "expected"),
    [
        ("xlsx/protected_passtika.xlsx", "tika", "This is an Encrypted Excel spreadsheet."),
        ("docx/bug53475-password-is-pass.docx", "pass", "password protected document"),
    ],
)
def test_files_of_other_programs_open(
    tmp_path: Path, name: str, password: str, expected: str
) -> None:
    path = tmp_path / Path(name).name
    path.write_bytes(decrypted(shared_data("documents", name), [password]))
    assert expected in pages_of(path)[0].text
