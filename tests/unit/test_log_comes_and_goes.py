"""SQLite's log is gone at any moment, also while somebody looks whether it is there."""

from __future__ import annotations

import os
from pathlib import Path

from sordiff.store.recognised import find_log
from sordiff.store.soundness import has_log


class _GoneWhenSeen(type(Path())):  # type: ignore[misc]  # the class of paths of this system
    """A file that somebody removes as soon as anybody has looked at it."""

    def exists(self, **how: bool) -> bool:
        found: bool = super().exists(**how)
        self.unlink(missing_ok=True)
        return found

    def stat(self, **how: bool) -> os.stat_result:
        found: os.stat_result = super().stat(**how)
        self.unlink(missing_ok=True)
        return found


def test_a_log_that_goes_while_one_looks_is_none(tmp_path: Path) -> None:
    database = _GoneWhenSeen(tmp_path / "sordiff.db")
    log = find_log(database)
    log.write_bytes(b"some pages")
    assert has_log(database) in {True, False}
    assert not has_log(database)
    log.write_bytes(b"")
    assert not has_log(database)
