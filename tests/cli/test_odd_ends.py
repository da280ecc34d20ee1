"""Ends of calls that a nightly job can meet: nobody reads, no room for a line, two at once, a damaged changelog."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.chain import recorded_chain, stored
from tests.cli.forked import fork_sordiff
from tests.cli.product import COMMAND, environment
from tests.cli.workplace import Workplace
from tests.unit.small import night, unit

FULL = Path("/dev/full")


def nights(place: Workplace) -> list[str]:
    return [
        place.put(night(unit(0, "owner", name=f"Enhed {day}"), date=f"2024-05-0{day}"))
        for day in (1, 2, 3)
    ]


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_what_was_printed_to_nobody_is_not_silently_left_out(
    place: Workplace, options: tuple[str, ...]
) -> None:
    done = place.process("ingest", *nights(place), *options, code=None, stdout_gone=True)
    assert done.code in {0, 2}
    if not options:
        assert done.code == 2 or len(place.runs()) == 3


@pytest.mark.skipif(not FULL.exists(), reason="NOT TESTED: no /dev/full here")
@pytest.mark.parametrize(
    "words",
    [("events",), ("runs",), ("check", "2024-05-01_01.xml"), ("ingest", "--help")],
)
def test_a_few_lines_for_which_there_is_no_room(place: Workplace, words: tuple[str, ...]) -> None:
    place.ingest(*nights(place))
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words],
            cwd=place.folder,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"No space left" in done.stderr


@pytest.mark.parametrize("reason", [(), ("--reason", ""), ("--reason", "  ")])
def test_a_blank_reason_is_none(place: Workplace, reason: tuple[str, ...]) -> None:
    assert "--reason" in place.ingest(nights(place)[0], "--accept", *reason, code=2).err
    assert not place.database.exists()


def test_writers_at_once_record_each_night_once(tmp_path: Path) -> None:
    chain = recorded_chain(tmp_path)
    with Path(os.devnull).open("wb") as nowhere, contextlib.ExitStack() as stack:
        writers = [
            stack.enter_context(
                fork_sordiff(
                    "ingest",
                    *chain.names,
                    "--db",
                    "shared.db",
                    folder=tmp_path,
                    environment=environment(),
                    stdout=nowhere,
                    stderr=nowhere,
                )
            )
            for _ in range(3)
        ]
        codes = sorted(process.wait(60) for process in writers)
    assert codes[0] == 0
    assert set(codes) <= {0, 6}
    assert stored(tmp_path / "shared.db") == chain.after[-1]


def test_a_damaged_changelog_is_a_plain_failure(place: Workplace) -> None:
    names = nights(place)
    place.ingest(*names[:2])
    whole = place.database.read_bytes()
    place.database.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    for words in (("ingest", names[2]), ("events",), ("runs",)):
        done = place.sordiff(*words, code=2)
        assert "sordiff.db" in done.err
        assert done.err.count("\n") == 1
        assert "unexpected" not in done.err
