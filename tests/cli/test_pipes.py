"""A snapshot that comes through a pipe can be read but once."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import pytest

from .calling import events, good
from .practice import MONDAY, TUESDAY, night, practice, second


def _through_a_pipe(folder: Path, name: str) -> str:
    """The name of a pipe out of which the file comes to the first who reads it."""
    pipe = folder / f"pipe-{name}"
    os.mkfifo(pipe)
    content = (folder / name).read_bytes()
    threading.Thread(target=pipe.write_bytes, args=[content], daemon=True).start()
    return pipe.name


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_snapshot_may_come_through_a_pipe(tmp_path: Path, packed: bool) -> None:
    names = [night(tmp_path, MONDAY), night(tmp_path, TUESDAY, practice(name="Andre"), second())]
    if packed:
        for name in names:
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress((tmp_path / name).read_bytes()))
        names = [f"{name}.gz" for name in names]
    told = good(tmp_path, "diff", *names).replace(".gz", "")
    for number in range(2):
        given = [*names]
        given[number] = _through_a_pipe(tmp_path, names[number])
        assert good(tmp_path, "diff", *given).replace(".gz", "") == told
        (tmp_path / given[number]).unlink()
    piped = [_through_a_pipe(tmp_path, name) for name in names]
    assert good(tmp_path, "check", piped[0])
    (tmp_path / piped[0]).unlink()
    good(tmp_path, "ingest", _through_a_pipe(tmp_path, names[0]), piped[1])
    assert events(tmp_path)
