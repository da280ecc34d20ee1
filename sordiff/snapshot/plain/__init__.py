"""The plain road: every record through lxml."""
