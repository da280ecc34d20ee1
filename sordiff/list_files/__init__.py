"""Lists as people have them: CSV of any dialect, XLSX, JSON lines, a column of a SQLite table."""
