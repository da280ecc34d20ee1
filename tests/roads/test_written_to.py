"""A file to which somebody writes while it is compared: nothing half the one, half the other is told."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sordiff.model import SorId, Unit
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions, UnsureError
from sordiff.snapshot.fast.scanned_register import ScannedFile
from tests.making.growing import random_register
from tests.making.plain import walk
from tests.roads.roads import compared, ordinary, text_of, told, tomorrow, written

SECOND = 1_000_000_000


def _pair(folder: Path) -> tuple[Path, Path]:
    """Two nights that differ in some names."""
    first = ordinary(random_register(random.Random(4), units=40))
    second = tomorrow(first)
    for unit in [*walk(second)][::5]:
        unit.name = "Omdøbt"
    old, new = written(folder, [text_of(night).encode() for night in (first, second)])
    return old, new


def _write_into(file: Path) -> None:
    """Another name of the same length in each unit, in place; the clock has gone on by then."""
    content = file.read_bytes()
    assert b"FirstFromDate>2022-03" in content
    file.write_bytes(content.replace(b"FirstFromDate>2022-03", b"FirstFromDate>2021-03"))
    stat = file.stat()
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + SECOND))


def _told_after(disturb: Callable[[], None], old: Path, new: Path) -> tuple[Any, int]:
    """What is said where something happens before the first telling, and how often it was told."""
    calls = 0

    def tell(found: Comparison) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            disturb()
        return told(found)

    return compare_files(old, new, Settings(), tell), calls


@pytest.mark.parametrize("which", [0, 1], ids=["old", "new"])
def test_what_was_written_to_is_read_anew(tmp_path: Path, which: int) -> None:
    pair = _pair(tmp_path)
    before = compared(*pair, "plain")
    said, calls = _told_after(lambda: _write_into(pair[which]), *pair)
    assert calls == 2
    assert said == compared(*pair, "plain") != before


def test_what_was_not_written_to_is_told_once(tmp_path: Path) -> None:
    pair = _pair(tmp_path)
    said, calls = _told_after(lambda: None, *pair)
    assert (said, calls) == (compared(*pair, "plain"), 1)


def test_a_fault_in_what_was_written_to_is_none(tmp_path: Path) -> None:
    """Bytes half the one and half the other may look like anything; in a whole file it is a fault."""
    old, new = _pair(tmp_path)

    def write_and_fail() -> None:
        _write_into(old)
        raise KeyError("torn")  # as a mapping would

    said, calls = _told_after(write_and_fail, old, new)
    assert (said, calls) == (compared(old, new, "plain"), 2)

    def fail() -> None:
        raise KeyError("whole")

    with pytest.raises(KeyError, match="whole"):
        _told_after(fail, old, new)


def test_nothing_is_read_behind_the_last_look(tmp_path: Path) -> None:
    pair = _pair(tmp_path)
    found = compare_files(*pair, Settings(), lambda found: found, ReadOptions())
    units = found.changes.old.units
    with pytest.raises(ValueError, match="closed"):  # those around the touched ones were read
        [units[sor_id] for sor_id in sorted(units.keys() - found.changes.touched)]


def test_a_unit_that_can_not_be_read_after_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were there a gap between the look and the reading, the plain road would see to it."""
    pair = _pair(tmp_path)

    def refuse(_: ScannedFile, sor_id: SorId) -> Unit | None:
        raise UnsureError(sor_id)

    monkeypatch.setattr(ScannedFile, "read_unit", refuse)
    assert compared(*pair, "fast") == compared(*pair, "plain")
