"""Every byte of ours on disk: the database, the vector index, settings, the instance lock."""
