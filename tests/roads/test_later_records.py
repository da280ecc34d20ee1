"""Of a night that touches much a worker process reads the later half: the same units, or the same refusal."""

from __future__ import annotations

import os
import random
import re
from bisect import bisect_left
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from sordiff import worker_process
from sordiff.errors import SnapshotRefused
from sordiff.snapshot.fast import changed_subtrees, halves, later_records, record_reader
from sordiff.snapshot.fast.record_reader import RecordReader
from tests.making.growing import random_register
from tests.making.nights import random_night
from tests.making.plain import walk
from tests.roads.mutations import mutate
from tests.roads.odd import ODD
from tests.roads.roads import (
    ingested,
    ordinary,
    read_by_touched,
    refusal,
    text_of,
    tomorrow,
    written,
)

if TYPE_CHECKING:
    from sordiff.model import SorId, Unit
    from sordiff.snapshot.snapshot import TouchedUnits

SHARES = (0.0, 0.2, 0.5, 0.9, 1.0)


_RECORD_END = re.compile(rb"(</(?:InstitutionOwner|HealthInstitution|OrganizationalUnit)>)")


def _put_into_records(content: bytes, put_in: bytes) -> bytes:
    """The same with something at the end of each record."""
    return _RECORD_END.sub(put_in + rb"\1", content)


class Nights:
    """A first night that is recorded, and others that are read beside it."""

    def __init__(self, folder: Path, first: bytes) -> None:
        self.folder = folder
        ingested(folder, written(folder, [first]), "fast")

    def read(self, content: bytes) -> Any:
        """What the fast road reads of a night; None where the plain road reads it, or why it is refused."""
        (file,) = written(self.folder, [content])
        try:
            return read_by_touched(self.folder, file).touched
        except SnapshotRefused as refused:
            return refusal(refused)

    def read_by_two(self, content: bytes, share: float) -> tuple[Any, int]:
        """The same where a worker reads the later ones; and how many records were taken from it."""
        taken = 0
        take = later_records.LaterRecords.take

        def count(*arguments: Any) -> Unit | None:
            nonlocal taken
            unit = take(*arguments)
            taken += unit is not None
            return unit

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(changed_subtrees, "_ENOUGH_TO_TELL", 1)
            patch.setattr(halves, "_MIN_SIZE_FOR_WORKER", 1)
            for module in (halves, worker_process):
                patch.setattr(module, "has_second_core", lambda: True)
            patch.setattr(later_records, "_OWN_SHARE", share)
            patch.setattr(later_records, "_BATCH_SIZE", 3)
            patch.setattr(later_records.LaterRecords, "take", count)
            return self.read(content), taken


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    return Nights(
        tmp_path, text_of(ordinary(random_register(random.Random(4), units=150))).encode()
    )


def test_as_many_records_as_are_its_share_are_taken(nights: Nights) -> None:
    register = ordinary(random_register(random.Random(5), units=200))
    content = text_of(register).encode()
    alone: TouchedUnits = nights.read(content)
    assert len(alone.read) == len(list(walk(register)))
    taken = []
    for share in SHARES:
        found, number = nights.read_by_two(content, share)
        assert found == alone
        taken.append(number)
    assert taken == sorted(taken, reverse=True)
    assert taken[0] > len(alone.read) * 0.8
    assert taken[-1] < len(alone.read) / 4


@pytest.mark.parametrize("seed", range(8))
def test_random_nights(seed: int) -> None:
    rng = random.Random(seed)
    first = random_register(rng, units=100)
    with TemporaryDirectory() as folder:
        nights = Nights(Path(folder), text_of(ordinary(first)).encode())
        for _ in range(6):
            night = random_night(rng, first, days=1, intensity=rng.choice((4, 30, 100)))
            content = text_of(tomorrow(ordinary(night))).encode()
            assert nights.read_by_two(content, rng.choice(SHARES))[0] == nights.read(content)


@pytest.mark.parametrize("name", ODD)
def test_odd_files(name: str) -> None:
    rng = random.Random(name)
    first = ordinary(random_register(rng, units=60))
    odd = ODD[name](text_of(tomorrow(ordinary(random_night(rng, first, days=1, intensity=30)))))
    with TemporaryDirectory() as folder:
        nights = Nights(Path(folder), text_of(first).encode())
        alone = nights.read(odd.encode())
        for share in (0.0, 0.5):
            assert nights.read_by_two(odd.encode(), share)[0] == alone


def test_files_changed_at_random_places() -> None:
    taken = 0
    for seed in range(120):
        before, content = mutate(seed)
        with TemporaryDirectory() as folder:
            # Each of its records has other bytes.
            nights = Nights(Path(folder), _put_into_records(before, b" "))
            found, number = nights.read_by_two(content, SHARES[seed % len(SHARES)])
            assert found == nights.read(content)
            taken += number
    assert taken > 50


def test_a_worker_that_fails_is_done_without(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = text_of(ordinary(random_register(random.Random(6), units=60))).encode()
    alone, here, encode = nights.read(content), os.getpid(), RecordReader.encode

    def fail(*arguments: Any) -> tuple[SorId, bytes]:
        assert os.getpid() == here
        return encode(*arguments)

    monkeypatch.setattr(RecordReader, "encode", fail)
    assert nights.read_by_two(content, 0.3) == (alone, 0)


def test_what_is_unknown_counts_together(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    register = ordinary(random_register(random.Random(7), units=60))
    content = _put_into_records(text_of(register).encode(), b"<Ny>0123456789</Ny>")
    limits = range(10_000)

    def is_sure(most: int) -> bool:
        for module in (changed_subtrees, record_reader):
            monkeypatch.setattr(module, "MAX_UNKNOWN_TEXT", most)
        return nights.read(content) is not None

    enough = bisect_left(limits, True, key=is_sure)
    assert 1_000 < enough < limits.stop
    # What a worker counts may be a little more, never less.
    for most in (enough * 2, enough - 1):
        assert is_sure(most) is (most > enough)
        found, taken = nights.read_by_two(content, 0.5)
        assert taken > 10
        assert found == nights.read(content)
