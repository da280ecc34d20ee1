"""Nights recorded one by one into a changelog, and a second opinion on every state record."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from sordiff.anomalies.limits import Limits
from sordiff.anomalies.measures import MEASURES
from sordiff.changelog.records import Decision
from sordiff.event_sink import StateRecord
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.decide import reject_run, release_run
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.publish.state_records import (
    build_all_state_records,
    build_state_records_of_run,
)
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from sordiff.wire import DEFAULT_SOURCE
from tests.laws.pairs import Version, files
from tests.making.xml import write_zip
from tests.oracle import reading
from tests.oracle.night import Night
from tests.oracle.resolved import resolved_numbers, resolved_units

if TYPE_CHECKING:
    from pathlib import Path

    from tests.making.plain import PlainRegister

Taking = Literal["accepted", "released", "rejected", "superseded", "rebaseline", "corrected"]
AT = "2030-01-01T00:00:00+00:00"
DECISION = Decision(user="tester", at=AT, reason="for the test")
# Whatever happens is too much, so that every night with an event is held.
STRICT = Settings(alarms=Limits(counts=dict.fromkeys(MEASURES, 0)))

_CREATED = re.compile(rb"CreatedAtTime>([^<]*)<")

Key = tuple[str, str]
Mirror = dict[Key, StateRecord]


class Recorded:
    """A changelog, what its state topics would hold, and what they should."""

    def __init__(self, folder: Path, source: str = DEFAULT_SOURCE) -> None:
        self.folder = folder
        self.source = source
        self.database = folder / "sordiff.db"
        self.lists: dict[str, Any] = {}
        self.sequence = 0
        self.time = ""
        self.mirror: Mirror = {}
        self.expected: dict[Key, tuple[int, Any]] = {}
        self.changed: set[Key] = set()
        self.written: dict[int, list[StateRecord]] = {}

    def take(self, night: PlainRegister, version: Version, taking: Taking) -> bool:
        """Record one more night in that way; whether it moved the state."""
        xml, data_types = files(night, version)
        path = write_zip(self.folder / "Sor.zip", xml, data_types)
        first = not self.database.exists()
        held_for = taking in ("released", "rejected", "superseded")
        options = IngestOptions(
            recorded_at=AT,
            user="tester",
            accept=taking == "accepted" and not first,
            rebaseline=taking == "rebaseline" and not first,
            correct=self.last_run() if taking == "corrected" and not first else None,
            reason="for the test",
        )
        settings = replace(STRICT if held_for else Settings(), source=self.source)
        (report,) = ingest_snapshots([path], SqliteChangelog(self.database), settings, options)
        run_id = report.run_id
        if report.outcome == "held":
            if taking == "superseded":
                return False
            (release_run if taking == "released" else reject_run)(
                SqliteChangelog(self.database), run_id, DECISION, self.source
            )
            if taking == "rejected":
                return False
        self._expect(xml, data_types, whole=first or options.rebaseline)
        self._write(run_id)
        return True

    def last_run(self) -> int:
        """The number of the last accepted run."""
        with SqliteChangelog(self.database).open_to_read() as session:
            run = session.runs.find_last_accepted()
        assert run is not None
        return run.id

    def _expect(self, xml: bytes, data_types: bytes | None, *, whole: bool) -> None:
        """What each record must say now, and the sequence of the run that last changed it."""
        self.time = _CREATED.findall(xml)[0].decode()
        read = reading.read(xml, data_types)
        self.lists |= read["lists"]
        night = Night(read, self.lists)
        says = {("units", key): said for key, said in resolved_units(night).items()}
        says |= {("location-numbers", key): said for key, said in resolved_numbers(night).items()}
        with SqliteChangelog(self.database).open_to_read() as session:
            self.sequence = session.sequences.next() - 1
        before = self.expected
        self.expected = {
            key: before[key]
            if not whole and key in before and before[key][1] == json.loads(json.dumps(said))
            else (self.sequence, json.loads(json.dumps(said)))
            for key, said in says.items()
        }
        self.changed = {
            key
            for key in before.keys() | self.expected.keys()
            if whole or before.get(key, (0, None))[1] != self.expected.get(key, (0, None))[1]
        }

    def _write(self, run_id: int) -> None:
        with SqliteChangelog(self.database).open_to_read() as session:
            self.written[run_id] = list(build_state_records_of_run(session, run_id))
        apply(self.mirror, self.written[run_id])

    def anew(self) -> Mirror:
        """All records, worked out from the state alone."""
        with SqliteChangelog(self.database).open_to_read() as session:
            found: Mirror = {}
            apply(found, list(build_all_state_records(session)))
            return found


def apply(mirror: Mirror, records: list[StateRecord]) -> None:
    """What a compacted topic keeps of these records."""
    keys = [(record.topic, record.key) for record in records]
    assert len(set(keys)) == len(keys), "no record is written twice"
    for record, key in zip(records, keys, strict=True):
        if record.value is None:
            mirror.pop(key, None)
        else:
            mirror[key] = record


def read(mirror: Mirror) -> dict[Key, tuple[int, Any]]:
    return {key: (said.sequence, json.loads(said.value or b"")) for key, said in mirror.items()}
