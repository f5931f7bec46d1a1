"""The tables of followed folders and of documents that are not finished, as SQL."""

from __future__ import annotations

FOLLOWED_AND_UNFINISHED: tuple[str, ...] = (
    # A folder or file that a collection follows. include, exclude: JSON lists of patterns.
    # mounts: JSON list of the drives that were seen below it; while one of them is not there,
    # what lay on it is unreachable and not deleted.
    """
    CREATE TABLE folders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
        path BLOB NOT NULL,
        include TEXT NOT NULL DEFAULT '[]',
        exclude TEXT NOT NULL DEFAULT '[]',
        max_file_mb INTEGER NOT NULL DEFAULT 0,
        is_file INTEGER NOT NULL DEFAULT 0,
        mounts TEXT NOT NULL DEFAULT '[]',
        reachable INTEGER NOT NULL DEFAULT 1,
        checked_at REAL NOT NULL DEFAULT 0,
        UNIQUE (collection_id, path)
    )
    """,
    # Vectors of a long document whose other chunks are still being embedded. A row for each
    # chunk: after a stop or a kill they are found by their text's hash.
    """
    CREATE TABLE unfinished_vectors (
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        ordinal INTEGER NOT NULL,
        text_hash BLOB NOT NULL,
        embedder TEXT NOT NULL,
        vector BLOB NOT NULL,
        PRIMARY KEY (document_id, ordinal)
    )
    """,
    "CREATE INDEX unfinished_vectors_text ON unfinished_vectors (text_hash)",
    # Pages whose text was recognised, of a document whose other pages still wait for it.
    """
    CREATE TABLE unfinished_pages (
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        number INTEGER NOT NULL,
        text TEXT NOT NULL,
        layout BLOB NOT NULL,
        width REAL NOT NULL,
        height REAL NOT NULL,
        name TEXT NOT NULL,
        PRIMARY KEY (document_id, number)
    )
    """,
)
