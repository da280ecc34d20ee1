"""Recording: the SQLite changelog, its locks, its schema."""
