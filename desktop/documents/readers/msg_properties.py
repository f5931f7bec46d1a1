"""The properties of Outlook's messages, attachments and recipients, out of their OLE streams."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from desktop.documents.readers.mime_text import decoded_text

_ENTRY = struct.Struct("<HHI8s")
_TOP_HEADER, _INNER_HEADER, _SMALL_HEADER = 32, 24, 8
_FIXED = "__properties_version1.0"
_UNICODE, _OLD_TEXT, _BINARY = 0x001F, 0x001E, 0x0102
_MESSAGE_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
_LARGEST_STREAM_BYTES = 256 << 20
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CHARSETS = {
    65001: "utf-8", 1200: "utf-16-le", 936: "gb18030", 54936: "gb18030", 20866: "koi8_r",
    20127: "ascii", 28591: "cp1252", 50220: "iso2022_jp", 50221: "iso2022_jp",
    50222: "iso2022_jp", 51932: "euc_jp", 51949: "cp949", 50225: "iso2022_kr",
}  # fmt: skip


class Properties:
    """The properties of one storage; text is decoded, and what is missing is empty."""

    def __init__(self, ole: Any, storage: tuple[str, ...], charset: str | None = None) -> None:
        self._ole = ole
        self.storage = storage
        self._fixed = dict(self._read_fixed())
        self.charset = self._own_charset() or charset

    def text(self, tag: int) -> str:
        """A text, whether stored as Unicode or in a code page."""
        data = self._stream(tag, _UNICODE)
        if data is not None:
            return data.decode("utf-16-le", "replace").rstrip("\x00")
        data = self._stream(tag, _OLD_TEXT)
        return decoded_text(data, self.charset).rstrip("\x00") if data is not None else ""

    def first_text(self, *tags: int) -> str:
        """The first of these texts that is there."""
        return next(filter(None, map(self.text, tags)), "")

    def data(self, tag: int) -> bytes:
        return self._stream(tag, _BINARY) or b""

    def number(self, tag: int) -> int:
        return int.from_bytes(self._fixed.get(tag, b"")[:4], "little")

    def moment(self, tag: int) -> str:
        """A time in ISO 8601, in universal time."""
        ticks = int.from_bytes(self._fixed.get(tag, b""), "little")
        try:
            return (_EPOCH + timedelta(seconds=ticks // 10_000_000)).isoformat() if ticks else ""
        except OverflowError:
            return ""

    def markup(self, tag: int) -> str:
        """A text of HTML, which is stored as bytes or as text."""
        data = self.data(tag)
        if not data:
            return self.text(tag)
        charset = _charset(self.number(_INTERNET_CODE_PAGE))
        return decoded_text(data, charset or self.charset, markup=True)

    def _stream(self, tag: int, kind: int) -> bytes | None:
        place = [*self.storage, f"__substg1.0_{tag:04X}{kind:04X}"]
        if not self._ole.exists(place) or self._ole.get_type(place) != 2:
            return None
        with self._ole.openstream(place) as stream:
            data: bytes = stream.read(_LARGEST_STREAM_BYTES)
        return data

    def _read_fixed(self) -> Iterator[tuple[int, bytes]]:
        place = [*self.storage, _FIXED]
        if not self._ole.exists(place):
            return
        with self._ole.openstream(place) as stream:
            data = stream.read()[self._header_bytes() :]
        for start in range(0, len(data) - _ENTRY.size + 1, _ENTRY.size):
            _, tag, _, value = _ENTRY.unpack_from(data, start)
            yield tag, value

    def _header_bytes(self) -> int:
        if not self.storage:
            return _TOP_HEADER
        last = self.storage[-1]
        return _SMALL_HEADER if last.startswith(("__attach", "__recip")) else _INNER_HEADER

    def _own_charset(self) -> str | None:
        return _charset(self.number(_MESSAGE_CODE_PAGE) or self.number(_INTERNET_CODE_PAGE))


def _charset(code_page: int) -> str | None:
    if not code_page:
        return None
    return _CHARSETS.get(code_page, f"cp{code_page}")
