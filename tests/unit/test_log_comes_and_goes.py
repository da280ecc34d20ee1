"""SQLite's log appears and is gone at any moment, while somebody looks whether it is there."""

from __future__ import annotations

import threading
from pathlib import Path

from sordiff.store.recognised import find_log
from sordiff.store.soundness import has_log

LOOKS = 4_000


def test_a_log_that_goes_while_one_looks_is_none(tmp_path: Path) -> None:
    database = tmp_path / "sordiff.db"
    log = find_log(database)
    ended = threading.Event()

    def come_and_go() -> None:
        while not ended.is_set():
            log.write_bytes(b"some pages")
            log.unlink()

    others = threading.Thread(target=come_and_go)
    others.start()
    try:
        found = {has_log(database) for _ in range(LOOKS)}
    finally:
        ended.set()
        others.join()
    assert found <= {True, False}
    log.write_bytes(b"some pages")
    assert has_log(database)
