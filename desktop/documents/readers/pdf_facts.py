"""What a PDF says about itself: title, author, dates, outline."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from desktop.documents.readers.garble import is_garbled
from desktop.domain.documents import DocumentFacts

_MOST_OUTLINE = 5_000
_LONGEST = 200
_MAKESHIFT_TITLE = re.compile(
    r"untitled.*|microsoft (?:word|powerpoint|excel)\b.*|.*\.(?:docx?|pdf|indd|qxd|rtf|tex|dvi|fm)"
    r"|(?:document|page|title|slide)\s*\d*|[\W\d_]*",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?"
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?"
    r"(?P<zone>Z|[+-]\d\d'?(?:\d\d)?)?"
)


def pdf_title(document: Any, path: Path) -> str:
    """The title that the file gives itself, or its name where that is a makeshift."""
    title = _entry(document, "Title")
    if not title or len(title) > _LONGEST or _MAKESHIFT_TITLE.fullmatch(title) or is_garbled(title):
        return path.stem
    return title


def pdf_facts(document: Any) -> DocumentFacts:
    """Author and dates."""
    author = _entry(document, "Author")
    return DocumentFacts(
        author="" if len(author) > _LONGEST or is_garbled(author) else author,
        created=_iso_date(_entry(document, "CreationDate")),
        modified=_iso_date(_entry(document, "ModDate")),
    )


def pdf_outline(document: Any) -> dict[int, list[tuple[str, int]]]:
    """The outline's titles and levels by page number; a broken outline ends where it breaks."""
    entries: dict[int, list[tuple[str, int]]] = {}
    for index, bookmark in enumerate(document.get_toc()):
        if index >= _MOST_OUTLINE:
            break
        destination = bookmark.get_dest()
        page = destination.get_index() if destination is not None else None
        if page is not None and page >= 0:
            entries.setdefault(page + 1, []).append((bookmark.get_title(), bookmark.level + 1))
    return entries


def _entry(document: Any, name: str) -> str:
    return " ".join(document.get_metadata_value(name).replace("\x00", " ").split())


def _iso_date(text: str) -> str:
    """D:20240531100000+02'00' in ISO 8601, as exact as it is; "" for what is no date."""
    found = _DATE.match(text)
    if found is None:
        return ""
    month, day = found["month"] or "", found["day"] or ""
    if not 1 <= int(month or 1) <= 12 or not 1 <= int(day or 1) <= 31:
        return ""
    date = "-".join(filter(None, (found["year"], month, day)))
    if not day or found["hour"] is None or int(found["hour"]) > 23 or int(found["minute"]) > 59:
        return date
    zone = (found["zone"] or "").replace("'", "")
    if len(zone) > 1:
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    return f"{date}T{found['hour']}:{found['minute']}:{found['second'] or '00'}{zone}"
