"""A snapshot that comes through a pipe can be read but once."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import pytest

from .calling import called, events, good
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


@pytest.mark.parametrize(
    "fault", ["</InstitutionOwnerEntity>", "<!-- </InstitutionOwnerEntity> -->"]
)
def test_what_is_odd_is_said_of_a_pipe_as_of_a_file(tmp_path: Path, fault: str) -> None:
    """Such a file is read twice, and the second time from its start."""
    name = night(tmp_path, MONDAY)
    odd = tmp_path / "odd.xml"
    text = (tmp_path / name).read_text(encoding="utf-8")
    place = text.rindex("</InstitutionOwnerEntity>")
    odd.write_text(text[:place] + fault + text[place:], encoding="utf-8")
    piped = _through_a_pipe(tmp_path, odd.name)
    of_file, of_pipe = (called(tmp_path, "check", each) for each in (odd.name, piped))
    assert of_pipe.exit == of_file.exit == (5 if fault.startswith("</") else 0)
    assert of_pipe.stdout.replace("pipe-", "") == of_file.stdout
    assert of_pipe.stderr.replace("pipe-", "") == of_file.stderr
