"""What two changelogs of the same nights do not tell alike, run by run."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

import msgspec
from msgspec.structs import asdict

from sordiff.changelog import Changelog, Session
from sordiff.changelog.records import EventQuery
from sordiff.report import RecordedRun, RunDifference, ToldOtherwise
from sordiff.wire import CloudEvent, find_short_name

# They follow from the events, or are compared with them; `warnings` are words of today.
_NOT_COMPARED: Final = frozenset({"digest", "first_sequence", "last_sequence", "warnings"})


def compare_changelogs(old: Changelog, new: Changelog) -> Iterator[RunDifference]:
    """Each run that is not the same in both, oldest first."""
    with old.open_at_one_moment() as before, new.open_at_one_moment() as after:
        for one, other in zip_longest(before.runs.iterate(), after.runs.iterate()):
            found = _compare(before, one, after, other)
            if found.fields or found.events or found.renumbered:
                yield found


def _compare(
    before: Session, old: RecordedRun | None, after: Session, new: RecordedRun | None
) -> RunDifference:
    there = old or new
    assert there is not None, "one of both is there"  # noqa: S101
    told = {} if old is None else _events_of(before, old.id)
    told_now = {} if new is None else _events_of(after, new.id)
    return RunDifference(
        run=there.id,
        day=there.header.snapshot_date,
        fields=_compare_fields(old, new),
        events=tuple(_compare_events(told, told_now)),
        renumbered=any(
            told[key].sequence != told_now[key].sequence for key in told.keys() & told_now.keys()
        ),
    )


def _compare_fields(old: RecordedRun | None, new: RecordedRun | None) -> dict[str, tuple[str, str]]:
    before, after = _fields_of(old), _fields_of(new)
    return {
        key: (before.get(key, ""), after.get(key, ""))
        for key in {**before, **after}
        if key not in _NOT_COMPARED and before.get(key) != after.get(key)
    }


def _fields_of(run: RecordedRun | None) -> dict[str, str]:
    return {} if run is None else {key: str(value) for key, value in asdict(run).items()}


def _compare_events(
    old: dict[str, CloudEvent], new: dict[str, CloudEvent]
) -> Iterator[ToldOtherwise]:
    for key in {**old, **new}:
        if key not in new:
            yield _told("gone", old[key])
        elif key not in old:
            yield _told("come", new[key])
        elif _data_of(old[key]) != _data_of(new[key]):
            yield _told("otherwise", new[key])


def _told(how: Any, event: CloudEvent) -> ToldOtherwise:
    return ToldOtherwise(how=how, type=find_short_name(event.type), subject=event.subject)


def _events_of(session: Session, run: int) -> dict[str, CloudEvent]:
    return {event.id: event for event in session.events.select(EventQuery(run=run))}


def _data_of(event: CloudEvent) -> dict[str, Any]:
    """The data without the place in the run, which moves with every other event."""
    data = msgspec.json.decode(event.data, type=dict[str, Any])
    data.pop("run", None)
    return data
