"""The work of a large night: the same in a worker process as in this one, and whatever becomes of the worker."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn

import msgspec
import pytest

from sordiff import worker_process
from sordiff.changelog.records import NO_UNITS, EncodedEvent, PreparedEvents
from sordiff.coverage.counts import count_coverage
from sordiff.errors import InternalContradiction
from sordiff.model import Unit
from sordiff.service.ingest import night_work
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.compare import interpret_nights, prove_events
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.ingest.night_work import EventEncoder, encode_events, work_beside
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.service.ingest.registers import NightPair
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from sordiff.unit_records import encode_unit
from sordiff.wire import compute_digest
from tests.cli.dumping import dump, write_chain
from tests.laws.pairs import SETTINGS, read
from tests.making.growing import random_register
from tests.making.nights import random_night

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.coverage.counts import Coverage
    from sordiff.service.ingest.compare import Comparison

RUN = 7
PREPARED_UNITS: Final = msgspec.msgpack.Decoder(list[Unit])
PREPARED: Final = msgspec.msgpack.Decoder(tuple[int, int, int, list[EncodedEvent]])


@pytest.fixture
def in_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every night is large, and there is a second core."""
    monkeypatch.setattr(night_work, "_FEWEST_FOR_WORKER", 1)
    monkeypatch.setattr(worker_process, "has_second_core", lambda: True)


def told() -> tuple[Comparison, Coverage]:
    """Two versions of the format, so that much is adopted; and the coverage of the night before."""
    rng = random.Random(3)
    register = random_register(rng, units=60)
    later = random_night(rng, register, days=1, intensity=30)
    old, new = read(register, version=1), read(later)
    pair = NightPair(old=build_register(old), tonight=build_register(new))
    return interpret_nights(pair, new, SETTINGS), count_coverage(old.units.values())


def prepare_units(units: Iterable[Unit]) -> bytes:
    return msgspec.msgpack.encode([*units])


def only_here(pids: list[int]) -> int:
    """The one process that noted itself in this memory; 0 where none did."""
    (pid,) = {*pids} or {0}
    return pid


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.usefixtures("in_worker")
def test_a_worker_proves_what_this_process_proves(
    monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    comparison, reference = told()
    here = os.getpid()
    with monkeypatch.context() as alone:
        alone.setattr(night_work, "_FEWEST_FOR_WORKER", 1_000_000)
        with work_beside(comparison, reference, prepare_units, order_known=True) as wait:
            expected = wait()
    assert expected.adoptions
    worked: list[int] = []
    monkeypatch.setattr(night_work, "_UNITS_AT_ONCE", 1)
    prove = prove_events

    def prove_or_fail(*arguments: Any, order_known: bool) -> Any:
        worked.append(os.getpid())
        if fails and os.getpid() != here:
            raise MemoryError
        return prove(*arguments, order_known=order_known)

    monkeypatch.setattr(night_work, "prove_events", prove_or_fail)
    with work_beside(comparison, reference, prepare_units, order_known=True) as wait:
        done = wait()
    assert (done.adoptions, done.coverage) == (expected.adoptions, expected.coverage)
    # What the worker noted is in its own memory.
    assert only_here(worked) == (here if fails else 0)
    if fails:
        assert (done.records, done.created) == ({}, NO_UNITS)
        return
    changes, new = comparison.changes, comparison.changes.new.units
    present = {sor_id for sor_id in changes.touched if sor_id in new}
    created = sorted(changes.created)
    assert len(created) > 1
    others = present - {*created}
    assert len(others) > 20
    assert done.records == {sor_id: encode_unit(new[sor_id]) for sor_id in others}
    assert done.created.ids == {*created}
    parts = [PREPARED_UNITS.decode(part) for part in done.created.parts]
    assert len(parts) == len(created)
    assert [unit for units in parts for unit in units] == [new[sor_id] for sor_id in created]


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.usefixtures("in_worker")
def test_a_worker_prepares_the_events(monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> None:
    comparison, _ = told()
    expected = encode_events(comparison.events, comparison.origin, RUN)
    here = os.getpid()

    def prepare(run_id: int, before: int, events: Sequence[EncodedEvent]) -> bytes:
        if fails and before:
            raise MemoryError
        return msgspec.msgpack.encode((os.getpid(), run_id, before, events))

    monkeypatch.setattr(night_work, "_AT_ONCE", 10)
    told_events = comparison.events, comparison.origin
    with EventEncoder(RUN, prepare) as encoder:
        assert encoder.wait() == ()  # of what it was not told
        encoder.begin(*told_events)
        encoder.begin((), comparison.origin)  # it has begun
        found = encoder.wait()
        if fails:
            assert found == expected
            return
        assert isinstance(found, PreparedEvents)
        parts = [PREPARED.decode(part) for part in found.parts]
    assert len(parts) > 2
    assert here not in {process for process, _, _, _ in parts}
    assert [(run_id, before) for _, run_id, before, _ in parts] == [
        (RUN, before) for before in range(0, len(expected), 10)
    ]
    assert [event for *_, events in parts for event in events] == expected
    assert found.count == len(expected)
    assert found.digest == compute_digest(event.data for event in expected)


@pytest.mark.usefixtures("in_worker")
def test_what_no_event_explains_is_told_by_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    comparison, reference = told()

    def contradict(*_: object, order_known: bool) -> NoReturn:
        del order_known
        raise InternalContradiction("sordiff contradicts itself.", advice="Report it.")

    monkeypatch.setattr(night_work, "prove_events", contradict)
    with (
        work_beside(comparison, reference, prepare_units, order_known=True) as wait,
        pytest.raises(InternalContradiction),
    ):
        wait()


@pytest.mark.usefixtures("in_worker")
def test_a_changelog_is_the_same_row_for_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = [tmp_path / name for name in write_chain(tmp_path, units=150, nights=4)]
    options = IngestOptions(
        user="", recorded_at="2024-01-10T04:00:00+01:00", accept=True, reason="all"
    )

    def record(name: str) -> Path:
        database = tmp_path / name
        list(ingest_snapshots(nights, SqliteChangelog(database), Settings(), options))
        return database

    monkeypatch.setattr(night_work, "_AT_ONCE", 4)
    monkeypatch.setattr(night_work, "_UNITS_AT_ONCE", 2)
    beside = record("beside.db")
    monkeypatch.setattr(night_work, "_FEWEST_FOR_WORKER", 1_000_000)
    found, alone = dump(beside), dump(record("alone.db"))
    for one in (found, alone):
        del one["changelogs"]  # each has a name of its own
    assert found == alone
    assert len(found["events"]) > 30
