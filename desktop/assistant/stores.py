"""The stores over one database connection; each thread has its own set."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.storage.conversation_store import ConversationStore
from desktop.storage.database import Database
from desktop.storage.document_store import DocumentStore
from desktop.storage.locations import Locations
from desktop.storage.model_store import ModelStore
from desktop.storage.tuning_store import TuningStore


@dataclass(frozen=True, slots=True)
class Stores:
    """What one thread reads and writes."""

    database: Database
    documents: DocumentStore
    conversations: ConversationStore
    models: ModelStore
    tunings: TuningStore

    @staticmethod
    def open(locations: Locations) -> Stores:
        """Open a connection of its own; raises `StorageError` types."""
        database = Database.open(locations.database)
        return Stores(
            database,
            DocumentStore(database),
            ConversationStore(database),
            ModelStore(database),
            TuningStore(database),
        )

    def close(self) -> None:
        self.database.close()
