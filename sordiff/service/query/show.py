"""`sordiff show`: one unit or one location number as it stood on a recorded day."""

from collections.abc import Iterable, Iterator

from msgspec import UNSET
from msgspec.structs import replace

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.changelog.queries import PastRegister
from sordiff.changelog.register_index import RegisterIndex
from sordiff.errors import SordiffError
from sordiff.model import Day, Gln, SorId, State, Unit
from sordiff.register import Register, list_codes
from sordiff.report import RecordedRun
from sordiff.report.code_texts import CODED_FIELDS, REGION, REGIONS
from sordiff.report.lookup_results import (
    AbsenceReason,
    AcceptedRun,
    Answering,
    ChildCounts,
    FormerOwner,
    Shown,
    ShownAbsence,
    ShownCandidates,
    ShownNumber,
    ShownUnit,
)
from sordiff.resolved import Resolver
from sordiff.service.query.search import SHOWN, build_candidates, find_units
from sordiff.service.reconcile.continued import find_successor

_FoundUnit = ShownUnit | ShownAbsence | ShownCandidates


def look_up(
    changelog: QueryableChangelog,
    subject: str,
    day: Day | None = None,
    *,
    suggests: bool = True,
    index: RegisterIndex | None = None,
) -> Shown:
    """The unit with that SOR id, or the location number, today or on a day.

    `suggests`: with who probably goes on in place of a closed one, which may take a second
    without an `index` of today's register.

    Any other text is searched for in the register as it stands: the only unit that fits it, or
    the candidates.
    """
    with changelog.open_to_query() as session:
        run = find_answering_run(session, day)
        newest = session.runs.find_last_accepted()
        answering = Answering(
            asked=day,
            day=run.header.snapshot_date,
            run=run.id,
            newest=newest is not None and newest.id == run.id,
            retracted_by=run.retracted_by or UNSET,
            retracted_reason=run.retracted_reason or UNSET,
        )
        first_run = session.ownership.find_first_run(SorId(subject))
        if first_run is not None:
            shown = _look_up_unit(session, run, answering, SorId(subject), first_run)
            return _suggest(session, shown, index) if suggests else shown
        if session.ownership.is_number(Gln(subject)):
            return _look_up_number(session, run, answering, Gln(subject))
        found = _search(session, run, answering, subject)
        return _suggest(session, found, index) if suggests else found


def _search(
    session: QuerySession, run: RecordedRun, answering: Answering, text: str
) -> ShownUnit | ShownAbsence | ShownCandidates:
    found = find_units(session, text, answering.day)
    if not found:
        message = f"No recorded night has a unit or a location number {text}."
        advice = "Give a SOR id, a GLN, a ydernummer, a SHAK, CVR or P number, or words of a name."
        raise SordiffError(message, advice=advice)
    if len(found) == 1:
        sor_id = found[0].sor_id
        first_run = session.ownership.find_first_run(sor_id)
        return _look_up_unit(session, run, answering, sor_id, first_run or run.id)
    return ShownCandidates(
        answering=answering,
        text=text,
        count=len(found),
        candidates=tuple(build_candidates(session, found[:SHOWN], answering.day)),
    )


def _suggest(session: QuerySession, shown: _FoundUnit, index: RegisterIndex | None) -> _FoundUnit:
    """The same with who probably goes on, of a unit that is closed or gone today."""
    match shown:
        case ShownUnit():
            sor_id = shown.state.unit.sor_id
        case ShownAbsence(why=AbsenceReason.REMOVED):
            sor_id = shown.id
        case _:
            return shown
    if not shown.answering.newest:
        return shown
    return replace(shown, successor=find_successor(session, sor_id, index))


def build_unknown_subject(subject: str) -> SordiffError:
    """The refusal of an id that no accepted run has ever had."""
    message = f"No recorded night has a unit or a location number {subject}."
    return SordiffError(message, advice="Give a whole SOR id, or a GLN of 13 digits.")


def find_answering_run(session: QuerySession, day: Day | None) -> RecordedRun:
    """The accepted run that answers for a day, or the last one; SordiffError where none does."""
    first = session.runs.find_first_accepted()
    if first is None:
        message = "No snapshot is recorded yet."
        raise SordiffError(message, advice="`sordiff ingest` records one.")
    run = (
        session.runs.find_last_accepted()
        if day is None
        else session.runs.find_last_accepted_by(day)
    )
    if run is None:
        begins = first.header.snapshot_date
        message = f"Nothing is known of {day}: the changelog begins with {begins}."
        raise SordiffError(message, advice=f"Ask for {begins} or a later day.")
    return run


def _look_up_unit(
    session: QuerySession, run: RecordedRun, answering: Answering, sor_id: SorId, first_run: int
) -> ShownUnit | ShownAbsence:
    past = session.past(run.id)
    unit = past.unit(sor_id)
    if unit is None:
        return _explain_absence(session, answering, sor_id, first_run)
    register = build_register(past, run, [unit, *past.ancestors(unit)])
    children = past.children(sor_id)
    is_open = (child.state(register.day) is State.OPEN for child in children)
    return ShownUnit(
        answering=answering,
        state=Resolver(register).unit_state(unit),
        children=ChildCounts(units=len(children), open=sum(is_open)),
        codes=collect_codes(register, [unit]),
    )


def _explain_absence(
    session: QuerySession, answering: Answering, sor_id: SorId, first_run: int
) -> ShownAbsence:
    """Of what was not there yet, when it came; of what was gone, when it went."""
    gone = session.ownership.find_removing_run(sor_id, answering.run)
    run = _get_run(session, first_run if gone is None else gone)
    with_it = run if gone is None else _get_run(session, int(run.compared_with or first_run))
    unit = session.past(with_it.id).unit(sor_id)
    return ShownAbsence(
        answering=answering,
        id=sor_id,
        name=unit.name if unit else None,
        why=AbsenceReason.NOT_YET if gone is None else AbsenceReason.REMOVED,
        since=_describe_run(run),
        last=None if gone is None else _describe_run(with_it),
    )


def _look_up_number(
    session: QuerySession, run: RecordedRun, answering: Answering, number: Gln
) -> ShownNumber:
    past = session.past(run.id)
    owners = list(past.units(past.owners(number)).values())
    reached = {unit.sor_id: unit for unit in _collect_reached(past, owners)}
    above = [above for owner in owners for above in past.ancestors(owner)]
    register = build_register(past, run, [*above, *reached.values()])
    resolver = Resolver(register)
    return ShownNumber(
        answering=answering,
        state=resolver.location_number_state(number),
        paths={owner.sor_id: resolver.inheritance_of(owner).path for owner in owners},
        former=tuple(_list_former_owners(session, number, run.id)),
        codes=collect_codes(register, owners),
    )


def _list_former_owners(session: QuerySession, number: Gln, run_id: int) -> Iterator[FormerOwner]:
    for span in session.ownership.list_owners(number):
        if span.released_run is not None and span.released_run <= run_id:
            yield FormerOwner(
                id=span.unit_id,
                name=_find_name(session, span.unit_id, span.first_run),
                since=_describe_run(_get_run(session, span.first_run)),
                released=_describe_run(_get_run(session, span.released_run)),
            )


def _collect_reached(past: PastRegister, owners: Iterable[Unit]) -> Iterable[Unit]:
    """The owners, and what is below down to the next owner of a number: none inherits past it."""
    waiting = list(owners)
    while waiting:
        unit = waiting.pop()
        yield unit
        below = past.children(unit.sor_id)
        yield from (child for child in below if child.location_number is not None)
        waiting += [child for child in below if child.location_number is None]


def build_register(past: PastRegister, run: RecordedRun, units: Iterable[Unit]) -> Register:
    """As much of the register of that night as is asked about."""
    known = {unit.sor_id: unit for unit in units}
    header = run.header
    return Register(
        day=header.snapshot_date,
        created_at=header.created_at,
        version=header.version,
        units=known,
        lists=past.lists(known.values()),
    )


def collect_codes(register: Register, units: Iterable[Unit]) -> dict[str, dict[str, str]]:
    """The texts of the codes in the location numbers and addresses of these units."""
    found: dict[str, dict[str, str]] = {}
    for served in CODED_FIELDS:
        usual = REGIONS if served == REGION else {}
        codes = sorted({code for unit in units for code in list_codes(unit, served)})
        if not codes:
            continue
        texts = {code: register.text(served, code) or usual.get(code) for code in codes}
        known = {code: text for code, text in texts.items() if text is not None}
        if known:
            found[served] = known
    return found


def _find_name(session: QuerySession, sor_id: SorId, run_id: int) -> str | None:
    unit = session.past(run_id).unit(sor_id)
    return unit.name if unit else None


def _get_run(session: QuerySession, run_id: int) -> RecordedRun:
    run = session.runs.find(run_id)
    if run is None:  # pragma: no cover - every row names a run that there is
        raise AssertionError(run_id)
    return run


def _describe_run(run: RecordedRun) -> AcceptedRun:
    return AcceptedRun(day=run.header.snapshot_date, run=run.id)
