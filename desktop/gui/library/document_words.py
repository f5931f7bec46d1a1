"""What the library says about a document: its kind, its dates, its state."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication

from desktop.domain.documents import Document, DocumentKind, DocumentStatus, PageUnit
from desktop.gui.amounts import day_words
from desktop.gui.library.kind_words import kind_name, unread_kind_name

_REASON_CHARACTERS = 70
# Another try may well end differently; of a damaged file it would not.
_WORTH_ANOTHER_TRY = (
    "ReaderDied",
    "ReaderTimedOut",
    "FileChangedWhileRead",
    "FileUnreadable",
    "FileMissing",
    "WorkerDied",
    "WorkerTimedOut",
)


class Offer(StrEnum):
    """What a row that needs something offers to do about it."""

    NONE = "none"
    PASSWORD = "password"
    RETRY = "retry"
    DETAILS = "details"


class Tone(StrEnum):
    """How a state looks."""

    GOOD = "good"
    PLAIN = "plain"
    WARN = "warn"
    BAD = "bad"


def kind_text(document: Document) -> str:
    """The kind as people name it."""
    if document.kind is None:
        return unread_kind_name(PurePath(document.path).suffix)
    name = kind_name(document.kind)
    if document.kind is DocumentKind.PDF and 0 < document.pages <= document.recognised_pages:
        name = _tr("Scanned PDF")
    if not document.inner_files:
        return name
    inside = document.inner_files
    if document.kind is DocumentKind.ZIP:
        files = _tr("{0}, 1 file") if inside == 1 else _tr("{0}, {1} files")
    else:
        files = _tr("{0}, 1 attachment") if inside == 1 else _tr("{0}, {1} attachments")
    return files.format(name, f"{inside:,}")


def name_text(document: Document) -> str:
    """The file's own name; a file inside another one is named after it."""
    # The last part by hand: a hundred thousand PurePath values take a second to build.
    if document.parent_id is not None:
        return _inner_name(document.path)
    name = document.path.rsplit("/", 1)[-1]
    return name.rsplit("\\", 1)[-1] if "\\" in name else name


def pages_text(document: Document) -> str:
    """How many pages, sheets or slides."""
    if not document.pages:
        return ""
    count = f"{document.pages:,}"
    if document.unit is PageUnit.SHEET:
        return _tr("1 sheet") if document.pages == 1 else _tr("{0} sheets").format(count)
    if document.unit is PageUnit.SLIDE:
        return _tr("1 slide") if document.pages == 1 else _tr("{0} slides").format(count)
    return count


def changed_text(document: Document) -> str:
    """The day the file was last changed."""
    if document.modified_ns <= 0:
        return ""
    return day_words(document.modified_ns / 1e9)


def status_text(document: Document) -> str:
    """A word for the state; what needs something says what, and that there is more to read."""
    status = document.status
    plain = {
        DocumentStatus.READY: _tr("Ready"),
        DocumentStatus.UNCHANGED: _tr("Ready"),
        DocumentStatus.WAITING: _tr("Waiting"),
        DocumentStatus.READING: _tr("Reading"),
    }
    if status in plain:
        return plain[status]
    words = {
        DocumentStatus.NEEDS_PASSWORD: _tr("Needs a password"),
        DocumentStatus.NEEDS_OCR: _tr("No text in its pictures"),
    }
    offers = {
        Offer.PASSWORD: _tr("Enter…"),
        Offer.RETRY: _tr("Retry"),
        Offer.DETAILS: _tr("Details"),
    }
    return f"{words.get(status) or _failure(document)} · {offers[offer_for(document)]}"


def recognising_text(page: int, pages_total: int) -> str:
    """The state of a file whose pictures are being read."""
    return _tr("Reading text from images, page {0} of {1}").format(page, pages_total)


def offer_for(document: Document) -> Offer:
    """What a click on the row's state does."""
    if not needs_attention(document):
        return Offer.NONE
    if document.status is DocumentStatus.NEEDS_PASSWORD:
        return Offer.PASSWORD
    if document.status is DocumentStatus.FAILED and document.error in _WORTH_ANOTHER_TRY:
        return Offer.RETRY
    return Offer.DETAILS


def status_tone(document: Document) -> Tone:
    tones = {
        DocumentStatus.READY: Tone.GOOD,
        DocumentStatus.UNCHANGED: Tone.GOOD,
        DocumentStatus.NEEDS_PASSWORD: Tone.WARN,
        DocumentStatus.NEEDS_OCR: Tone.WARN,
        DocumentStatus.FAILED: Tone.BAD,
    }
    return tones.get(document.status, Tone.PLAIN)


def needs_attention(document: Document) -> bool:
    return status_tone(document) in (Tone.WARN, Tone.BAD)


def _failure(document: Document) -> str:
    words = {
        "DamagedFile": _tr("Damaged file"),
        "FileMissing": _tr("File not found"),
        "FileUnreadable": _tr("Cannot be opened"),
        "EmptyFile": _tr("Empty file"),
        "NoPages": _tr("No pages"),
        "KindMismatch": _tr("Not what its name says"),
        "KindUnsupported": _tr("Kind not read"),
        "FileTooLarge": _tr("Too large"),
        "ContentTooLarge": _tr("Too large"),
        "ReaderDied": _tr("Set aside: it broke the reader"),
        "ReaderTimedOut": _tr("Set aside: it took too long"),
        "Skipped": _tr("Skipped"),
        "FileChangedWhileRead": _tr("Changed while it was read"),
    }
    short = words.get(document.error, _tr("Not read"))
    if document.error != "DamagedFile" or ": " not in document.error_detail:
        return short
    reason = document.error_detail.split(": ", 1)[1].split(". ")[0].rstrip(".")
    return f"{short}: {reason[:_REASON_CHARACTERS]}"


def _inner_name(path: str) -> str:
    """`mail.eml › report.pdf`: the container is the last part that looks like a file's name."""
    parts = path.replace("\\", "/").split("/")
    holder = len(parts) - 2
    while holder > 0 and "." not in parts[holder]:
        holder -= 1
    inner = "/".join(parts[holder + 1 :])
    return f"{parts[holder]} › {inner}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("DocumentWords", text)
