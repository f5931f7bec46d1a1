"""MIME: bytes of a message to a letter; alternatives once, whatever is wrong with it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import collapse_rfc2231_value, parsedate_to_datetime
from typing import Any

from desktop.documents.readers.letter import Attached, BodyText, Letter
from desktop.documents.readers.mime_text import decoded_header, decoded_text

# A level of parts within parts costs a few frames of the parser; people's mail has ten.
_MOST_FRAMES = 1_500
_MOST_PARTS = 10_000
_MOST_ENCLOSED = 20
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_SEALS = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
    "application/pgp-encrypted",
})  # fmt: skip


@dataclass(slots=True)
class _Found:
    body: list[BodyText] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    enclosed: list[Letter] = field(default_factory=list)
    undecoded: bool = False


def parsed(data: bytes) -> Message:
    """The message's tree of parts; raises `RecursionError` where no end of it is in sight."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _MOST_FRAMES))
    try:
        return BytesParser(policy=compat32).parsebytes(data.lstrip(b"\r\n\t "))
    finally:
        sys.setrecursionlimit(limit)


def letter_of(message: Message, depth: int = 0) -> Letter:
    """The letter that a message's parts make up."""
    found = _Found()
    for part in _wanted_parts(message):
        _sort_in(part, found, depth)
    return Letter(
        subject=decoded_header(message.get("subject", "")),
        sender=decoded_header(message.get("from", "")),
        to=_addresses(message, "to"),
        copied_to=_addresses(message, "cc"),
        sent=_sent(message),
        name=_name(message),
        body=tuple(found.body),
        attached=tuple(found.attached),
        enclosed=tuple(found.enclosed),
        undecoded=found.undecoded,
    )


def _wanted_parts(message: Message) -> Iterator[Message]:
    """The leaves in order, of alternatives only the one that is read; without recursion."""
    waiting: list[Message] = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        kind = part.get_content_type()
        inner = part.get_payload()
        if kind == "message/rfc822" or not isinstance(inner, list):
            yield part
        elif kind == "multipart/alternative":
            waiting += reversed(_alternative([each for each in inner if isinstance(each, Message)]))
        else:
            waiting += reversed([each for each in inner if isinstance(each, Message)])


def _alternative(parts: list[Message]) -> list[Message]:
    """The one to read, and what is no version of the text."""
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    if any(part_bytes(part).strip() for part in plain):
        # A related or mixed part beside a plain text may carry files.
        return plain[:1] + [part for part in parts if _carries_files(part)]
    marked = [part for part in parts if part not in plain]
    texts = [part for part in marked if part.get_content_type() == "text/html"]
    return texts[-1:] or marked or plain


def _carries_files(part: Message) -> bool:
    return part.is_multipart() and any(each.get_filename() for each in part.walk())


def _sort_in(part: Message, found: _Found, depth: int) -> None:
    kind = part.get_content_type()
    payload = part.get_payload()
    if kind == "message/rfc822" and isinstance(payload, list) and payload:
        if depth < _MOST_ENCLOSED and isinstance(payload[0], Message):
            found.enclosed.append(_named(letter_of(payload[0], depth + 1), _name(part)))
    elif kind in _SEALS or _is_part_of_page(part):
        return
    elif _is_body(part, kind):
        _sort_in_text(part, kind, found)
    elif not part.is_multipart():
        name = _name(part) or f"attachment.{part.get_content_subtype()}"
        found.attached.append(Attached(name, lambda: part_bytes(part)))


def _sort_in_text(part: Message, kind: str, found: _Found) -> None:
    data = part_bytes(part)
    if _is_broken_base64(part):
        found.undecoded = True
        return
    is_markup = kind == "text/html"
    text = decoded_text(data, part_charset(part), markup=is_markup)
    if not is_markup and str(_parameter(part, "format")).lower() == "flowed":
        text = _unflowed(text, str(_parameter(part, "delsp")).lower() == "yes")
    # A second version of the text beside the first, though not declared an alternative.
    if is_markup and any(not piece.is_markup and piece.text.strip() for piece in found.body):
        return
    found.body.append(BodyText(text, is_markup))


def _is_body(part: Message, kind: str) -> bool:
    if part.get_content_disposition() == "attachment":
        return False
    if kind.startswith("multipart/"):
        # Its parts could not be told apart; what stands in it can be read all the same.
        return not part.is_multipart()
    if kind in ("text/plain", "text/html", "message/delivery-status"):
        return not _name(part)
    # Without a type that is known to be something else, a lone part is what was written.
    return kind.startswith("text/") and not _name(part) and kind != "text/calendar"


def _is_part_of_page(part: Message) -> bool:
    """A picture that the text shows in place: a logo, a smiley."""
    if part.get_content_disposition() == "attachment":
        return False
    return part.get_content_maintype() == "image" and bool(part.get("content-id"))


def _is_broken_base64(part: Message) -> bool:
    if str(part.get("content-transfer-encoding", "")).strip().lower() != "base64":
        return False
    payload = part.get_payload()
    raw = payload.encode("ascii", "replace") if isinstance(payload, str) else b""
    return len(_NOT_BASE64.findall(raw)) * 20 > len(raw)


def part_bytes(part: Message) -> bytes:
    """What the part holds, out of its encoding for transport."""
    try:
        data: Any = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    if isinstance(data, bytes):
        return data
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def part_charset(part: Message) -> str | None:
    """The charset that the part says it has."""
    value = _parameter(part, "charset")
    return str(value) if value else None


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except (ValueError, TypeError, LookupError):
        return ""
    return collapse_rfc2231_value(value) if value else ""


def _name(part: Message) -> str:
    try:
        name = part.get_filename("")
    except (ValueError, TypeError, LookupError):
        return ""
    return decoded_header(name) if name else ""


def _named(letter: Letter, name: str) -> Letter:
    return replace(letter, name=name or letter.name)


def _addresses(message: Message, field_name: str) -> str:
    return ", ".join(filter(None, map(decoded_header, message.get_all(field_name, []))))


def _sent(message: Message) -> str:
    try:
        return parsedate_to_datetime(str(message.get("date", ""))).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _unflowed(text: str, without_space: bool) -> str:
    """Join the lines that were only broken to fit a screen."""
    lines: list[str] = []
    open_line = False
    for line in text.splitlines():
        if open_line and not line.startswith(">") and line != "-- ":
            lines[-1] += line
        else:
            lines.append(line)
        open_line = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if open_line and without_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
