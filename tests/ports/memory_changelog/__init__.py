"""A changelog in plain dicts and lists: the smallest thing that keeps the contract of the port."""

from tests.ports.memory_changelog.changelog import MemoryChangelog

__all__ = ["MemoryChangelog"]
