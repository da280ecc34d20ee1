"""The contract of a changelog. A module that runs it defines the fixture `changelog` and imports these tests."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import msgspec
import pytest

from sordiff.alerts import Alert
from sordiff.changelog import Changelog, Session, WriteSession
from sordiff.changelog.records import (
    BriefRun,
    Decision,
    EncodedEvent,
    EventQuery,
    FindingTurn,
    KeptNotice,
    NewRun,
    PreparedEvents,
    PreparedUnits,
    ReachedRun,
    SinkRead,
)
from sordiff.coverage.counts import Coverage
from sordiff.errors import ChangelogFailed, ChangelogMissing, Locked
from sordiff.findings import Finding
from sordiff.model import (
    READING_RULES,
    Classification,
    Day,
    Entry,
    Gln,
    Header,
    Kind,
    SorId,
    State,
    Unit,
)
from sordiff.reconcile.kept_list import KeptList, ListRule
from sordiff.replay import Adoption
from sordiff.report import RecordedRun
from sordiff.store import stored_register
from sordiff.wire import CloudEvent, build_schema_id, build_type, compute_digest

AT = "2024-03-06T05:00:00+00:00"
DECISION = Decision(user="tester", at=AT, reason="for the test")
READ = SinkRead(changelog="own", source="urn:test", position="3:x", last_sequence=7, last_row=2)
UNIT, OTHER, NUMBER = SorId("1016009"), SorId("2016009"), Gln("5790000000005")
OPENS: list[Callable[[Changelog], Any]] = [
    lambda changelog: changelog.open_to_read(),
    lambda changelog: changelog.open_at_one_moment(),
    lambda changelog: changelog.open_to_publish(),
]


def header(number: int) -> Header:
    return Header(
        snapshot_date=Day(f"2024-03-{number:02d}"),
        created_at=f"2024-03-{number:02d}T01:00:00+01:00",
        instant=f"2024-03-{number:02d}T00:00:00.0000000",
        version="2.0.0",
        sha256=f"{number:064d}",
        size=1000 + number,
        other={},
    )


def new_run(number: int, **instead: Any) -> NewRun:
    values: dict[str, Any] = {
        "kind": "baseline" if number == 1 else "night",
        "state": "accepted",
        "header": header(number),
        "units": 10,
        "file": "Sor.zip",
        "data_types_sha256": None,
        "compared_with": number - 1 or None,
        "source": "urn:test",
        "nights": None if number == 1 else 1,
        "nights_missing": 0,
        "version_changed": False,
        "publish": True,
        "warnings": ("careful",),
        "reason": None,
        "recorded_at": AT,
        "decided_by": None,
        "open_units": 9,
        "exceptional": False,
        "counts": {"unit.renamed": 2},
        "lists": {"OrganizationalUnitType": "unit_type"},
    }
    return NewRun(**values | instead)


def line(run_id: int, place: int, name: str = "unit.renamed", subject: str = UNIT) -> EncodedEvent:
    data = b'{"name":"\xc3\x86r\xc3\xb8","run":%d}' % run_id
    return EncodedEvent(id=f"{run_id}-{place}", name=name, subject=subject, data=data)


def lines(run_id: int, count: int) -> list[EncodedEvent]:
    return [line(run_id, place) for place in range(1, count + 1)]


def finding(code: str, subject: str = UNIT) -> Finding:
    return Finding(code=code, subject=subject, message="odd")


@contextmanager
def writing(changelog: Changelog) -> Iterator[WriteSession]:
    with changelog.open_to_write() as session, session.transaction():
        yield session


@pytest.fixture
def three(changelog: Changelog) -> Changelog:
    """A baseline, a night of two events, and a held one of three."""
    with writing(changelog) as session:
        session.runs.record(1, new_run(1, counts={}), [])
        session.runs.record(2, new_run(2), [line(2, 1), line(2, 2, "unit.closed", OTHER)])
        session.runs.record(3, new_run(3, state="held", exceptional=True), lines(3, 3))
    return changelog


Answer = TypeVar("Answer")


def read(changelog: Changelog, ask: Callable[[Session], Answer]) -> Answer:
    with changelog.open_to_read() as session:
        return ask(session)


@pytest.mark.parametrize("opened", OPENS)
def test_a_reader_makes_none(changelog: Changelog, opened: Callable[[Changelog], Any]) -> None:
    for _ in range(2):
        with pytest.raises(ChangelogMissing), opened(changelog):
            pass
    with pytest.raises(ChangelogMissing):
        changelog.upgrade()


def test_an_empty_one_has_nothing(changelog: Changelog) -> None:
    with changelog.open_to_write():
        pass
    with changelog.open_to_read() as session:
        assert list(session.runs.iterate()) == []
        assert session.runs.find_last_accepted() is session.runs.find(1) is None
        assert (session.sequences.next(), session.sequences.next_run_id()) == (1, 1)
        assert session.outbox.list_sinks() == []
        assert session.identity.find_own_name()
        assert session.identity.find_source() is None
        assert session.state.read_units() == {}
    assert changelog.name
    assert changelog.size >= 0


def test_a_transaction_is_all_or_nothing(three: Changelog) -> None:
    with three.open_to_write() as session:
        with pytest.raises(ZeroDivisionError), session.transaction():  # noqa: PT012  # what it undoes
            session.runs.record(4, new_run(4), lines(4, 1))
            session.outbox.queue(4, "run", AT)
            session.state.remember_units([UNIT], 4)
            1 / 0  # noqa: B018  # what went wrong
        assert session.sequences.next_run_id() == 4
        assert session.sequences.next() == 3
        assert not session.history.find_known([UNIT])
        with session.transaction():
            session.runs.record(4, new_run(4), lines(4, 1))
    assert read(three, lambda session: session.runs.get(4).first_sequence) == 3


def test_a_run_is_as_it_was_recorded(three: Changelog) -> None:
    expected = RecordedRun(
        id=2,
        kind="night",
        state="accepted",
        header=header(2),
        units=10,
        compared_with=1,
        nights=1,
        nights_missing=0,
        version_changed=False,
        publish=True,
        event_count=2,
        first_sequence=1,
        last_sequence=2,
        digest=read(three, lambda session: session.runs.get(2).digest),
        warnings=("careful",),
        reason=None,
        recorded_at=AT,
        decided_by=None,
        decided_at=None,
        source="urn:test",
        open_units=9,
        exceptional=False,
        lists={"OrganizationalUnitType": "unit_type"},
        history=False,
    )
    with three.open_to_read() as session:
        assert session.runs.get(2) == session.runs.find(2) == expected
        assert session.runs.find_by_sha256(f"{2:064d}") == expected
        assert session.runs.find_last_accepted() == expected
        assert len(expected.digest) == 64
        assert session.counts.read(2) == {"unit.renamed": 2}
        assert session.counts.sum_accepted() == {"unit.renamed": 2}
        assert session.counts.read_all() == {2: {"unit.renamed": 2}, 3: {"unit.renamed": 2}}


def test_the_data_types_of_a_run_are_those_of_its_last_judgement(three: Changelog) -> None:
    with writing(three) as session:
        held = session.runs.get(3)
        session.decisions.supersede(held)
        again = new_run(3, state="held", data_types_sha256="b" * 64)
        session.runs.record(4, again, lines(4, 1))
        assert session.runs.find_data_types_sha256(4) == "b" * 64
        assert session.runs.find_data_types_sha256(2) is None
        assert session.runs.find_data_types_sha256(99) is None
        other = new_run(4, reading_rules=7)
        session.runs.record(5, other, lines(5, 1))
        assert [session.runs.find_reading_rules(run) for run in (4, 5, 99)] == [READING_RULES, 7, 0]


def test_runs_are_found_by_day_state_and_number(three: Changelog) -> None:
    def ids(found: Any) -> list[int]:
        return [run.id for run in found]

    with three.open_to_read() as session:
        runs = session.runs
        one = [runs.find_first_accepted(), runs.find_last(), runs.find_held()]
        assert ids(one) == [1, 3, 3]
        assert ids([runs.find_last_accepted_by(Day("2024-03-01"))]) == [1]
        assert runs.find_last_accepted_by(Day("2024-02-01")) is None
        assert ids(runs.list_accepted(None, None)) == [1, 2]
        assert ids(runs.list_accepted(Day("2024-03-02"), None)) == [2]
        assert ids(runs.list_not_accepted(None, Day("2024-03-03"))) == [3]
        assert ids(runs.list_since(Day("2024-03-02"), 2)) == [2]
        assert (ids(runs.iterate()), ids(runs.list_newest(2))) == ([1, 2, 3], [2, 3])
        known = BriefRun.__struct_fields__
        for brief, run in zip(runs.list_brief(), runs.iterate(), strict=True):
            assert [getattr(brief, name) for name in known] == [
                getattr(run.header if name == "sha256" else run, name) for name in known
            ]
        assert (runs.list_newest(0), ids(runs.list_ordinary(5))) == ([], [2])
        assert runs.list_ordinary(0) == []
        assert runs.count_states() == {"accepted": 2, "held": 1}
        assert (runs.exists(3), runs.exists(4)) == (True, False)
        assert [runs.find_previous_accepted_id(n) for n in (1, 2, 3)] == [0, 1, 2]
        assert runs.list_accepted_ids_after(0) == [2, 1]
        assert (runs.has_later(runs.get(1)), runs.has_later(runs.get(2))) == (True, False)


def test_events_are_selected_in_their_order(three: Changelog) -> None:
    def found(**wanted: Any) -> list[str]:
        query = EventQuery(**wanted)
        return read(three, lambda session: [event.id for event in session.events.select(query)])

    assert found() == ["2-1", "2-2"]
    assert found(since=1) == ["2-2"]
    assert found(limit=1) == ["2-1"]
    assert found(limit=0) == []
    assert found(run=3) == ["3-1", "3-2", "3-3"]
    assert found(run=3, since=99, limit=2) == ["3-1", "3-2"]
    assert found(run=2, since=1) == ["2-2"]
    assert found(event_type="unit.closed") == ["2-2"]
    assert found(subject=UNIT) == ["2-1"]
    assert found(run=9) == found(subject="nobody") == []


def test_events_can_be_only_those_of_published_runs(three: Changelog) -> None:
    def found(**wanted: Any) -> list[str]:
        query = EventQuery(published=True, **wanted)
        return read(three, lambda session: [event.id for event in session.events.select(query)])

    with writing(three) as session:
        session.runs.record(4, new_run(4, publish=False), [line(4, 1)])
        session.runs.record(5, new_run(5, publish=False, history=True), [line(5, 1)])
        assert session.runs.get(5).history
    assert found() == ["2-1", "2-2"]
    assert found(histories=True) == ["2-1", "2-2", "5-1"]
    assert found(subject=UNIT, limit=2, histories=True) == ["2-1", "5-1"]


def test_an_event_has_the_bytes_that_were_recorded(three: Changelog) -> None:
    with three.open_to_read() as session:
        [first, _] = session.events.select(EventQuery())
        assert bytes(first.data) == line(2, 1).data
        assert first.sequence == f"{1:020}"
        [held, *_] = session.events.select(EventQuery(run=3))
        assert held == CloudEvent(
            id="3-1",
            source="urn:test",
            type=build_type("unit.renamed"),
            subject=UNIT,
            time=header(3).created_at,
            dataschema=build_schema_id("unit.renamed"),
            partitionkey=UNIT,
            data=msgspec.Raw(line(3, 1).data),
        )
        assert list(session.events.iterate_rows(2)) == [
            ("2-1", "unit.renamed", UNIT, 1, line(2, 1).data),
            ("2-2", "unit.closed", OTHER, 2, line(2, 2).data),
        ]


@pytest.mark.parametrize("state", ["accepted", "held"])
def test_prepared_events_are_recorded_as_others_are(three: Changelog, state: str) -> None:
    """Also in one session with others that are prepared, as of the nights of a history."""

    def told(run_id: int) -> list[Any]:
        with three.open_to_read() as session:
            run = session.runs.get(run_id)
            events = list(session.events.select(EventQuery(run=run_id)))
            first = run.first_sequence
            return [
                (
                    run.event_count,
                    run.digest,
                    first is None,
                    (run.last_sequence or 0) - (first or 0),
                ),
                *((event.type, event.subject, bytes(event.data), event.id) for event in events),
                [int(event.sequence) - (first or 0) for event in events if event.sequence],
            ]

    with writing(three) as session:
        session.decisions.supersede(session.runs.get(3))
    said = [line(9, 1, subject="Æ"), line(9, 2, "unit.closed", OTHER), *lines(9, 5)[2:]]
    with three.open_to_write() as session:
        for run_id in (4, 5, 6):
            made: Sequence[EncodedEvent] | PreparedEvents = said
            if run_id > 4:
                parts = (
                    session.runs.prepare(run_id, before, said[before : before + 2])
                    for before in (0, 2, 4)
                )
                digest = compute_digest(event.data for event in said)
                made = PreparedEvents(count=len(said), digest=digest, parts=parts)
            with session.transaction():
                session.runs.record(run_id, new_run(run_id, state=state), made)
                if state == "held":
                    session.decisions.supersede(session.runs.get(run_id))
    assert len(told(4)) == 7
    assert told(4) == told(5) == told(6)


def test_what_is_prepared_is_gone_with_its_transaction(three: Changelog) -> None:
    with three.open_to_write() as session:
        prepared = [session.runs.prepare(4, 0, lines(4, 2))]
        made = PreparedEvents(count=2, digest="a", parts=prepared)
        with suppress(ZeroDivisionError), session.transaction():
            session.runs.record(4, new_run(4), made)
            raise ZeroDivisionError
        assert [event.id for event in session.events.select(EventQuery())] == ["2-1", "2-2"]
        with session.transaction():
            session.runs.record(4, new_run(4), made)
        found = [event.id for event in session.events.select(EventQuery())]
    assert found == ["2-1", "2-2", "4-1", "4-2"]


def test_a_released_run_gets_its_sequences(three: Changelog) -> None:
    with writing(three) as session:
        assert session.decisions.release(session.runs.get(3), DECISION) == 3
    with three.open_to_read() as session:
        run = session.runs.get(3)
        assert (run.state, run.first_sequence, run.last_sequence) == ("released", 3, 5)
        assert (run.decided_by, run.decided_at, run.reason) == ("tester", AT, "for the test")
        assert session.runs.find_last_accepted() == run
        assert session.runs.find_held() is None
        assert [event.sequence for event in session.events.select(EventQuery(run=3))] == [
            f"{number:020}" for number in (3, 4, 5)
        ]
        assert session.sequences.next() == 6
        assert session.sequences.find_last_before(3) == 2


def test_only_a_held_run_is_decided(three: Changelog) -> None:
    with writing(three) as session:
        session.decisions.decide(session.runs.get(3), "rejected", DECISION)
        session.decisions.supersede(session.runs.get(3))
        session.decisions.supersede(session.runs.get(2))
    states = read(three, lambda session: [run.state for run in session.runs.iterate()])
    assert states == ["accepted", "accepted", "rejected"]


def test_sequences_can_be_given_anew(three: Changelog) -> None:
    with writing(three) as session:
        session.runs.record(4, new_run(4), lines(4, 2))
        session.sequences.renumber({2: 2, 4: 11})
    with three.open_to_read() as session:
        spans = [(r.first_sequence, r.last_sequence) for r in session.runs.iterate()]
        assert spans == [(None, None), (2, 3), (None, None), (11, 12)]
        assert [row[3] for row in session.events.iterate_rows(4)] == [11, 12]
        assert session.sequences.next() == 13


def test_what_comes_with_a_run_is_kept_in_its_order(three: Changelog) -> None:
    adoptions = [
        Adoption(subject=UNIT, path="name", before="a", after=None),
        Adoption(subject=OTHER, path="", before=None, after={"name": "b"}),
    ]
    alerts = [
        Alert(code="b", severity="critical", message="much", subject=None),
        Alert(code="a", severity="warning", message="some", subject=UNIT),
    ]
    with writing(three) as session:
        session.events.record_adoptions(3, adoptions)
        session.alerts.record(3, alerts)
        session.alerts.resolve(3, 2)
    with three.open_to_read() as session:
        assert session.events.read_adoptions(3) == adoptions
        assert session.events.read_adoptions(2) == []
        assert session.alerts.read(3) == tuple(alerts)
        assert session.alerts.read(2) == ()


def test_findings_stand_until_they_are_resolved(three: Changelog) -> None:
    a, b, c = finding("a"), finding("b", OTHER), finding("c")
    with writing(three) as session:
        session.findings.record(1, [FindingTurn(change="known", finding=f) for f in (a, b)], 2)
        session.findings.record(2, [FindingTurn(change="resolved", finding=a)], 1)
        session.findings.record(3, [FindingTurn(change="new", finding=c)], 2)
    with three.open_to_read() as session:
        findings = session.findings
        assert [findings.count_standing(n) for n in (1, 2, 3)] == [2, 1, 2]
        assert findings.read_standing(1) == {("a", UNIT): a, ("b", OTHER): b}
        assert findings.read_standing(2) == {("b", OTHER): b}
        assert findings.read_standing(3) == {("b", OTHER): b, ("c", UNIT): c}
        assert findings.read_standing_of(1, [UNIT]) == {("a", UNIT): a}


def test_a_notice_is_kept_once_and_sent_once(three: Changelog) -> None:
    def kept(kind: str) -> KeptNotice:
        return KeptNotice(run_id=3, kind=kind, at=AT, notice=f'{{"kind":"{kind}"}}')

    with writing(three) as session:
        for kind in ("run.held", "quiet", "run.held"):
            session.notices.queue(kept(kind))
        [(first, text), (_, _)] = session.notices.list_unsent()
        assert text == '{"kind":"run.held"}'
        session.notices.mark_sent([first], AT)
        session.notices.queue(kept("run.held"))
    assert read(three, lambda session: session.notices.count_unsent()) == 1


def test_notices_without_a_run_are_kept_each_and_the_last_is_found(three: Changelog) -> None:
    with writing(three) as session:
        for number, kind in enumerate(("snapshot.refused", "snapshot.refused", "quiet")):
            notice = f'{{"number":{number}}}'
            session.notices.queue(KeptNotice(run_id=None, kind=kind, at=AT, notice=notice))
        assert session.notices.count_unsent() == 3
        assert session.notices.find_last(["snapshot.refused"]) == '{"number":1}'
        assert session.notices.find_last(["snapshot.refused", "quiet"]) == '{"number":2}'
        assert session.notices.find_last(["run.held"]) is None


def test_a_notice_is_claimed_by_one_until_the_claim_expires_or_is_given_up(
    three: Changelog,
) -> None:
    early, now, later = (f"2024-03-06T05:0{n}:00+00:00" for n in (0, 1, 2))
    with writing(three) as session:
        for kind in ("run.held", "quiet"):
            session.notices.queue(KeptNotice(run_id=3, kind=kind, at=AT, notice="{}"))
        notices = session.notices
        first, second = (number for number, _ in notices.list_unsent())
        assert notices.claim([first], early, now) == [first]
        assert notices.claim([first, second], early, later) == [second]
        assert notices.claim([first, second], now, later) == [first]
        notices.unclaim([first], now)  # whose claim of `first` has expired: another has it
        assert notices.claim([first], now, later) == []
        notices.unclaim([second], later)
        notices.mark_sent([first], now)
        assert notices.claim([first, second], now, later) == [second]
        assert notices.claim([first, second], later, later) == [second]


def unit(sor_id: SorId, name: str) -> Unit:
    return Unit(sor_id=sor_id, kind=Kind.OWNER, name=name)


def test_the_register_is_what_was_written_last(three: Changelog) -> None:
    lists = {"T": Classification(name="T", serves="unit_type", entries={"1": Entry(code="1")})}
    with writing(three) as session:
        session.state.write_units([unit(UNIT, "a"), unit(OTHER, "b")], [])
        session.state.write_lists(lists)
        session.state.write_units([unit(UNIT, "c")], [OTHER])
        session.state.write_lists({"U": Classification(name="U")})
    with three.open_to_read() as session:
        assert session.state.read_units() == {UNIT: unit(UNIT, "c")}
        assert session.state.read_units([OTHER, UNIT]) == {UNIT: unit(UNIT, "c")}
        assert session.state.read_briefly([UNIT])[UNIT].name == "c"
        assert session.state.read_lists() == {**lists, "U": Classification(name="U")}
        register = session.state.open_register(header(2))
        assert register is None or dict(register.units) == {UNIT: unit(UNIT, "c")}


def test_prepared_units_are_written_as_others_are(three: Changelog) -> None:
    came = [unit(SorId(str(number)), f"Æ{number}") for number in range(5)]
    with three.open_to_write() as session, session.transaction():
        session.state.write_units([unit(UNIT, "a"), unit(OTHER, "b")], [])
        made = PreparedUnits(
            ids=frozenset(each.sor_id for each in came),
            parts=(session.state.prepare(came[:2]), session.state.prepare(came[2:])),
        )
        assert len(session.state.read_units()) == 2  # to prepare them writes nothing
        changed = [unit(UNIT, "c"), unit(SorId("new"), "d")]
        new = frozenset({SorId("new")})
        session.state.write_units(changed, [OTHER], created=new, prepared=made)
        session.runs.record(4, new_run(4), PreparedEvents(count=0, digest="", parts=()))
    with three.open_to_read() as reading:
        expected = [*came, *changed]
        assert reading.state.read_units() == {each.sor_id: each for each in expected}


@pytest.mark.parametrize("many_are_future", [False, True])
def test_open_units_are_counted_on_any_day(
    three: Changelog, monkeypatch: pytest.MonkeyPatch, many_are_future: bool
) -> None:
    monkeypatch.setattr(stored_register, "_FEW_FUTURE", 0 if many_are_future else 20_000)
    days = [None, *(Day(f"2024-03-{number:02d}") for number in (2, 4, 6))]
    spans = [*itertools.product(days, days)]
    units = [
        msgspec.structs.replace(unit(SorId(f"{n}"), "a"), first_from=first, to=to)
        for n, (first, to) in enumerate(spans)
    ]
    with writing(three) as session:
        session.state.write_units(units, [])
    with three.open_to_read() as session:
        then = header(2).snapshot_date
        known = sum(one.state(then) is State.OPEN for one in units)
        for register in (
            session.state.open_register(header(2)),
            session.state.open_register(header(2), known),
        ):
            for day in (Day(f"2024-03-{number:02d}") for number in range(1, 8)):
                open_units = sum(one.state(day) is State.OPEN for one in units)
                assert register is None or register.count_open_on(day) == open_units


def test_history_remembers_ids_and_owners(three: Changelog) -> None:
    day = Day("2024-03-02")
    with writing(three) as session:
        session.state.remember_units([UNIT], 1)
        session.state.remember_units([UNIT, OTHER], 2)
        session.state.record_owners(1, day, gone=[], come=[(NUMBER, UNIT), (NUMBER, OTHER)])
        session.state.record_owners(2, day, gone=[(NUMBER, UNIT), (NUMBER, OTHER)], come=[])
    with three.open_to_read() as session:
        assert session.history.find_known([OTHER, SorId("9")]) == {OTHER}
        assert session.history.find_known([]) == frozenset()
        earlier = session.history.earlier_owner(NUMBER, frozenset())
        assert earlier is not None
        assert (earlier.unit_id, earlier.released) == (UNIT, day)
        other = session.history.earlier_owner(NUMBER, frozenset({UNIT}))
        assert other is not None
        assert other.unit_id == OTHER
        assert session.history.earlier_owner(Gln("1"), frozenset()) is None
        assert session.state_changes.read_known_keys(1) == ({UNIT}, {NUMBER})


def test_state_changes_tell_when_a_record_last_changed(three: Changelog) -> None:
    with writing(three) as session:
        session.state_changes.record_all(1)
        session.state_changes.record_keys(2, units=[UNIT], numbers=[NUMBER])
        session.runs.record(4, new_run(4), lines(4, 1))
        session.state_changes.record_keys(4, units=[UNIT, OTHER], numbers=[])
    with three.open_to_read() as session:
        changes = session.state_changes
        between = changes.read_between(1, 2)
        assert not between.whole
        assert between.units == frozenset[str]({UNIT})
        assert between.numbers == frozenset[str]({NUMBER})
        assert changes.read_between(0, 2).whole
        last = changes.read_last(4)
        first, second, fourth = (
            ReachedRun(sequence, header(number).created_at)
            for sequence, number in ((0, 1), (2, 2), (3, 4))
        )
        assert (last.whole, last.numbers) == (first, {NUMBER: second})
        assert last.units == {UNIT: fourth, OTHER: fourth}
        assert changes.read_last(4, after_run=2).numbers == {}
        assert changes.read_last(2).units == {UNIT: second}, "run 4 comes later"


def test_a_record_that_stood_before_runs_were_adopted_has_their_last_sequence(
    three: Changelog,
) -> None:
    """Else whoever applies later sequences only would leave it out."""
    with writing(three) as session:
        session.state_changes.record_keys(2, units=[UNIT], numbers=[])
        session.identity.adopt(["them"], 40, AT)
        session.identity.adopt(["others"], 30, AT)
    assert read(three, lambda session: session.identity.read_adopted_sequence()) == 40
    last = read(three, lambda session: session.state_changes.read_last(2).units[UNIT])
    assert last == ReachedRun(40, header(2).created_at)


@pytest.fixture
def queued(three: Changelog) -> Changelog:
    """A whole run, a silent one, and a message."""
    with writing(three) as session:
        session.outbox.queue(1, "state", "1")
        session.outbox.queue(2, "run", "2")
        session.outbox.queue(3, "run.held", "3", '{"held":3}')
        session.outbox.queue(2, "run", "again")
    return three


def kinds(changelog: Changelog, sink: str) -> list[str]:
    return read(changelog, lambda s: [row.kind for row in s.outbox.of_sink(sink).list_waiting()])


def test_everything_waits_for_a_new_sink(queued: Changelog) -> None:
    with queued.open_to_read() as session:
        rows = session.outbox.of_sink("a").list_waiting()
        assert [row.kind for row in rows] == ["state", "run", "run.held"]
        assert [row.id for row in rows] == sorted(row.id for row in rows)
        assert (rows[2].message, rows[1].recorded_at, rows[1].source) == (
            '{"held":3}',
            "2",
            "urn:test",
        )
        waiting = session.outbox.of_sink("a").count_backlog()
    assert (waiting.begun, waiting.runs, waiting.events, waiting.messages) == (False, 1, 2, 1)
    assert (waiting.oldest, waiting.attempted) == ("2", None)


def test_each_sink_has_its_own_marks(queued: Changelog) -> None:
    with writing(queued) as session:
        a, b = session.outbox.of_sink("a"), session.outbox.of_sink("b")
        b.register("1")
        a.register("2")
        b.register("3")
        [_, row, _] = a.list_waiting()
        a.mark_attempted([row.id], AT)
        a.mark_published([row.id], AT)
        a.mark_silent(1, AT)
        b.mark_attempted([row.id], "2023")
        b.mark_attempted([row.id], AT)
    assert kinds(queued, "a") == ["run.held"]
    assert kinds(queued, "b") == ["state", "run", "run.held"]
    with queued.open_to_read() as session:
        a, b = session.outbox.of_sink("a"), session.outbox.of_sink("b")
        assert [row.kind for row in a.list_published({"run", "run.held"})] == ["run"]
        assert [row.kind for row in a.list_published()] == ["state", "run"]
        assert b.list_published({"run"}) == []
        assert session.outbox.list_sinks() == ["b", "a"], "in the order of their first use"
        assert session.outbox.is_published(2, "run")
        assert not session.outbox.is_published(3, "run.held")
        assert session.outbox.find_published_elsewhere("b", {2, 3}) == (2, "a")
        assert session.outbox.find_published_elsewhere("a", {2}) is None
        assert (a.find_last_state_written(3), b.find_last_state_written(3)) == (2, 0)
        assert (b.count_backlog().begun, b.count_backlog().attempted) == (True, AT)


def test_a_sink_can_be_forgotten(queued: Changelog) -> None:
    with writing(queued) as session:
        for sink in (session.outbox.of_sink("a"), session.outbox.of_sink("b")):
            sink.register(AT)
            sink.queue_anew(2, "whole state", AT)
            sink.mark_published([row.id for row in sink.list_waiting()], AT)
            sink.note_read(READ)
        session.outbox.of_sink("a").forget()
    assert read(queued, lambda s: s.outbox.of_sink("a").find_read()) is None
    assert kinds(queued, "a") == ["state", "run", "run.held"], "as for a new sink"
    assert kinds(queued, "b") == []
    with queued.open_to_read() as session:
        assert session.outbox.list_sinks() == ["b"]
        assert session.outbox.find_published_elsewhere("b", {2, 3}) is None


def test_how_far_a_sink_was_read_is_noted_for_each(queued: Changelog) -> None:
    with writing(queued) as session:
        a, b = session.outbox.of_sink("a"), session.outbox.of_sink("b")
        a.note_read(READ)  # it is not known yet
        assert a.find_read() is None
        a.register("1")
        b.register("2")
        a.note_read(READ)
        assert (a.find_read(), b.find_read()) == (READ, None)
        a.note_read(None)
        assert a.find_read() is None


def test_the_row_of_what_was_published_is_found(queued: Changelog) -> None:
    with writing(queued) as session:
        a, b = session.outbox.of_sink("a"), session.outbox.of_sink("b")
        a.register("1")
        [_, row, held] = a.list_waiting()
        a.mark_published([row.id], AT)
        assert a.find_published(2, "run") == row.id
        assert a.find_published(3, "run.held") is None, "it waits"
        assert a.find_published(held.run_id, "run") is None, "another kind"
        assert b.find_published(2, "run") is None, "another sink"


def test_a_row_can_be_for_one_sink_alone(queued: Changelog) -> None:
    with writing(queued) as session:
        a = session.outbox.of_sink("a")
        a.register("1")
        a.queue_anew(2, "whole state", AT)
        a.mark_published([a.list_waiting()[-1].id], AT)
        assert [row.kind for row in a.list_waiting()] == ["state", "run", "run.held"]
        a.queue_anew(2, "whole state", AT)
    assert kinds(queued, "a") == ["state", "run", "run.held", "whole state"]
    assert kinds(queued, "b") == ["state", "run", "run.held"]


def test_a_run_that_is_withheld_is_silent(queued: Changelog) -> None:
    with writing(queued) as session:
        session.outbox.queue(2, "alert.raised", AT, "{}")
        session.outbox.withhold([2])
    assert kinds(queued, "a") == ["state", "state", "run.held"]
    with writing(queued) as session:
        session.outbox.queue(2, "run.retracted", AT, "{}")
        a = session.outbox.of_sink("a")
        a.register("1")
        a.mark_published([a.list_waiting()[-1].id], AT)
        session.outbox.withhold([2])
    assert kinds(queued, "b")[-1] == "run.retracted", "others are told what one was told"
    assert not read(queued, lambda session: session.runs.get(2).publish)


def test_a_night_of_a_history_is_a_run_where_a_sink_demands_it(queued: Changelog) -> None:
    with writing(queued) as session:
        a, b = session.outbox.of_sink("a"), session.outbox.of_sink("b")
        a.register("1")
        b.register("1")
        for sink in (a, b):  # its state went out before it was demanded
            sink.queue_anew(1, "whole state", AT)
            sink.mark_published([sink.list_waiting()[-1].id], AT)
            sink.mark_silent(1, AT)
        a.demand_histories([1])
    assert kinds(queued, "a") == ["run", "run", "run.held"], "before what came after it"
    assert kinds(queued, "b") == ["run", "run.held"]
    with writing(queued) as session:
        a, b = session.outbox.of_sink("a"), session.outbox.of_sink("b")
        assert (a.count_backlog().runs, b.count_backlog().runs) == (2, 1)
        assert (a.is_beyond_events(2), b.is_beyond_events(2)) == (False, True)
        assert a.find_whole_state_written() == b.find_whole_state_written() == 1
        assert not session.outbox.is_published(1, "run")
        a.mark_published([a.list_waiting()[0].id], AT)
        assert [row.run_id for row in a.list_published({"run"})] == [1]
        assert session.outbox.is_published(1, "run")
        assert session.outbox.find_published_elsewhere("b", {1}) == (1, "a")
        session.outbox.withhold([1])
    assert kinds(queued, "a") == ["run", "run.held"], "its state is there"
    assert read(queued, lambda s: s.outbox.find_published_elsewhere("b", {1})) is None


def test_a_run_says_beyond_events_in_one_sink(queued: Changelog) -> None:
    with writing(queued) as session:
        session.runs.record(4, new_run(4), lines(4, 1))
        session.outbox.queue(4, "run", AT)
        a = session.outbox.of_sink("a")
        a.register("1")
        a.expect_beyond_events(expected=True)
        a.mark_attempted([a.list_waiting()[-1].id], AT)
        a.mark_beyond_events(4)
    with queued.open_to_read() as session:
        a, b = session.outbox.of_sink("a"), session.outbox.of_sink("b")
        assert (a.expects_beyond_events(), b.expects_beyond_events()) == (True, False)
        assert (a.is_beyond_events(4), b.is_beyond_events(4)) == (True, False)
        assert b.is_beyond_events(2), "run 1 before it is silent"


def test_an_adopted_name_is_no_longer_its_own(three: Changelog) -> None:
    with writing(three) as session:
        me = session.identity.find_own_name()
        assert me is not None
        session.identity.adopt([me, "them"], 40, AT)
        assert session.identity.find_own_name() is None
        session.identity.give_name("me again", AT)
    with three.open_to_read() as session:
        assert session.identity.find_own_name() == "me again"
        assert session.identity.read_adopted_names() == {me, "them"}
        assert session.identity.read_adopted_sequence() == 40
        assert session.sequences.next() == 41


def test_a_changelog_keeps_its_name_and_its_source(three: Changelog) -> None:
    name = read(three, lambda session: session.identity.find_own_name())
    with writing(three) as session:
        session.identity.give_source("urn:test")
    told = read(three, lambda s: (s.identity.find_source(), s.identity.find_own_name()))
    assert told == ("urn:test", name)


def test_what_is_written_in_a_copy_is_gone(three: Changelog) -> None:
    with three.open_copy() as copy, copy.transaction():
        assert copy.runs.exists(3)
        copy.runs.record(4, new_run(4), [])
    assert not read(three, lambda session: session.runs.exists(4))


def test_a_copy_of_none_is_empty(changelog: Changelog) -> None:
    with changelog.open_copy() as copy:
        assert not list(copy.runs.iterate())
    with pytest.raises(ChangelogMissing), changelog.open_to_read():
        pass


def test_what_is_read_is_of_one_moment(three: Changelog) -> None:
    with three.open_at_one_moment() as reader:
        assert not reader.runs.exists(4)
        with writing(three) as session:
            session.runs.record(4, new_run(4), [])
        assert not reader.runs.exists(4)
    assert read(three, lambda session: session.runs.exists(4))


def test_who_writes_can_read_at_one_moment_before(three: Changelog) -> None:
    with three.open_to_write() as session:
        with session.read_at_one_moment():
            assert not session.runs.exists(4)
            with writing(three) as other:
                other.runs.record(4, new_run(4), [])
            assert not session.runs.exists(4)
        assert session.runs.exists(4)
        with session.transaction():
            session.runs.record(5, new_run(5), [])
    assert read(three, lambda session: session.runs.exists(5))


def test_a_new_changelog_takes_its_place_whole_or_not_at_all(changelog: Changelog) -> None:
    with pytest.raises(ZeroDivisionError), changelog.build() as new:  # noqa: PT012  # what it undoes
        with writing(new) as session:
            session.runs.record(1, new_run(1), [])
        1 / 0  # noqa: B018  # what went wrong
    with pytest.raises(ChangelogMissing):
        read(changelog, lambda session: session.runs.find(1))
    with changelog.build() as new:
        with writing(new) as session:
            session.runs.record(1, new_run(1), [])
            session.identity.take_name("the old one", AT)
            session.sequences.skip_to(10)
            session.sequences.skip_to(5)
        with pytest.raises(ChangelogMissing):
            read(changelog, lambda session: session.runs.find(1))
    changelog.demand_sound()
    assert read(changelog, lambda session: session.runs.exists(1))
    assert read(changelog, lambda session: session.identity.find_own_name()) == "the old one"
    assert read(changelog, lambda session: session.sequences.next()) == 10
    with pytest.raises(ChangelogFailed), changelog.build():
        pass


def test_one_writes_and_one_publishes_into_each_sink(changelog: Changelog) -> None:
    with changelog.lock_writer(), changelog.lock_publisher("a"), changelog.lock_publisher("b"):
        for lock in (changelog.lock_writer, lambda: changelog.lock_publisher("a")):
            with pytest.raises(Locked), lock():
                pass
    with changelog.lock_writer(), changelog.lock_publisher("a"):
        pass


def test_a_wrong_run_and_its_correction(three: Changelog) -> None:
    """A corrected run is of the day of its correction, so that days cut the runs into stretches."""
    with writing(three) as session:
        session.decisions.decide(session.runs.get(3), "rejected", DECISION)
        session.runs.record(4, new_run(20, compared_with=2), lines(4, 1))
        right = new_run(4, kind="correction", compared_with=4, corrects=4, nights=0)
        session.runs.record(5, right, lines(5, 1))
        session.runs.record(6, new_run(6, compared_with=5), lines(6, 1))
        session.decisions.retract(session.runs.get(6), DECISION)
        session.runs.record(7, new_run(7, compared_with=6), lines(7, 1))
        session.decisions.retract(session.runs.get(6), Decision(user="x", at=AT, reason="later"))
    with three.open_to_read() as session:
        runs = session.runs
        assert [run.corrected_by for run in runs.iterate()] == [
            None,
            None,
            None,
            5,
            None,
            None,
            None,
        ]
        assert (runs.get(5).corrects, runs.get(5).kind) == (4, "correction")
        retracted = runs.get(6)
        assert (retracted.retracted_at, retracted.retracted_by) == (AT, "tester")
        assert (retracted.retracted_reason, retracted.state) == ("for the test", "accepted")
        assert [run.id for run in runs.list_ordinary(9)] == [2]
        valid, last = runs.find_last_valid(), runs.find_last_accepted()
        assert (valid and valid.id, last and last.id) == (7, 7)
        days = [Day(f"2024-03-{day:02d}") for day in (1, 2, 4, 6, 20)]
        found = [[run.id for run in runs.list_accepted(day, day)] for day in days]
        assert found == [[1], [2], [4, 5], [6], []]
        assert [run.id for run in runs.list_accepted(days[1], days[3])] == [2, 4, 5, 6]
        by = [runs.find_last_accepted_by(day) for day in (*days, Day("2024-02-01"))]
        assert [run and run.id for run in by] == [1, 2, 5, 6, 7, None]
        told = runs.find_told(header(20).created_at, header(4).created_at)
        assert told is not None
        assert told.id == 5
        assert runs.find_told(header(4).created_at, header(20).created_at) is None


def test_coverage_belongs_to_a_run(three: Changelog) -> None:
    night = Coverage(Counter({("shak", Kind.INSTITUTION): 7, ("other/{urn:x}A", Kind.OWNER): 2}))
    held = Coverage(Counter({("shak", Kind.INSTITUTION): 1}))
    with writing(three) as session:
        session.coverage.record(2, night, {"shak": ("A", "B/C"), "contact/email": ("Æ",)})
        session.coverage.record(3, held, {})
    found = read(three, lambda session: [session.coverage.read(run) for run in (1, 2, 3)])
    assert found == [None, night, held]
    fields = read(three, lambda session: [session.coverage.read_fields(run) for run in (1, 2, 3)])
    assert fields == [{}, {"shak": ("A", "B/C"), "contact/email": ("Æ",)}, {}]


def test_a_failed_transaction_leaves_no_coverage(three: Changelog) -> None:
    def fail() -> None:
        with writing(three) as session:
            session.coverage.record(2, Coverage(Counter({("shak", Kind.OWNER): 1})), {"to": ("A",)})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert read(three, lambda session: session.coverage.read(2)) is None
    assert read(three, lambda session: session.coverage.read_fields(2)) == {}


def test_a_list_is_kept_until_it_is_removed(three: Changelog) -> None:
    kept = KeptList(name="partners", source="p.csv", kept_at=AT, rule=ListRule(regions=("1084",)))
    with writing(three) as session:
        session.kept_lists.keep(kept)
        session.kept_lists.keep(msgspec.structs.replace(kept, name="others"))
        session.kept_lists.mark_told("partners", 2)
        session.kept_lists.mark_told("nobody", 2)
    assert read(three, lambda session: session.kept_lists.list_names()) == ["others", "partners"]
    found = read(three, lambda session: session.kept_lists.find("partners"))
    assert found == msgspec.structs.replace(kept, told_run=2)
    with writing(three) as session:
        assert session.kept_lists.remove("partners")
        assert not session.kept_lists.remove("partners")
        session.kept_lists.keep(msgspec.structs.replace(kept, name="others", source="new"))
    assert read(three, lambda session: session.kept_lists.find("partners")) is None
    again = read(three, lambda session: session.kept_lists.find("others"))
    assert again is not None
    assert again.source == "new"
