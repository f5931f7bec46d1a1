"""The first schema of the database, as SQL."""

from __future__ import annotations

# AUTOINCREMENT everywhere: ids live on outside this file (in the vector index, in answers), so
# the id of something deleted must never come back as something else.
# Paths are BLOBs: a file name is bytes, and not every one of them is text.
FIRST_SCHEMA: tuple[str, ...] = (
    # unerased: how many documents have gone whose words are still in the file's keyword index.
    # removed: out of sight, and being deleted in small steps.
    """
    CREATE TABLE collections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        created_at REAL NOT NULL,
        unerased INTEGER NOT NULL DEFAULT 0,
        removed INTEGER NOT NULL DEFAULT 0
    )
    """,
    "CREATE UNIQUE INDEX collections_name ON collections (name) WHERE removed = 0",
    """
    CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
        path BLOB NOT NULL,
        title TEXT NOT NULL,
        kind TEXT,
        status TEXT NOT NULL,
        sha256 TEXT NOT NULL DEFAULT '',
        size_bytes INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        pages INTEGER NOT NULL DEFAULT 0,
        chunks INTEGER NOT NULL DEFAULT 0,
        paged INTEGER NOT NULL DEFAULT 0,
        warnings TEXT NOT NULL DEFAULT '[]',
        error TEXT NOT NULL DEFAULT '',
        error_detail TEXT NOT NULL DEFAULT '',
        indexed_at REAL NOT NULL DEFAULT 0,
        UNIQUE (collection_id, path)
    )
    """,
    # Few documents are being read at a time; start-up asks for those that a kill left behind.
    "CREATE INDEX documents_reading ON documents (id) WHERE status = 'reading'",
    # A moved or copied file is recognised by its content.
    "CREATE INDEX documents_sha256 ON documents (sha256)",
    # layout: zlib-compressed JSON of the page's blocks and lines.
    """
    CREATE TABLE pages (
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        layout BLOB NOT NULL,
        width REAL NOT NULL,
        height REAL NOT NULL,
        PRIMARY KEY (document_id, number)
    )
    """,
    # "text" repeats a span of the page's: results are shown without reading whole pages, and the
    # keyword index needs the very words to forget them. heading_path is a JSON list.
    """
    CREATE TABLE chunks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        page_number INTEGER NOT NULL,
        span_start INTEGER NOT NULL,
        span_end INTEGER NOT NULL,
        heading_path TEXT NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (document_id, ordinal)
    )
    """,
    # The vectors of neighbouring chunks in one row: a collection is loaded with few row reads,
    # and no row grows past a few hundred kilobytes. Chunk ids run from first_chunk_id without gap.
    """
    CREATE TABLE vector_runs (
        first_chunk_id INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE,
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
        embedder TEXT NOT NULL,
        dimensions INTEGER NOT NULL,
        length INTEGER NOT NULL,
        vectors BLOB NOT NULL
    )
    """,
    "CREATE INDEX vector_runs_document ON vector_runs (document_id)",
    "CREATE INDEX vector_runs_collection ON vector_runs (collection_id, embedder, length)",
    # Committed before the vector index is touched: after a kill it tells that the index is in
    # doubt. One row.
    """
    CREATE TABLE index_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        generation INTEGER NOT NULL,
        dirty INTEGER NOT NULL
    )
    """,
    "INSERT INTO index_state VALUES (1, 1, 0)",
    """
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        collection_id INTEGER REFERENCES collections ON DELETE SET NULL,
        created_at REAL NOT NULL,
        updated_at REAL NOT NULL,
        pinned INTEGER NOT NULL DEFAULT 0,
        draft TEXT NOT NULL DEFAULT '',
        removed_at REAL
    )
    """,
    "CREATE INDEX conversations_collection ON conversations (collection_id)",
    # answer: the whole answer as JSON, citations, passages and prompt included; a citation must
    # stay readable when its document has changed or gone.
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        mode TEXT NOT NULL,
        created_at REAL NOT NULL,
        answer TEXT
    )
    """,
    "CREATE INDEX messages_conversation ON messages (conversation_id, id)",
    """
    CREATE VIRTUAL TABLE messages_words USING fts5 (
        text, content='messages', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    # Triggers, because messages also go when their conversation goes.
    """
    CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
        INSERT INTO messages_words (rowid, text) VALUES (new.id, new.text);
    END
    """,
    """
    CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN
        INSERT INTO messages_words (messages_words, rowid, text)
        VALUES ('delete', old.id, old.text);
    END
    """,
    # entry: the register's row as JSON; it is read whole, never searched.
    """
    CREATE TABLE models (
        id TEXT PRIMARY KEY,
        imported_at REAL NOT NULL,
        entry TEXT NOT NULL
    )
    """,
)
