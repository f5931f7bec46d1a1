-- The database of version 1 as it was, with one row of each kind. Never edit: migrations start here.
CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created_at REAL NOT NULL,
    unerased INTEGER NOT NULL DEFAULT 0,
    removed INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX collections_name ON collections (name) WHERE removed = 0;
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
);
CREATE INDEX documents_reading ON documents (id) WHERE status = 'reading';
CREATE INDEX documents_sha256 ON documents (sha256);
CREATE TABLE pages (
    document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    layout BLOB NOT NULL,
    width REAL NOT NULL,
    height REAL NOT NULL,
    PRIMARY KEY (document_id, number)
);
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
);
CREATE TABLE vector_runs (
    first_chunk_id INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE,
    document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    embedder TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    length INTEGER NOT NULL,
    vectors BLOB NOT NULL
);
CREATE INDEX vector_runs_document ON vector_runs (document_id);
CREATE INDEX vector_runs_collection ON vector_runs (collection_id, embedder, length);
CREATE TABLE index_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL,
    dirty INTEGER NOT NULL
);
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    collection_id INTEGER REFERENCES collections ON DELETE SET NULL,
    created_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    draft TEXT NOT NULL DEFAULT '',
    removed_at REAL
);
CREATE INDEX conversations_collection ON conversations (collection_id);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    role TEXT NOT NULL,
    text TEXT NOT NULL,
    mode TEXT NOT NULL,
    created_at REAL NOT NULL,
    answer TEXT
);
CREATE INDEX messages_conversation ON messages (conversation_id, id);
CREATE VIRTUAL TABLE messages_words USING fts5 (
    text, content='messages', content_rowid='id',
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
    INSERT INTO messages_words (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN
    INSERT INTO messages_words (messages_words, rowid, text)
    VALUES ('delete', old.id, old.text);
END;
CREATE TABLE models (
    id TEXT PRIMARY KEY,
    imported_at REAL NOT NULL,
    entry TEXT NOT NULL
);
CREATE VIRTUAL TABLE words_1 USING fts5 (title, headings, text, content='', tokenize='porter unicode61 remove_diacritics 2');
INSERT INTO collections VALUES (1, 'contracts', 1.5, 0, 0);
INSERT INTO documents VALUES (1, 1, x'2f6ce9', 'Lease', 'text', 'ready', 'ab', 10, 20, 1, 1, 0, '[]', '', '', 2.5);
INSERT INTO pages VALUES (1, 1, 'The rent is due.', x'7801ab564acac94fce2e56b28a8ed551cac9cc4b05336b01668b082a', 0, 0);
INSERT INTO chunks VALUES (1, 1, 0, 1, 0, 16, '["Terms"]', 'The rent is due.');
INSERT INTO words_1 (rowid, title, headings, text) VALUES (1, 'Lease', '["Terms"]', 'The rent is due.');
INSERT INTO vector_runs VALUES (1, 1, 1, 'embedder', 2, 1, x'0000803f00000040');
INSERT INTO index_state VALUES (1, 3, 1);
INSERT INTO conversations VALUES (1, 'Rent', 1, 3.5, 4.5, 1, 'draft', NULL);
INSERT INTO messages VALUES (1, 1, 'user', 'When is it due?', 'documents', 4.5, NULL);
INSERT INTO messages VALUES (2, 1, 'assistant', 'Monthly.', 'documents', 4.5, '{"text":"Monthly.","mode":"documents","model_id":"smol"}');
INSERT INTO models VALUES ('mine', 1.5, '{"id":"mine","name":"Mine","path":"/m.gguf","sha256":"ab","size_bytes":1,"architecture":"llama","parameters":1,"quantization":"Q4","context_tokens":1,"licence":"MIT","origin":"disk","included":false,"imported_at":1.5,"imported_by":"me","status":"ready"}');
PRAGMA application_id = 1130459756;
PRAGMA user_version = 1;
