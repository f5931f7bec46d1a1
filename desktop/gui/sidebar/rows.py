"""What stands in the sidebar's list, as values, and how chats are grouped by day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from PySide6.QtCore import QCoreApplication

from desktop.domain.conversations import Conversation

_tr = QCoreApplication.translate


class RowKind(Enum):
    """A heading, something to open, or something to do."""

    SECTION = "section"
    ITEM = "item"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class SideRow:
    """One row; `key` is what `opened` carries, `detail` a second line, `aside` stands right."""

    kind: RowKind
    text: str
    key: int | str | None = None
    detail: str = ""
    pinned: bool = False


def section(text: str) -> SideRow:
    return SideRow(RowKind.SECTION, text)


def chat_rows(conversations: Sequence[Conversation], now: float) -> list[SideRow]:
    """Chats under the day they were last used, the pinned ones above all days."""
    today = datetime.fromtimestamp(now).date()
    groups: dict[str, list[SideRow]] = {}
    for conversation in conversations:
        if conversation.pinned:
            name = _tr("Sidebar", "Pinned")
        else:
            used = datetime.fromtimestamp(conversation.updated_at).date()
            name = _day_name(used, today)
        groups.setdefault(name, []).append(_chat_row(conversation))
    return _under_headings(groups.items())


def found_rows(
    chats: Iterable[tuple[Conversation, str]],
    collections: Iterable[tuple[str, str]],
) -> list[SideRow]:
    """Search results: chats with the words around, collections by name."""
    found_chats = [
        SideRow(
            RowKind.ITEM,
            conversation.title or _tr("Sidebar", "New chat"),
            conversation.id,
            detail="" if _flat(around) == conversation.title else _flat(around),
            pinned=conversation.pinned,
        )
        for conversation, around in chats
    ]
    found_collections = [SideRow(RowKind.ITEM, name, key) for key, name in collections]
    groups = [
        (_tr("Sidebar", "Chats"), found_chats),
        (_tr("Sidebar", "Collections"), found_collections),
    ]
    rows = _under_headings((name, rows) for name, rows in groups if rows)
    return rows or [section(_tr("Sidebar", "Nothing found"))]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _chat_row(conversation: Conversation) -> SideRow:
    return SideRow(
        RowKind.ITEM,
        conversation.title or _tr("Sidebar", "New chat"),
        conversation.id,
        pinned=conversation.pinned,
    )


def _under_headings(groups: Iterable[tuple[str, list[SideRow]]]) -> list[SideRow]:
    return [row for name, rows in groups for row in (section(name), *rows)]


def _day_name(used: date, today: date) -> str:
    if used >= today:
        return _tr("Sidebar", "Today")
    if used == today - timedelta(days=1):
        return _tr("Sidebar", "Yesterday")
    if used > today - timedelta(days=7):
        return _tr("Sidebar", "Last 7 days")
    if used > today - timedelta(days=30):
        return _tr("Sidebar", "Last 30 days")
    return _tr("Sidebar", "Older")
