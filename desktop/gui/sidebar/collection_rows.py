"""The collections as rows of the sidebar's list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.domain.documents import Collection
from desktop.gui.sidebar.rows import RowKind, SideRow, section

NEW_COLLECTION = "new-collection"


def collection_key(collection_id: int) -> str:
    """Chats and collections share the search results; their keys must differ."""
    return f"collection:{collection_id}"


def collection_rows(collections: Sequence[Collection]) -> list[SideRow]:
    """Every collection by name, and the way to a new one."""
    translate = QCoreApplication.translate
    return [
        section(translate("Sidebar", "Collections")),
        *(SideRow(RowKind.ITEM, c.name, collection_key(c.id)) for c in collections),
        SideRow(RowKind.ACTION, translate("Sidebar", "New collection…"), NEW_COLLECTION),
    ]
