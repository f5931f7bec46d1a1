"""What a file is that is no GGUF file, told from its first bytes."""

from __future__ import annotations

import stat
from pathlib import Path
from types import MappingProxyType

from desktop.inference.gguf_header import MAGIC

_LOOKED_AT = 4096
_PICKLE = "weights in Python's pickle form, which can run code when they are loaded"
_ARCHIVE = "a packed archive: unpack it first"

# The older containers of llama.cpp spell their names backwards on these machines.
_BEGINNINGS = MappingProxyType(
    {
        b"lmgg": "a model in the older GGML form, which llama.cpp reads no more",
        b"fmgg": "a model in the older GGML form, which llama.cpp reads no more",
        b"tjgg": "a model in the older GGML form, which llama.cpp reads no more",
        b"algg": "an adapter in the older GGML form, which llama.cpp reads no more",
        b"PK\x03\x04": _ARCHIVE,
        b"PK\x05\x06": _ARCHIVE,
        b"\x1f\x8b": _ARCHIVE,
        b"7z\xbc\xaf\x27\x1c": _ARCHIVE,
        b"Rar!": _ARCHIVE,
        b"\xfd7zXZ": _ARCHIVE,
        b"\x28\xb5\x2f\xfd": _ARCHIVE,
        b"BZh": _ARCHIVE,
        b"\x80\x02": _PICKLE,
        b"\x80\x03": _PICKLE,
        b"\x80\x04": _PICKLE,
        b"\x80\x05": _PICKLE,
        b"%PDF": "a PDF",
        b"\x89PNG": "a picture",
        b"\xff\xd8\xff": "a picture",
        b"MZ": "a program",
        b"\x7fELF": "a program",
        b"SQLite format 3": "a database",
        b"\x89HDF": "weights in HDF5 form; models here are GGUF files",
    }
)
_SPECIAL = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)


def kind_of_file(path: Path) -> str:
    """Say what stands there in place of a GGUF file; "" where one may begin. Raises `OSError`.

    Nothing is opened that is no file: opening a pipe would wait for ever.
    """
    mode = path.stat().st_mode
    for is_kind, words in _SPECIAL:
        if is_kind(mode):
            return words
    with path.open("rb") as opened:
        head = opened.read(_LOOKED_AT)
    # An empty or cut file is a damaged one; its reason comes from the header check.
    if not head or MAGIC.startswith(head[: len(MAGIC)]):
        return ""
    return _by_content(head, path)


def _by_content(head: bytes, path: Path) -> str:
    if head.startswith(b"PK") and b"data.pkl" in head:
        return _PICKLE
    for beginning, words in _BEGINNINGS.items():
        if head.startswith(beginning):
            return words
    if _is_safetensors(head):
        return "a safetensors file; weights in this form are read from their model's whole folder"
    if path.suffix == ".onnx":
        return "an ONNX graph"
    if not head.strip(b"\0"):
        return "a file of zeros: it has a length and no content, as of a copy that was broken off"
    return _by_text(head)


def _is_safetensors(head: bytes) -> bool:
    length = int.from_bytes(head[:8], "little")
    return 2 <= length <= 100 << 20 and head[8:9] == b"{"


def _by_text(head: bytes) -> str:
    try:
        text = head.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        # The last character may be cut in two.
        if error.start < len(head) - 3:
            return "a file of a kind that is not known"
        text = head[: error.start].decode()
    if "\0" in text:
        return "a file of a kind that is not known"
    start = text.lstrip().lower()
    if start.startswith(("<!doctype", "<html")):
        return "a web page: a download gave a page in place of the file"
    if start.startswith("version ") and "oid sha256:" in start:
        return "a pointer of Git LFS, which stands in the place of a file that was not fetched"
    return "a text"
