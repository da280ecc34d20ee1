"""`sordiff diff`: compare two snapshots and touch nothing else."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from sordiff.alerts import Alert
from sordiff.anomalies.dates import find_date_alerts
from sordiff.coverage.vanished import find_vanished_fields, keep_vanished_fields
from sordiff.diff import Changeset, compare
from sordiff.errors import InternalContradiction, Problem, SnapshotRefused
from sordiff.events import Event
from sordiff.interpret import History, interpret
from sordiff.model import Header
from sordiff.replay import Adoption, derive_adoptions, derive_root_adoptions
from sordiff.service.ingest.alerts import (
    Past,
    find_night_alerts,
    gather_night_facts,
    gather_register_facts,
)
from sordiff.service.ingest.read_snapshot import (
    WHOLE,
    apply_settings,
    build_register,
    read_with_settings,
)
from sordiff.service.ingest.registers import NightPair, pair_touched_nights
from sordiff.service.ingest.table_nights import (
    demand_kind,
    fill_snapshot,
    fill_touched_snapshot,
    split_day,
)
from sordiff.settings import Settings
from sordiff.snapshot import KnownRecords, ReadOptions, Snapshot, UnsureError
from sordiff.wire import Origin

Result = TypeVar("Result")


class Comparison(Struct, frozen=True, kw_only=True):
    """Two nights compared: what differs, what it means, and what has no event.

    `warnings` are what people must hear of beside the events; `alerts` what the rules say of them,
    of which a critical one would hold the run.
    """

    changes: Changeset
    events: tuple[Event, ...]
    adoptions: tuple[Adoption, ...] = ()
    origin: Origin
    warnings: tuple[str, ...]
    alerts: tuple[Alert, ...] = ()


def compare_files(  # noqa: PLR0913, two files, and how they are read, judged and told
    old_path: Path,
    new_path: Path,
    settings: Settings,
    use: Callable[[Comparison], Result],
    how: ReadOptions = WHOLE,
    *,
    now: str | None = None,
) -> Result:
    """Read both, refuse a NEW that is older, compare, and give what `use` makes of it.

    The units are read where `use` asks for them, and both files are then looked at again: what it
    gives must be complete, so that nothing is told of a file to which somebody wrote meanwhile. It
    is asked a second time where the plain road must read the files. `now` (ISO 8601) is what the
    days are held against.
    """
    if not how.plain:
        from sordiff.snapshot import read_pair  # a night does without

        (first, first_day), (second, second_day) = split_day(old_path), split_day(new_path)
        options, days = apply_settings(how, settings), (first_day, second_day)
        with suppress(UnsureError), read_pair(first, second, options, days) as pair:
            _refuse_older(pair.old, pair.new)
            new = fill_touched_snapshot(pair.new, pair.register)
            nights = pair_touched_nights(pair.register, new)
            return use(_compare_snapshots(pair.old, new, nights, settings, now))
    # What both files have is read once, and kept once.
    known = msgspec.structs.replace(how, known=KnownRecords())
    old, new = (
        read_with_settings(old_path, settings, known),
        read_with_settings(new_path, settings, known),
    )
    del known
    _refuse_older(old, new)
    before = build_register(old)
    demand_kind(new, before.version, "Compare two files of one kind.")
    new = fill_snapshot(new, before)
    nights = NightPair(old=before, tonight=build_register(new), deeply=how.plain)
    return use(_compare_snapshots(old, new, nights, settings, now))


def _compare_snapshots(
    old: Snapshot, new: Snapshot, nights: NightPair, settings: Settings, now: str | None
) -> Comparison:
    """With the alerts, and with what the root elements hold."""
    comparison = compare_nights(nights, new, settings)
    changes, events = comparison.changes, comparison.events
    alerts = find_night_alerts(
        changes,
        events,
        gather_night_facts(changes, events, new.header),
        Past(runs=[gather_register_facts(nights.old, old.header)]),
        settings,
    )
    odd = find_date_alerts(new.header, now, changes.nights - 1)
    beside = derive_root_adoptions(old.header.other, new.header.other)
    return msgspec.structs.replace(
        comparison,
        alerts=(*odd, *alerts),
        adoptions=(*comparison.adoptions, *beside),
        warnings=(*comparison.warnings, *_warn_of_one_instant(changes, old.header, new.header)),
    )


def _warn_of_one_instant(changes: Changeset, old: Header, new: Header) -> list[str]:
    """Of two files of one instant nobody can say which one is the correction of the other."""
    if is_later(new, old) or not (changes.touched or changes.entries):
        return []
    return [f"both are of {new.created_at}: `sordiff ingest` would refuse the second one"]


def _refuse_older(old: Snapshot, new: Snapshot) -> None:
    if is_later(old.header, new.header):
        message = f"it is older ({new.header.created_at}) than OLD ({old.header.created_at})"
        problem = Problem(code="order", message=message, file=new.file)
        raise SnapshotRefused(new.file, (problem,), advice="Swap the two: sordiff diff OLD NEW.")


def is_later(one: Header, other: Header) -> bool:
    """Whether the first snapshot comes after the other: by SnapshotDate, then by the instant."""
    return (one.snapshot_date, one.instant) > (other.snapshot_date, other.instant)


def compare_nights(
    nights: NightPair, snapshot: Snapshot, settings: Settings, history: History | None = None
) -> Comparison:
    """Compare two registers, and prove that the events lead from one to the other.

    The later one is that of the snapshot.
    """
    told = interpret_nights(nights, snapshot, settings, history)
    adoptions = prove_events(told.changes, told.events, order_known=nights.order_known)
    return msgspec.structs.replace(told, adoptions=adoptions)


def interpret_nights(
    nights: NightPair, snapshot: Snapshot, settings: Settings, history: History | None = None
) -> Comparison:
    """The same without the proof, and without the adoptions that it finds."""
    changes = compare(
        nights.old,
        nights.tonight,
        nights.presence,
        deeply=nights.deeply,
        order_known=nights.order_known,
    )
    events = interpret(_leave_out_vanished(changes, nights, settings), history)
    return Comparison(
        changes=changes,
        events=events,
        origin=Origin(
            source=settings.source,
            created_before=nights.old.created_at,
            created_after=snapshot.header.created_at,
        ),
        warnings=(*snapshot.warnings, *_warnings(changes)),
    )


def _leave_out_vanished(changes: Changeset, nights: NightPair, settings: Settings) -> Changeset:
    """What events are made of: what vanished with a version tells none."""
    vanished = find_vanished_fields(changes, settings.anomalies.coverage.least)
    if not vanished:
        return changes
    standing = keep_vanished_fields(nights.tonight, nights.old, vanished)
    return compare(nights.old, standing, deeply=nights.deeply, order_known=nights.order_known)


def prove_events(
    changes: Changeset, events: Iterable[Event], *, order_known: bool
) -> tuple[Adoption, ...]:
    """The adoptions; InternalContradiction where an event is missing.

    Within one version every difference of a unit must be in some event, but for the order of
    specialities, where the older register does not know it.
    """
    adoptions = derive_adoptions(changes, events)
    unexplained = [
        adoption
        for adoption in adoptions
        if "/" not in adoption.subject and (order_known or adoption.path != "specialities")
    ]
    whole = [a for a in unexplained if not a.path]
    if whole or (unexplained and not changes.across_versions):
        first = unexplained[0]
        message = (
            f"sordiff contradicts itself: no event explains {first.path or 'the presence'} of "
            f"{first.subject}."
        )
        raise InternalContradiction(message, advice="Nothing was recorded; please report this.")
    return adoptions


def _warnings(changes: Changeset) -> list[str]:
    if not changes.missing_lists:
        return []
    if not (changes.new.lists.keys() - changes.missing_lists):
        return ["no classifications came with this snapshot; the last known ones stay"]
    listed = ", ".join(changes.missing_lists)
    return [f"classifications missing in this snapshot, their last entries stay: {listed}"]
