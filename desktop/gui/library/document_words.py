"""What the library says about a document: its kind, its dates, its state."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication

from desktop.domain.documents import Document, DocumentKind, DocumentStatus
from desktop.gui.amounts import day_words

_REASON_CHARACTERS = 70


class Tone(StrEnum):
    """How a state looks."""

    GOOD = "good"
    PLAIN = "plain"
    WARN = "warn"
    BAD = "bad"


def kind_text(document: Document) -> str:
    """The kind as people name it."""
    kinds = {
        DocumentKind.PDF: "PDF",
        DocumentKind.DOCX: "Word",
        DocumentKind.MARKDOWN: "Markdown",
        DocumentKind.HTML: "HTML",
        DocumentKind.TEXT: _tr("Text"),
    }
    if document.kind is not None:
        return kinds[document.kind]
    return PurePath(document.path).suffix.lstrip(".").upper()


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
    more = _tr("Details")
    if status is DocumentStatus.NEEDS_PASSWORD:
        return f"{_tr('Needs a password')} · {more}"
    if status is DocumentStatus.NEEDS_OCR:
        return f"{_tr('Needs text recognition')} · {more}"
    return f"{_failure(document)} · {more}"


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


def seconds_text(seconds: float) -> str:
    """A duration that is only an estimate."""
    if seconds < 90:
        return _tr("about {0} s").format(max(1, round(seconds)))
    if seconds < 5400:
        return _tr("about {0} min").format(round(seconds / 60))
    return _tr("about {0} h").format(round(seconds / 3600))


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
        "FileChangedWhileRead": _tr("Changed while it was read"),
    }
    short = words.get(document.error, _tr("Not read"))
    if document.error != "DamagedFile" or ": " not in document.error_detail:
        return short
    reason = document.error_detail.split(": ", 1)[1].split(". ")[0].rstrip(".")
    return f"{short}: {reason[:_REASON_CHARACTERS]}"


def _tr(text: str) -> str:
    return QCoreApplication.translate("DocumentWords", text)
