"""What Office files say about themselves: title, author and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from desktop.documents.readers.office_package import OfficePackage, local_name
from desktop.domain.documents import DocumentFacts
from desktop.domain.errors import DamagedFile

_ISO_DATE = re.compile(
    r"(\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)?)?)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)?"
)
# What presentation programs write where nobody gave a title.
DEFAULT_TITLES = ("PowerPoint Presentation", "PowerPoint-Präsentation", "Presentation", "Slide 1")
_LONGEST = 200
_FIRST_YEAR = 1970


def package_facts(package: OfficePackage) -> tuple[str, DocumentFacts]:
    """The title and the facts of the package's core properties, "" where there are none."""
    said: dict[str, str] = {}
    for relation in package.relations(""):
        if relation.role == "core-properties" and package.has(relation.target):
            said = dict(_texts(package, relation.target))
    author = said.get("creator") or said.get("lastModifiedBy", "")
    facts = DocumentFacts(author, iso_date(said.get("created")), iso_date(said.get("modified")))
    return said.get("title", ""), facts


def ole_facts(container: Any) -> tuple[str, DocumentFacts]:
    """The same of an OLE container's summary stream."""
    try:
        said = container.get_metadata()
        encoding = f"cp{said.codepage}" if said.codepage and 0 < said.codepage < 65000 else "utf-8"
        title, author, editor = (
            decoded(value, encoding) for value in (said.title, said.author, said.last_saved_by)
        )
        created, modified = moment(said.create_time), moment(said.last_saved_time)
    except Exception:  # noqa: BLE001 - a damaged summary costs the summary alone
        return "", DocumentFacts()
    return title, DocumentFacts(author or editor, created, modified)


def decoded(value: bytes | str | None, encoding: str) -> str:
    """A property as one line of text, whatever code page it was written in."""
    if not isinstance(value, bytes):
        return one_line(value or "")
    try:
        return one_line(value.decode(encoding))
    except (LookupError, UnicodeDecodeError):
        return one_line(value.decode("cp1252", "replace"))


def iso_date(value: str | None) -> str:
    """The date in ISO 8601 to the second, "" where it is none."""
    match = _ISO_DATE.match((value or "").strip())
    # Programs without a clock write the first day they know.
    if match is None or int(match[1][:4]) < _FIRST_YEAR:
        return ""
    return match[1] + (match[2] or "" if "T" in match[1] else "")


def moment(value: Any) -> str:
    """A moment of universal time as ISO 8601, "" where it is unset."""
    return (
        iso_date(value.isoformat(timespec="seconds") + "Z") if isinstance(value, datetime) else ""
    )


def one_line(text: str) -> str:
    """The text without line ends and control characters, at most a title's length."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]


def _texts(package: OfficePackage, name: str) -> Iterator[tuple[str, str]]:
    try:
        root = package.tree(name)
    except DamagedFile:
        return
    for element in root:
        yield local_name(element), one_line(element.text or "")
