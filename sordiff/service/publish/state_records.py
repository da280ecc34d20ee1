"""The records of the state topics: those that a run changed, or all of them.

A record says what stands, with nothing of the night in it. Its sequence is the last one that had
been given when the last run that changed any part of it was accepted; its time is that run's.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final

from msgspec import Struct

from sordiff.changelog import Session
from sordiff.changelog.records import LastChange, ReachedRun
from sordiff.event_sink import LOCATION_NUMBERS, UNITS, StateRecord, StateTopic
from sordiff.model import Gln, SorId
from sordiff.overlay import LazyRegister
from sordiff.register import Register
from sordiff.resolved import (
    LOCATION_NUMBER_STATE,
    UNIT_STATE,
    Resolver,
    StateKeys,
    keys_changed,
)
from sordiff.service.query.register_at import read_register_after
from sordiff.wire import build_type, encode_canonically

_UNIT_TYPE: Final = build_type(UNIT_STATE)
_NUMBER_TYPE: Final = build_type(LOCATION_NUMBER_STATE)
# From so many numbers on, one pass over all units is cheaper than the units below each owner.
_MANY_NUMBERS: Final = 50
# From so many records on, reading the whole register is cheaper than each unit when it is needed.
MANY_RECORDS: Final = 5_000


class AskedState(Struct, frozen=True, array_like=True):
    """Which records: those that the runs behind `after_run` changed, as `run_id` left them.

    Without `after_run` all that there are, and no tombstones.
    """

    run_id: int
    after_run: int | None = None


def build_state_records(session: Session, asked: AskedState) -> Iterator[StateRecord]:
    """The records that are asked for; units first, each by key."""
    if asked.after_run is None:
        return _all_records(session, asked.run_id, gone=False)
    return build_state_records_of_run(session, asked.run_id, after_run=asked.after_run)


def are_many_records(session: Session, asked: AskedState) -> bool:
    """Whether so many are asked for that the whole register is read."""
    whole = asked.after_run is None
    if asked.after_run is not None:
        changed = session.state_changes.read_between(asked.after_run, asked.run_id)
        if len(changed.units) + len(changed.numbers) >= MANY_RECORDS:
            return True
        whole = changed.whole
    return whole and session.runs.get(asked.run_id).units >= MANY_RECORDS


def record_changed_state(session: Session, run_id: int, keys: StateKeys | None) -> None:
    """Note which records an accepted run changed; with None, all there are."""
    if keys is None:
        session.state_changes.record_all(run_id)
        return
    session.state_changes.record_keys(run_id, units=keys.units, numbers=keys.numbers)


def record_released_state(
    session: Session, run_id: int, old: Register, new: Register, touched: Iterable[SorId]
) -> None:
    """The same for a run that was held: `touched` are the units that its events tell of."""
    keys = keys_changed(old, new, touched)
    session.state_changes.record_keys(run_id, units=keys.units, numbers=keys.numbers)


def build_state_records_of_run(
    session: Session, run_id: int, *, after_run: int | None = None
) -> Iterator[StateRecord]:
    """The records that an accepted run changed, as it left them; units first, each by key.

    `after_run` is the last run whose state was written, by default the one before: what the runs
    between changed comes along. After a baseline or rebaseline these are all records there are,
    and a tombstone for every key that once was and is gone.
    """
    before = session.runs.find_previous_accepted_id(run_id) if after_run is None else after_run
    changed = session.state_changes.read_between(before, run_id)
    if changed.whole:
        yield from _all_records(session, run_id, gone=True)
    elif changed.units or changed.numbers:
        few = len(changed.units) + len(changed.numbers) < MANY_RECORDS
        reader = _Reader(session, run_id, after_run=before, lazily=few)
        yield from reader.units(sorted(changed.units))
        yield from reader.numbers(sorted(changed.numbers))


def build_all_state_records(session: Session, *, gone: bool = False) -> Iterator[StateRecord]:
    """Every record as the last accepted run left it; `gone`: and a tombstone for what is no more.

    Nothing where no run was accepted yet.
    """
    last = session.runs.find_last_accepted()
    if last is not None:
        yield from _all_records(session, last.id, gone=gone)


def _all_records(session: Session, run_id: int, *, gone: bool) -> Iterator[StateRecord]:
    reader = _Reader(session, run_id)
    units: set[str] = set(reader.register.units)
    numbers: set[str] = set(reader.register.numbers())
    if gone:
        known_units, known_numbers = session.state_changes.read_known_keys(run_id)
        units |= known_units
        numbers |= known_numbers
    yield from reader.units(sorted(units))
    yield from reader.numbers(sorted(numbers))


class _Reader:
    """The register after a run, and when each of its records was last changed."""

    def __init__(
        self, session: Session, run_id: int, *, after_run: int = 0, lazily: bool = False
    ) -> None:
        self.register = read_register_after(session, session.runs.get(run_id), lazily=lazily)
        # Where later runs had to be undone, all units were read after all.
        self._holds_all = not isinstance(self.register, LazyRegister)
        self._resolver = Resolver(self.register)
        self._last: LastChange = session.state_changes.read_last(run_id, after_run=after_run)

    def units(self, keys: list[str]) -> Iterator[StateRecord]:
        """A record for each id, a tombstone where no such unit is there."""
        for key in keys:
            unit = self.register.units.get(SorId(key))
            value = None if unit is None else encode_canonically(self._resolver.unit_state(unit))
            reached = self._last.units.get(key, self._last.whole)
            yield _build_record(UNITS, key, value, _UNIT_TYPE, reached)

    def numbers(self, keys: list[str]) -> Iterator[StateRecord]:
        """A record for each number, a tombstone where no unit owns it."""
        if len(keys) > _MANY_NUMBERS and self._holds_all:
            self._resolver.count_heirs()
        for key in keys:
            number = Gln(key)
            owned = bool(self.register.owners_of(number))
            value = (
                encode_canonically(self._resolver.location_number_state(number)) if owned else None
            )
            reached = self._last.numbers.get(key, self._last.whole)
            yield _build_record(LOCATION_NUMBERS, key, value, _NUMBER_TYPE, reached)


def _build_record(
    topic: StateTopic, key: str, value: bytes | None, type_: str, reached: ReachedRun
) -> StateRecord:
    # A rebaseline gives no sequence: what tells two records apart is what they say.
    digest = blake2b(value or b"", digest_size=8).hexdigest()
    return StateRecord(
        topic=topic,
        key=key,
        value=value,
        id=f"{type_}/{key}/{reached.sequence}/{digest}",
        sequence=reached.sequence,
        time=reached.time,
        type=type_,
    )
