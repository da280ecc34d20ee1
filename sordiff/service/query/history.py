"""`sordiff history`: the life of a unit or of a location number, as the accepted runs told it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.changelog.register_index import RegisterIndex
from sordiff.events import Event, Subject
from sordiff.model import Gln, SorId, Unit
from sordiff.replay import Adoption
from sordiff.report import RecordedRun, UnitEntry
from sordiff.report.change import Difference
from sordiff.report.change_from_event import RecordedEvent, change_from_event
from sordiff.report.code_texts import CODED_FIELDS, collect_mentioned_codes
from sordiff.report.lookup_results import Life, LifeEntry, NonEventKind
from sordiff.report.referenced_units import list_named_units
from sordiff.service.query.show import build_unknown_subject
from sordiff.service.reconcile.continued import find_successor

# Whoever is removed now was removed in some run up to this.
_EVER = 2**63 - 1


def read_history(
    changelog: QueryableChangelog,
    subject: str,
    *,
    suggests: bool = True,
    index: RegisterIndex | None = None,
) -> Life:
    """All that was told of a SOR id or of a location number, oldest first.

    `suggests`: with who probably goes on in place of a unit that is gone; that may take a second
    without an `index` of today's register.
    """
    with changelog.open_to_query() as session:
        if session.ownership.find_first_run(SorId(subject)) is not None:
            life = _life(session, "unit", subject, _of_unit(session, SorId(subject)))
            if not suggests:
                return life
            return replace(life, successor=find_successor(session, SorId(subject), index))
        if session.ownership.is_number(Gln(subject)):
            entries = _of_number(session, Gln(subject))
            return _life(session, "location_number", subject, entries)
    raise build_unknown_subject(subject)


def _life(session: QuerySession, about: str, subject: str, entries: list[LifeEntry]) -> Life:
    days = _Days(session)
    told = sorted(
        (_with_way_back(entry, days.run(entry.run)) for entry in entries),
        key=lambda entry: (entry.run, entry.sequence or _EVER),
    )
    mentioned = {
        i for entry in told if entry.change is not None for i in list_named_units(entry.change)
    }
    mentioned |= {
        SorId(side)
        for entry in told
        for found in entry.differences
        if found.path == "owner"
        for side in (found.before, found.after)
        if side is not None
    }
    if about == "unit":
        mentioned.add(SorId(subject))
    return Life(
        about=about,
        id=SorId(subject),
        entries=tuple(told),
        units=_units(session, mentioned),
        unit_types=session.report.read_texts("unit_type"),
        specialities=session.report.read_texts("specialities"),
        lists=session.report.read_lists_serving(),
        codes=collect_mentioned_codes(
            (found for entry in told for found in _all_differences(entry)),
            {served: session.report.read_texts(served) for served in CODED_FIELDS},
        ),
    )


def _with_way_back(entry: LifeEntry, run: RecordedRun) -> LifeEntry:
    """With what was found out later about its run."""
    if not run.is_taken_back:
        return entry
    return replace(
        entry,
        corrected_by=run.corrected_by,
        retracted_by=run.retracted_by,
        retracted_reason=run.retracted_reason,
    )


def _all_differences(entry: LifeEntry) -> Iterator[Difference]:
    yield from entry.differences
    if entry.change is not None:
        yield from entry.change.differences


def _of_unit(session: QuerySession, sor_id: SorId) -> list[LifeEntry]:
    days = _Days(session)
    entries = [
        _entry_of_event(days, *found) for found in session.subjects.iterate_events_of_unit(sor_id)
    ]
    by_run: dict[int, list[Adoption]] = defaultdict(list)
    for run_id, adoption in session.subjects.iterate_adoptions(sor_id):
        by_run[run_id].append(adoption)
    entries += [_adopted(days.run(run_id), found) for run_id, found in by_run.items()]
    first = days.run(session.ownership.find_first_run(sor_id) or 0)
    if first.kind == "baseline":
        entries.append(_beside(first, NonEventKind.BASELINE))
    return entries


def _of_number(session: QuerySession, number: Gln) -> list[LifeEntry]:
    """The events of the number, and each coming or going of which its run told no event."""
    days = _Days(session)
    found = list(session.subjects.iterate_events(number, Subject.LOCATION_NUMBER))
    entries = [_entry_of_event(days, *event) for event in found]
    told = {run_id for run_id, _, _ in found}
    for span in session.ownership.list_owners(number):
        for run_id, before, after in (
            (span.first_run, None, span.unit_id),
            (span.released_run, span.unit_id, None),
        ):
            if run_id is not None and run_id not in told:
                run = days.run(run_id)
                kind = NonEventKind.BASELINE if run.kind == "baseline" else NonEventKind.TAKEN_OVER
                owner = Difference(path="owner", before=before, after=after)
                entries.append(_beside(run, kind, (owner,)))
    return entries


def _entry_of_event(days: "_Days", run_id: int, sequence: int, event: Event) -> LifeEntry:
    run = days.run(run_id)
    step = RecordedEvent(run=run_id, day=run.header.snapshot_date, event=event)
    return LifeEntry(
        day=run.header.snapshot_date, run=run_id, sequence=sequence, change=change_from_event(step)
    )


def _adopted(run: RecordedRun, adoptions: Iterable[Adoption]) -> LifeEntry:
    return _beside(run, NonEventKind.TAKEN_OVER, tuple(_differences(adoptions)))


def _differences(adoptions: Iterable[Adoption]) -> Iterator[Difference]:
    for adoption in adoptions:
        if adoption.path:
            yield Difference(path=adoption.path, before=adoption.before, after=adoption.after)
        else:
            before, after = (
                side and side.get("name") for side in (adoption.before, adoption.after)
            )
            yield Difference(path="", before=before, after=after)


def _beside(
    run: RecordedRun, kind: NonEventKind, differences: tuple[Difference, ...] = ()
) -> LifeEntry:
    return LifeEntry(day=run.header.snapshot_date, run=run.id, beside=kind, differences=differences)


def _units(session: QuerySession, ids: Iterable[SorId]) -> dict[SorId, UnitEntry]:
    """Units as they stand now; of one that is gone the name that it last had."""
    now = session.state.read_units(ids)
    found: dict[SorId, UnitEntry] = {}
    for sor_id in sorted(set(ids)):
        unit = now.get(sor_id) or session.report.find_last_record(sor_id, _EVER)
        found[sor_id] = _entry(unit, gone=sor_id not in now)
    return found


def _entry(unit: Unit | None, *, gone: bool) -> UnitEntry:
    if unit is None:
        return UnitEntry(gone=True, missing=True)
    return UnitEntry(
        name=unit.name,
        kind=unit.kind,
        unit_type=unit.unit_type,
        parent=unit.parent_id,
        gone=gone,
    )


class _Days:
    """Runs by number, each read once."""

    def __init__(self, session: QuerySession) -> None:
        self._session = session
        self._runs: dict[int, RecordedRun] = {}

    def run(self, run_id: int) -> RecordedRun:
        """The run of that number, which there is."""
        if run_id not in self._runs:
            found = self._session.runs.find(run_id)
            if found is None:  # pragma: no cover - every row names a run that there is
                raise AssertionError(run_id)
            self._runs[run_id] = found
        return self._runs[run_id]
