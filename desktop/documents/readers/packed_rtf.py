"""The compression that Outlook keeps Rich Text bodies in."""

from __future__ import annotations

import struct

_HEADER = struct.Struct("<4I")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW_BYTES = 4096
_MOST_BYTES = 64 << 20
# What every Rich Text file begins with stands in the window before the first byte.
_FIRST_WINDOW = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def unpacked_rtf(data: bytes) -> bytes:
    """The Rich Text; as much as there is where the data ends early, b"" where it is no such."""
    if len(data) < _HEADER.size:
        return b""
    _, size, method, _ = _HEADER.unpack_from(data)
    body = data[_HEADER.size :]
    if method == _PLAIN:
        return body[:size]
    return _unpacked(body, min(size, _MOST_BYTES)) if method == _COMPRESSED else b""


def _unpacked(data: bytes, size: int) -> bytes:
    window = bytearray(_FIRST_WINDOW.ljust(_WINDOW_BYTES, b"\x00"))
    write = len(_FIRST_WINDOW)
    out = bytearray()
    position = 0
    while position < len(data) and len(out) < size:
        flags, position = data[position], position + 1
        for bit in range(8):
            if flags >> bit & 1:
                if position + 2 > len(data):
                    return bytes(out)
                pair = data[position] << 8 | data[position + 1]
                read, length, position = pair >> 4, (pair & 15) + 2, position + 2
                if read == write:
                    return bytes(out)
            else:
                if position >= len(data):
                    return bytes(out)
                read, length = -1, 1
            for step in range(length):
                byte = data[position] if read < 0 else window[(read + step) % _WINDOW_BYTES]
                out.append(byte)
                window[write] = byte
                write = (write + 1) % _WINDOW_BYTES
            position += read < 0
    return bytes(out[:size])
