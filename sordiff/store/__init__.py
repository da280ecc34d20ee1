"""Recording: the SQLite changelog, its locks, its schema. Only here is sqlite_utils known."""
