"""Make a changelog of ten years and a million events, and measure how long reading takes.

    python -m benchmarks.ten_years make FILE     # some minutes, about 2 GB
    python -m benchmarks.ten_years measure FILE

The register is invented: 231,000 units in 20,000 owners; every night about 270 events of the kinds
that nights are made of, each applied to the state, so that it can also be looked back.
"""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec

from sordiff.anomalies.facts import count_facts
from sordiff.changelog.records import NewRun
from sordiff.events import (
    AnyEventData,
    Cause,
    Event,
    Named,
    Place,
    SnapshotSpan,
    StatusChange,
    UnitClosed,
    UnitClosureScheduled,
    UnitContactChanged,
    UnitCreated,
    UnitMoved,
    UnitRenamed,
    UnitSummary,
)
from sordiff.model import Contact, Day, Header, Kind, SorId, Unit
from sordiff.service.ingest.night_work import encode_events
from sordiff.store.changelog import SqliteChangelog
from sordiff.wire import Origin

NIGHTS = 3650
EVENTS_A_NIGHT = 274
OWNERS, INSTITUTIONS, BELOW = 20_000, 2, 4
FIRST = date(2014, 1, 1)
WORDS = ("klinik", "afdeling", "lægehus", "apotek", "team", "ambulatorium", "center", "praksis")


class Register:
    """All units, and the changes that can happen to them."""

    def __init__(self) -> None:
        self.dice = random.Random(7)
        self.units: dict[SorId, Unit] = {}
        self.ids: list[SorId] = []
        self.institutions: list[SorId] = []
        self.number = 100_000_000_000
        for _ in range(OWNERS):
            owner = self.add(Kind.OWNER, None)
            for _ in range(INSTITUTIONS):
                institution = self.add(Kind.INSTITUTION, owner)
                for _ in range(BELOW):
                    self.add(Kind.ORGANIZATIONAL_UNIT, institution)

    def add(self, kind: Kind, parent: SorId | None, day: Day | None = None) -> SorId:
        self.number += 1
        sor_id = SorId(f"{self.number}16001")
        self.units[sor_id] = Unit(
            sor_id=sor_id,
            kind=kind,
            parent_id=parent,
            name=f"{self.dice.choice(WORDS)} {self.number % 9973}",
            unit_type="255203001",
            from_=day or Day("2010-01-01"),
            first_from=day or Day("2010-01-01"),
        )
        self.ids.append(sor_id)
        if kind is Kind.INSTITUTION:
            self.institutions.append(sor_id)
        return sor_id

    def owner(self, sor_id: SorId) -> SorId:
        unit = self.units[sor_id]
        return sor_id if unit.parent_id is None else self.owner(unit.parent_id)

    def institution(self, unit: Unit) -> SorId | None:
        if unit.kind is Kind.INSTITUTION:
            return unit.sor_id
        return None if unit.parent_id is None else self.institution(self.units[unit.parent_id])

    def named(self, sor_id: SorId | None) -> Named | None:
        return None if sor_id is None else Named(id=sor_id, name=self.units[sor_id].name)

    def place(self, unit: Unit) -> Place:
        return Place(
            parent=self.named(unit.parent_id),
            institution=self.named(self.institution(unit)),
            owner=self.named(self.owner(unit.sor_id)),
            owner_type=None,
        )

    def common(self, old: Unit, new: Unit, span: SnapshotSpan) -> dict[str, Any]:
        return {
            "snapshot": span,
            "cause": Cause.DATA_CHANGED,
            "effective": None,
            "unit": UnitSummary(
                id=new.sor_id,
                kind=new.kind,
                name=new.name,
                unit_type=None,
                parent_id=new.parent_id,
                institution_id=self.institution(new),
                owner_id=self.owner(new.sor_id),
                open=True,
                effective_location_number=None,
            ),
            "status": StatusChange(before=old.status, after=new.status),
        }

    def change(self, span: SnapshotSpan) -> Event:
        """Change some unit in some way."""
        what = self.dice.random()
        if what < 0.1:
            parent = self.dice.choice(self.institutions)
            sor_id = self.add(Kind.ORGANIZATIONAL_UNIT, parent, span.after)
            unit = self.units[sor_id]
            return Event(
                subject=sor_id, data=UnitCreated(after=unit, **self.common(unit, unit, span))
            )
        old = self.units[self.dice.choice(self.ids)]
        data: AnyEventData
        if what < 0.5:
            words = f"{self.dice.choice(WORDS)} {self.dice.randrange(9973)}"
            new = msgspec.structs.replace(old, name=words)
            self.units[old.sor_id] = new
            data = UnitRenamed(before=old.name, after=new.name, **self.common(old, new, span))
        elif what < 0.75:
            contact = Contact(phone=str(self.dice.randrange(10_000_000, 99_999_999)))
            new = msgspec.structs.replace(old, contact=contact)
            self.units[old.sor_id] = new
            data = UnitContactChanged(
                before=old.contact, after=contact, **self.common(old, new, span)
            )
        elif what < 0.85 and old.kind is Kind.ORGANIZATIONAL_UNIT:
            before = self.place(old)
            new = msgspec.structs.replace(old, parent_id=self.dice.choice(self.institutions))
            self.units[old.sor_id] = new
            data = UnitMoved(
                before=before,
                after=self.place(new),
                descendants=0,
                **self.common(old, new, span),
            )
        elif what < 0.93:
            to = Day((date.fromisoformat(span.after) + timedelta(days=60)).isoformat())
            new = msgspec.structs.replace(old, to=to)
            self.units[old.sor_id] = new
            data = UnitClosureScheduled(before=old.to, after=to, **self.common(old, new, span))
        else:
            new = msgspec.structs.replace(old, to=Day(span.before))
            self.units[old.sor_id] = new
            data = UnitClosed(
                to=new.to, replaced_by=(), location_number=None, **self.common(old, new, span)
            )
        return Event(subject=old.sor_id, data=data)


def header(day: Day, number: int) -> Header:
    created = f"{day}T20:00:00+01:00"
    return Header(
        snapshot_date=day,
        created_at=created,
        instant=f"{day}T19:00:00.000000",
        version="2.0.0",
        sha256=f"{number:064x}",
        size=437_000_000,
    )


def new_run(day: Day, number: int, units: int, events: list[Event]) -> NewRun:
    return NewRun(
        kind="night" if number > 1 else "baseline",
        state="accepted",
        header=header(day, number),
        units=units,
        file="Sor.xml",
        data_types_sha256=None,
        compared_with=number - 1 if number > 1 else None,
        source="urn:sordiff:sor",
        nights=1 if number > 1 else None,
        nights_missing=0,
        version_changed=False,
        publish=True,
        warnings=(),
        reason=None,
        recorded_at=f"{day}T23:00:00+00:00",
        decided_by=None,
        open_units=units,
        exceptional=False,
        counts=count_facts(events),
        lists={},
    )


def make(path: Path) -> None:
    """Write the changelog."""
    register = Register()
    with SqliteChangelog(path).open_to_write() as session:
        session.connection.execute("PRAGMA synchronous = OFF")
        day = Day(FIRST.isoformat())
        with session.transaction():
            session.runs.record(1, new_run(day, 1, len(register.units), []), [])
        for number in range(2, NIGHTS + 2):
            before, day = day, Day((FIRST + timedelta(days=number - 1)).isoformat())
            span = SnapshotSpan(before=before, after=day, nights=1)
            events = _night(register, span)
            origin = Origin(created_before=f"{before}T20:00", created_after=f"{day}T20:00")
            with session.transaction():
                run = new_run(day, number, len(register.units), events)
                session.runs.record(number, run, encode_events(events, origin, number))
            if number % 365 == 0:
                print(day, flush=True)
        with session.transaction():
            session.state.write_units(register.units.values(), ())
            session.state.remember_units(register.units, 1)


def _night(register: Register, span: SnapshotSpan) -> list[Event]:
    found = (register.change(span) for _ in range(EVENTS_A_NIGHT))
    return list({(event.subject, event.name): event for event in found}.values())


def measure(path: Path) -> None:
    """Time commands as a person calls them: the best of three."""
    last = FIRST + timedelta(days=NIGHTS)
    old = FIRST + timedelta(days=NIGHTS // 2)
    questions = {
        "last night": "report",
        "last night, html": "report --format html",
        "a night five years ago": f"report --date {old}",
        "the last year": f"report --since {last - timedelta(days=364)}",
        "the last year, html": f"report --since {last - timedelta(days=364)} --format html",
        **{words: words for words in _list_reading_commands(path, old)},
    }
    for name, words in questions.items():
        print(f"{name:<60}{min(_time_command(path, words)):6.2f} s", flush=True)


def _list_reading_commands(path: Path, day: date) -> tuple[str, ...]:
    """The other reading commands, asked of the unit with the most events."""
    with SqliteChangelog(path).open_to_read() as session:
        query = "SELECT subject FROM events GROUP BY subject ORDER BY count(*) DESC LIMIT 1"
        (busiest,) = session.connection.execute(query).fetchone()
    return (
        f"show {busiest}",
        f"show {busiest} --as-of {day}",
        f"history {busiest}",
        "status",
        "runs --limit 10",
        "events --limit 1",
        "events --since 900000 --type unit.moved --limit 1",
        "events --run 2000 --type unit.closed --limit 1",
        f"events --type unit.closed --subject {busiest} --limit 1",
        "events --type unit.removed --subject nobody",
    )


def _time_command(path: Path, words: str) -> Iterator[float]:
    for _ in range(3):
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "sordiff", *words.split(), "--db", str(path)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield time.monotonic() - began


if __name__ == "__main__":
    {"make": make, "measure": measure}[sys.argv[1]](Path(sys.argv[2]))
