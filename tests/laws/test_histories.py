"""The laws of a history: its nights are those of the file read for each day, and tell what the XML of those nights tells."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sordiff.errors import SnapshotRefused
from sordiff.model import Day
from sordiff.register import Register
from sordiff.report import Outcome
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.every import Every
from sordiff.service.ingest.history import HistorySpan, ingest_history
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.service.ingest.table_nights import fill_snapshot
from sordiff.settings import Settings
from sordiff.snapshot import NightsAhead, ReadOptions, Snapshot, open_history, read_snapshot
from sordiff.store.changelog import SqliteChangelog
from tests.laws.pairs import files
from tests.laws.test_tables import come_to_say_the_same
from tests.making.numbers import valid_gln
from tests.making.states import random_nights, tell_states
from tests.making.tables import Row, write_sor2
from tests.making.xml import write_zip
from tests.ports.memory_changelog import MemoryChangelog
from tests.tables.rows import sor2

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from sordiff.events import Event
    from sordiff.report import IngestReport

DAYS = [Day(f"2020-01-{day:02}") for day in range(1, 7)]
CELLS = {
    "EntityName": ["A", "B"],
    "EntityTypeId": ["", "1", "2"],
    "EntityTypeName": ["", "one", "uno"],
    "EanLocationCode": ["", valid_gln(1), valid_gln(2)],
    "PostalAddressStreetName": ["", "X", "Y"],
    "FirstFromDate": ["", DAYS[2]],
    "ToDate": ["", "", DAYS[1], DAYS[3], "2030-01-01"],
}


def _list_states(dice: random.Random) -> list[Row]:
    """Up to three states of each of some units, which may stand elsewhere in each of them."""
    rows = []
    for sequence in range(1, dice.randrange(3, 8)):
        begins = {dice.choice(["2010-01-01", *DAYS]) for _ in range(dice.randrange(1, 4))}
        for begin in sorted(begins):
            above = None if sequence == 1 else dice.choice([1, dice.randrange(1, sequence)])
            kind = "IE" if above is None else "SI" if above == 1 else "OE"
            cells = {name: dice.choice(texts) for name, texts in CELLS.items()}
            rows.append(sor2(sequence, kind, "A", above, **{**cells, "FromDate": begin}))
    # One with two states, so that the file is no daily one.
    rows.append(sor2(20, "IE", "older", None, FromDate="2009-01-01", ToDate="2009-12-31"))
    rows.append(sor2(20, "IE", "gone", None, ToDate="2011-01-01"))
    dice.shuffle(rows)
    return rows


def _read_alone(path: Path, day: Day, before: Register | None) -> Snapshot | None:
    try:
        snapshot = read_snapshot(path, ReadOptions(snapshot_date=day))
    except SnapshotRefused:
        return None
    return snapshot if before is None else fill_snapshot(snapshot, before)


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_history_has_the_nights_of_its_file(dice: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "SOREntity.csv"
        path.write_bytes(write_sor2(_list_states(dice)))
        with open_history(path, ReadOptions()) as history, NightsAhead(history) as ahead:
            before: Register | None = None
            for count, day in enumerate(DAYS, 1):
                alone = _read_alone(path, day, before)
                if alone is None:  # a unit stands below itself
                    return
                night = ahead.read(day) or history.read(day)
                if before is not None:  # also where units are mentioned that have no row
                    assert night.touched is not None
                if night.touched is None:
                    history.settle(night.units, night.lists)
                    ahead.begin(DAYS[count:])
                    units = night.units
                else:
                    assert before is not None
                    stayed = before.units.keys() - night.touched.removed
                    units = {i: before.units[i] for i in stayed} | night.touched.read
                    assert len(units) == night.touched.count
                assert units == alone.units
                assert night.lists == alone.lists
                assert night.header == alone.header
                # A list whose codes nobody carries on a night stays in the changelog.
                lists = before.lists if before is not None else {}
                before = build_register(alone).with_lists({**lists, **alone.lists})


# Whatever a random night brings, it is accepted.
TAKEN = IngestOptions(
    recorded_at="2030-01-01T00:00:00+00:00", user="tester", accept=True, reason="for the test"
)
NIGHTS = 7


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_history_tells_what_its_nights_tell_one_by_one(dice: random.Random) -> None:
    """Also where units have no row yet, and where a night is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "SOREntity.csv"
        path.write_bytes(write_sor2(_list_states(dice)))
        span = HistorySpan(first=DAYS[0], last=DAYS[-1])
        alone = [path.with_name(f"{path.name}@{day}") for day in DAYS]
        # Units are looked up one by one in a changelog on the disk alone.
        one, other = (SqliteChangelog(Path(folder) / f"{n}.db") for n in (1, 2))
        one_by_one = ingest_snapshots(alone, one, Settings(), TAKEN)
        history = ingest_history(path, span, other, Settings(), TAKEN)
        assert _list_events(history) == _list_events(one_by_one)


def _list_events(reports: Iterator[IngestReport]) -> list[tuple[str, int, tuple[Event, ...]]]:
    """What each night tells, up to the first that is refused."""
    found = []
    with suppress(SnapshotRefused):
        for report in reports:
            assert report.outcome is Outcome.RECORDED
            found.append((report.day, report.units, report.events))
    return found


def _told(report: IngestReport | None, left_out: set[str]) -> list[tuple[str, str]]:
    """But for the lists, which a table lifts from its rows."""
    return [
        (event.type.name, event.subject)
        for event in (report.events if report else ())
        if not event.type.name.startswith("classification.") and event.subject not in left_out
    ]


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(Every))
def test_a_history_tells_what_the_xml_of_its_nights_tells(
    dice: random.Random, every: Every
) -> None:
    units = dice.choice([2, 6, 10])
    rows, told = tell_states(dice, random_nights(dice, units=units, nights=NIGHTS))
    # Without a unit of two states it may be a daily file, which has no history.
    assume(len({row["SorId"] for row in rows}) < len(rows))
    days = [Day(night.snapshot_date) for night in told]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "SOREntity.csv"
        path.write_bytes(write_sor2(rows))
        xml = [
            write_zip(Path(folder) / f"{day}.zip", *files(night, 2))
            for day, night in zip(days, told, strict=True)
        ]
        span = HistorySpan(first=days[0], last=days[-1], every=every)
        of_table = {
            report.day: report
            for report in ingest_history(path, span, MemoryChangelog(), Settings(), TAKEN)
        }
        of_xml = list(ingest_snapshots(xml, MemoryChangelog(), Settings(), TAKEN))
        assert every is Every.CHANGE or [*of_table] == days
        assert of_table[days[0]].units == of_xml[0].units
        left_out: set[str] = set()
        for before, night, plain in zip(told[:-1], told[1:], of_xml[1:], strict=True):
            left_out |= come_to_say_the_same(before, night)
            table = of_table.get(plain.day)
            assert table is None or table.units == plain.units
            assert _told(table, left_out) == _told(plain, left_out)
