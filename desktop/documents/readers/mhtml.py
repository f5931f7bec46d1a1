"""MHTML: a web page saved with its pictures, of which the page is read."""

from __future__ import annotations

import codecs
from dataclasses import replace
from email.message import Message
from pathlib import Path

from desktop.documents.content import Opened, Reading
from desktop.documents.held_file import held
from desktop.documents.readers.html import read_html
from desktop.documents.readers.mime_letter import parsed, part_bytes, part_charset
from desktop.documents.readers.mime_text import decoded_header, decoded_text
from desktop.domain.documents import DocumentKind
from desktop.domain.errors import DamagedFile

_MOST_PARTS = 10_000


def read_mhtml(path: Path) -> Reading:
    """Yield the visible text in parts; nothing the page links to is opened."""
    message = parsed(path.read_bytes())
    page = _page(message)
    if page is None:
        raise DamagedFile(str(path), "it holds no web page")
    markup = decoded_text(part_bytes(page), part_charset(page), markup=True)
    title = decoded_header(message.get("subject", ""))[:200]
    with held(codecs.BOM_UTF8 + markup.encode("utf-8", "replace"), path.name) as file:
        for event in read_html(file):
            if isinstance(event, Opened):
                yield replace(event, kind=DocumentKind.MHTML, title=title or event.title)
            else:
                yield event


def _page(message: Message) -> Message | None:
    """The first part of HTML, which is the page; frames and styles follow it."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            break
        part = waiting.pop()
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting += reversed([each for each in inner if isinstance(each, Message)])
        elif part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return part
    return None
