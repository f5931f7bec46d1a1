"""Encrypted OpenDocument files open with the right password, whichever way they were closed."""

from __future__ import annotations

import base64
import hashlib
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from desktop.documents.readers.odt import read_odt
from desktop.domain.errors import DamagedFile, PasswordNeeded
from tests.unit.documents.made_files import write_zip
from tests.unit.documents.made_office import write_odf
from tests.unit.documents.reading import events_of

SALT, VECTOR = bytes(range(16)), bytes(range(50, 66))
URN = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
BODY = "<text:p>secret words</text:p>"


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def manifest(name: str, checksum: str, cipher: str, start: str, derivation: str) -> bytes:
    return (
        f'<m:manifest xmlns:m="{URN}"><m:file-entry m:full-path="{name}"><m:encryption-data'
        f'{checksum}><m:algorithm m:algorithm-name="{cipher}" m:initialisation-vector="'
        f'{coded(VECTOR if "cbc" in cipher else VECTOR[:8])}"/>'
        f'<m:start-key-generation m:start-key-generation-name="{start}"/>'
        f'<m:key-derivation m:salt="{coded(SALT)}" {derivation}/>'
        "</m:encryption-data></m:file-entry></m:manifest>"
    ).encode()


def packed(path: Path) -> bytes:
    """The deflated content of a small text."""
    with zipfile.ZipFile(write_odf(path.with_name("plain.odt"), "text", BODY)) as plain:
        squeezer = zlib.compressobj(wbits=-15)
        return squeezer.compress(plain.read("content.xml")) + squeezer.flush()


def closed_by_parts(path: Path, password: str) -> Path:
    data = packed(path)
    start = hashlib.sha256(password.encode()).digest()
    key = hashlib.pbkdf2_hmac("sha1", start, SALT, 1000, 32)
    padding = 16 - len(data) % 16
    encryptor = Cipher(AES(key), CBC(VECTOR)).encryptor()
    body = encryptor.update(data + bytes([padding]) * padding) + encryptor.finalize()
    digest = hashlib.sha256(data[:1024]).digest()
    checksum = f' m:checksum-type="{URN}#sha256-1k" m:checksum="{coded(digest)}"'
    listed = manifest(
        "content.xml", checksum, "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        "http://www.w3.org/2000/09/xmldsig#sha256",
        'm:key-derivation-name="PBKDF2" m:iteration-count="1000" m:key-size="32"',
    )  # fmt: skip
    return write_zip(path, {"META-INF/manifest.xml": listed, "content.xml": body})


def closed_long_ago(path: Path, password: str) -> Path:
    data = packed(path)
    start = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    key = hashlib.pbkdf2_hmac("sha1", start, SALT, 1024, 16)
    encryptor = Cipher(Blowfish(key), CFB(VECTOR[:8])).encryptor()
    body = encryptor.update(data) + encryptor.finalize()
    digest = hashlib.sha1(data[:1024], usedforsecurity=False).digest()
    checksum = f' m:checksum-type="SHA1/1K" m:checksum="{coded(digest)}"'
    listed = manifest(
        "content.xml", checksum, "Blowfish CFB", "SHA1",
        'm:key-derivation-name="PBKDF2" m:iteration-count="1024"',
    )  # fmt: skip
    return write_zip(path, {"META-INF/manifest.xml": listed, "content.xml": body})


def closed_as_a_whole(path: Path, password: str) -> Path:
    whole = write_odf(path.with_name("plain.odt"), "text", BODY).read_bytes()
    start = hashlib.sha256(password.encode()).digest()
    key = Argon2id(salt=SALT, length=32, iterations=3, lanes=4, memory_cost=1024).derive(start)
    vector = VECTOR[:8]
    listed = manifest(
        "encrypted-package", "", "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        "http://www.w3.org/2001/04/xmlenc#sha256",
        'm:argon2-iterations="3" m:argon2-memory="1024" m:argon2-lanes="4" m:key-size="32"',
    )  # fmt: skip
    body = AESGCM(key).encrypt(vector, whole, None)
    return write_zip(path, {"META-INF/manifest.xml": listed, "encrypted-package": body})


Closing = Callable[[Path, str], Path]
WAYS: list[Closing] = [closed_by_parts, closed_long_ago, closed_as_a_whole]


@pytest.mark.parametrize("close", WAYS)
def test_the_password_that_fits_opens_the_file(tmp_path: Path, close: Closing) -> None:
    path = close(tmp_path / "a.odt", "Pässwort 1")
    read = events_of(read_odt(path, ["wrong", "Pässwort 1"]))
    assert [page.text for page in read.pages] == ["secret words"]


@pytest.mark.parametrize("close", WAYS)
def test_without_it_the_password_is_asked_for(tmp_path: Path, close: Closing) -> None:
    path = close(tmp_path / "a.odt", "Pässwort 1")
    for passwords in ([], ["wrong"]):
        with pytest.raises(PasswordNeeded):
            events_of(read_odt(path, passwords))


def test_an_encryption_that_would_take_for_ever_is_damage(tmp_path: Path) -> None:
    listed = manifest("content.xml", "", "aes256-cbc", "", 'm:iteration-count="999999999999"')
    path = write_zip(
        tmp_path / "a.odt", {"META-INF/manifest.xml": listed, "content.xml": b"x" * 64}
    )
    with pytest.raises(DamagedFile):
        events_of(read_odt(path, ["x"]))
