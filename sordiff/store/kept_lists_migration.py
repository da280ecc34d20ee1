"""The step of the schema that brings people's own lists."""

from typing import Final

# They go with the changelog, and are no part of the register.
KEPT_LISTS: Final = """
CREATE TABLE kept_lists (
    name TEXT PRIMARY KEY,
    list TEXT NOT NULL,
    told_run INTEGER
) WITHOUT ROWID;
"""
