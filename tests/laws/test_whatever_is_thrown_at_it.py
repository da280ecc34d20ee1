"""Two hundred nights with random faults between them: each false night is refused, held or corrected, and what the events tell is the last true night."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from sordiff.changelog.records import Decision
from sordiff.errors import SnapshotRefused, SordiffError
from sordiff.ndjson.sink import NdjsonSink
from sordiff.replay import Fold
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.publish.publish import publish_waiting_runs
from sordiff.service.publish.retract import retract_run
from sordiff.service.publish.sending import PublishOptions
from sordiff.settings import Settings
from sordiff.snapshot import read_snapshot
from sordiff.store.changelog import SqliteChangelog
from sordiff.wire import DEFAULT_SOURCE as SOURCE
from sordiff.wire import decode, find_short_name
from tests.cli.calling import good, lines
from tests.coverage.nights import ELEMENTS, Way, done_to, register
from tests.making.xml import write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sordiff.model import SorId, Unit
    from tests.making.plain import PlainRegister

NIGHTS: Final = 200
FIRST: Final = date(2024, 1, 2)


class Nightly:
    """A register that is extracted every night, and the changelog that records it."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder = folder
        self.dice = dice
        self.day = FIRST
        self.true = register(FIRST.isoformat(), institutions=120)
        self.changelog = SqliteChangelog(folder / "sordiff.db")
        self.written: bytes | None = None  # tonight's file, which is asked for again and again
        self.given: list[bytes] = []
        self.seen: dict[str, int] = {}

    def content(self, of: PlainRegister | None = None) -> bytes:
        if of is not None:
            return write_snapshot(of, version=2)
        if self.written is None:
            self.written = write_snapshot(self.true, version=2)
        return self.written

    def turn(self) -> None:
        """A night passes in which little happens."""
        self.written = None
        self.day += timedelta(days=1)
        day = self.day.isoformat()
        units = self.true.units[0].children
        for unit in self.dice.sample(units, self.dice.randint(0, 3)):
            match self.dice.randrange(4):
                case 0:
                    unit.name = f"Enhed {self.dice.randrange(10_000)}"
                case 1 if unit.postal is not None:
                    unit.postal.street_name = f"Vej {self.dice.randrange(10_000)}"
                case 2 if unit.contact is not None:
                    unit.contact.phone = f"{self.dice.randrange(20_000_000, 99_999_999)}"
                case _:
                    unit.provider_number = f"{self.dice.randrange(100_000):06d}"
        self.true.snapshot_date, self.true.created_at = day, f"{day}T01:00:00.0000000+01:00"

    def take(self, content: bytes, *, source: str = "", **how: Any) -> str:
        """What becomes of this file tonight: the outcome, or how it was refused."""
        file = self.folder / "Sor.xml"
        file.write_bytes(content)
        options = IngestOptions(**({"recorded_at": self.now, "user": "cron", "reason": "x"} | how))
        settings = Settings(source=source) if source else Settings()
        try:
            (report,) = ingest_snapshots([file], self.changelog, settings, options)
        except SnapshotRefused:
            return "refused"
        except SordiffError:
            return "failed"
        return str(report.outcome)

    @property
    def now(self) -> str:
        return f"{self.day.isoformat()}T06:00:00+00:00"

    def publish(self) -> None:
        options = PublishOptions(now=lambda: self.now, new_name="law")
        list(publish_waiting_runs(self.changelog, NdjsonSink(self.folder / "out"), options))

    def last_run(self) -> int:
        with self.changelog.open_to_read() as session:
            run = session.runs.find_last_accepted()
        assert run is not None
        return run.id


def cut_off(nightly: Nightly) -> str:
    content = nightly.content()
    return nightly.take(content[: nightly.dice.randrange(len(content) // 2, len(content) - 20)])


def a_page(nightly: Nightly) -> str:
    return nightly.take(b"<html><title>Request Rejected</title><body>x</body></html>")


def of_yesterday(nightly: Nightly) -> str:
    return nightly.take(nightly.given[-1])


def of_yesterday_but_changed(nightly: Nightly) -> str:
    return nightly.take(nightly.given[-1] + b"<!-- once more -->")


def dated_ahead(nightly: Nightly) -> bytes:
    later = (nightly.day + timedelta(days=nightly.dice.choice([3, 30, 365]))).isoformat()
    return nightly.content().replace(nightly.day.isoformat().encode(), later.encode())


def without_an_element(nightly: Nightly) -> bytes:
    element = ELEMENTS[nightly.dice.choice(sorted(ELEMENTS))]
    way: Way = nightly.dice.choice(["gone", "renamed", "emptied"])
    return done_to(nightly.content(), element.names(2), way)


def without_most_units(nightly: Nightly) -> bytes:
    lost = msgspec.convert(msgspec.to_builtins(nightly.true), type(nightly.true))
    del lost.units[0].children[nightly.dice.choice([10, 30]) :]
    return nightly.content(lost)


def of_another_source(nightly: Nightly) -> str:
    return nightly.take(nightly.content(), source="urn:example:test")


def held(make: Callable[[Nightly], bytes]) -> Callable[[Nightly], str]:
    return lambda nightly: nightly.take(make(nightly))


def corrected(make: Callable[[Nightly], bytes]) -> Callable[[Nightly], str]:
    """Somebody takes it all the same, and must take it back."""

    def fault(nightly: Nightly) -> str:
        outcome = nightly.take(make(nightly), accept=True)
        assert outcome == "recorded"
        true = nightly.content()
        assert nightly.take(true, correct=nightly.last_run()) == "recorded"
        nightly.given.append(true)
        return "corrected"

    return fault


def retracted(*, correct: str = "") -> Callable[[Nightly], str]:
    """Somebody takes a wrong night, publishes it, and takes it back; `correct` it before or after, or leave that to the next night."""

    def fault(nightly: Nightly) -> str:
        outcome = nightly.take(without_most_units(nightly), accept=True)
        assert outcome == "recorded"
        wrong = nightly.last_run()
        nightly.publish()
        true = nightly.content()
        if correct == "before":
            assert nightly.take(true, correct=wrong) == "recorded"
        retract_run(
            nightly.changelog, wrong, Decision(user="me", at=nightly.now, reason="wrong"), SOURCE
        )
        if correct == "after":
            assert nightly.take(true, correct=wrong) == "recorded"
        if correct:
            nightly.given.append(true)
        else:  # the true night comes late, and the next one puts it right
            nightly.turn()
        return "retracted"

    return fault


FAULTS: Final[dict[str, tuple[Callable[[Nightly], str], str]]] = {
    "cut off": (cut_off, "refused"),
    "a page": (a_page, "refused"),
    "yesterday's": (of_yesterday, "already_recorded"),
    "yesterday's, changed": (of_yesterday_but_changed, "refused"),
    "dated ahead": (held(dated_ahead), "held"),
    "without an element": (held(without_an_element), "held"),
    "without most units": (held(without_most_units), "held"),
    "of another source": (of_another_source, "failed"),
    "dated ahead, accepted": (corrected(dated_ahead), "corrected"),
    "without an element, accepted": (corrected(without_an_element), "corrected"),
    "without most units, accepted": (corrected(without_most_units), "corrected"),
    "retracted": (retracted(), "retracted"),
    "retracted, then corrected": (retracted(correct="after"), "retracted"),
    "corrected, then retracted": (retracted(correct="before"), "retracted"),
}


class Told:
    """From the first night, with nothing but the events, one comes to the last true one.

    Events that stood there before are the same as then, byte for byte, and are applied already.
    """

    def __init__(self, folder: Path, baseline: bytes) -> None:
        self.folder = folder
        self.fold = Fold(self.read(baseline).values(), {})
        self.text = ""
        self.ids: list[str] = []

    def read(self, content: bytes) -> Mapping[SorId, Unit]:
        file = self.folder / "true.xml"
        file.write_bytes(content)
        return read_snapshot(file).units

    def assert_last(self, content: bytes) -> None:
        text = good(self.folder, "events")
        assert text.startswith(self.text)
        more = lines(text.removeprefix(self.text))
        self.text = text
        self.fold.forwards(
            decode(
                find_short_name(line["type"]), line["subject"], msgspec.json.encode(line["data"])
            )
            for line in more
        )
        assert self.fold.as_units() == self.read(content)
        first = len(self.ids) + 1
        self.ids += [line["id"] for line in more]
        assert [int(line["sequence"]) for line in more] == list(range(first, len(self.ids) + 1))
        assert len(set(self.ids)) == len(self.ids)


def test_the_events_tell_the_last_true_night(tmp_path: Path) -> None:
    dice = random.Random(7)
    nightly = Nightly(tmp_path, dice)
    baseline = nightly.content()
    assert nightly.take(baseline) == "recorded"
    nightly.given.append(baseline)
    told = Told(tmp_path, baseline)
    for night in range(1, NIGHTS + 1):
        nightly.turn()
        for name in dice.sample(sorted(FAULTS), dice.choice([0, 0, 0, 1, 1, 2])):
            fault, expected = FAULTS[name]
            is_recorded = nightly.given[-1] == nightly.content()  # put right already
            if expected in {"corrected", "retracted"} and is_recorded:
                continue  # a step is told once
            outcome = fault(nightly)
            assert outcome == expected or (is_recorded and outcome == "refused"), (night, name)
            nightly.seen[name] = nightly.seen.get(name, 0) + 1
        true = nightly.content()
        outcome = "already_recorded" if nightly.given[-1] == true else "recorded"
        assert nightly.take(true) == outcome, night
        nightly.given.append(true)
        if night % 40 == 0:
            told.assert_last(nightly.given[-1])
    assert nightly.seen.keys() == FAULTS.keys()
