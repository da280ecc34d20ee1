"""What nights changed of a list of one's own: a notice a night, to whoever the list is for."""

import shlex
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.changelog.records import KeptNotice
from sordiff.events import Event
from sordiff.model import SorId
from sordiff.notices.notice import Notice
from sordiff.notices.settings import NoticeSettings
from sordiff.reconcile.kept_list import KeptList
from sordiff.replay import list_concerned
from sordiff.report import RecordedRun
from sordiff.service.reconcile.members import find_members
from sordiff.wire import encode_canonically

_ACCEPTED = frozenset({"accepted", "released"})
# So many units a notice names.
_NAMED = 10


def queue_list_notices(
    changelog: QueryableChangelog,
    settings: NoticeSettings,
    *,
    now: str,
    database: Path | None = None,
) -> tuple[str, ...]:
    """Write the notices of the runs accepted since the last call; a sentence for what is missing.

    Lists without an entry in [notices.lists] are told of to nobody. `database`: the whole path of
    the changelog, for commands in notices that can be copied.
    """
    if not settings.lists:
        return ()
    failures = []
    with changelog.open_to_query() as session:
        told: list[tuple[str, int, list[Notice]]] = []
        last = session.runs.find_last_accepted()
        for name in settings.lists:
            kept = session.kept_lists.find(name)
            if kept is None:
                failures.append(f"[notices.lists.{name}]: there is no list {name}")
            elif last is not None and (kept.told_run or 0) < last.id:
                told.append((name, last.id, list(_notices(session, kept, last.id, now, database))))
    if told:
        with changelog.open_to_publish() as writing, writing.transaction():
            for name, run_id, notices in told:
                for notice in notices:
                    writing.notices.queue(_kept(notice))
                writing.kept_lists.mark_told(name, run_id)
    return tuple(failures)


def _kept(notice: Notice) -> KeptNotice:
    """Of a run and a list there is one."""
    return KeptNotice(
        run_id=notice.run_id,
        kind=f"{notice.kind}/{notice.list}",
        at=notice.at,
        notice=encode_canonically(notice).decode(),
    )


def _notices(
    session: QuerySession, kept: KeptList, last_run: int, now: str, database: Path | None
) -> Iterator[Notice]:
    members = find_members(session, kept)
    for run_id in range((kept.told_run or 0) + 1, last_run + 1):
        run = session.runs.find(run_id)
        if run is None or run.state not in _ACCEPTED:
            continue
        events = [event for event in session.events.read(run_id)[0] if members.concerns(event)]
        if events:
            yield _notice(run, kept, events, members.units, now, database)


def _notice(  # noqa: PLR0913, PLR0917  # the parts of a notice
    run: RecordedRun,
    kept: KeptList,
    events: Sequence[Event],
    members: frozenset[SorId],
    now: str,
    database: Path | None,
) -> Notice:
    name, day = kept.name, str(run.header.snapshot_date)
    counts = Counter(event.name for event in events)
    told = ", ".join(f"{event} {count}" for event, count in counts.items())
    units = {one for event in events for one in list_concerned(event)} & members
    where = "" if database is None else f" --db {shlex.quote(str(database))}"
    commands = [f"sordiff report --run {run.id} --list {shlex.quote(name)}{where}"]
    if kept.rule is None:  # a rule is always true
        commands.append(f"sordiff reconcile {shlex.quote(name)}{where}")
    return Notice(
        kind="list.changed",
        run_id=run.id,
        day=day,
        severity="info",
        title=f"SOR {day}: {len(units)} units of the list {name} changed",
        text=f"Run {run.id} tells {len(events)} events that concern the list {name}: {told}."
        f" Units: {_name_units(events, units)}.",
        commands=tuple(commands),
        at=now,
        list=name,
    )


def _name_units(events: Sequence[Event], units: Collection[SorId]) -> str:
    """The first units by their names, in the order in which they are told of."""
    names = {event.data.unit.id: event.data.unit.name for event in events if event.data.unit}
    told = dict.fromkeys(one for event in events for one in list_concerned(event) if one in units)
    shown = [f"{names[one]} ({one})" if names.get(one) else one for one in told]
    more = [f"+{len(shown) - _NAMED}"] if len(shown) > _NAMED else []
    return ", ".join(shown[:_NAMED] + more) or "–"
