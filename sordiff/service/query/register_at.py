"""The register as it was after an earlier run: the present one, with later runs undone."""

from collections.abc import Iterable, Mapping

from sordiff.changelog import Session
from sordiff.events import Event
from sordiff.model import Classification, Entry, Header, SorId, Unit
from sordiff.register import Register
from sordiff.replay import ROOT, Adoption, Fold, list_concerned
from sordiff.report import RecordedRun
from sordiff.service.present_register import read_present_register


def read_register_after(session: Session, run: RecordedRun, *, lazily: bool = False) -> Register:
    """The register as an accepted run left it.

    Only what later runs told is undone, so that for the last run nothing is; of that one the units
    can be read `lazily`, when they are asked for.
    """
    header = run.header
    later = session.runs.list_accepted_ids_after(run.id)
    if lazily and not later:
        found = session.state.open_register(header)
        if found is not None:
            return found
    present = read_present_register(session, header)
    if not later:
        return present
    told = [
        (session.events.read(run_id)[0], session.events.read_adoptions(run_id)) for run_id in later
    ]
    concerned = {
        sor_id for events, adoptions in told for sor_id in collect_changed_units(events, adoptions)
    }
    units = present.units
    fold = Fold((units[i] for i in concerned if i in units), collect_entries(present.lists))
    for events, adoptions in told:
        fold.backwards(events, adoptions)
    undone = fold.as_units()
    lists = _lists_after(session, run.id, present.lists, fold.entries)
    return overlay_register(
        present, header, changed=undone, gone=concerned - undone.keys(), lists=lists
    )


def overlay_register(
    register: Register,
    header: Header,
    *,
    changed: Mapping[SorId, Unit],
    gone: Iterable[SorId],
    lists: Mapping[str, Classification],
) -> Register:
    """The register of another night: these units come or changed, these gone, under these lists."""
    units = {**register.units, **changed}
    for sor_id in gone:
        units.pop(sor_id, None)
    return Register(
        day=header.snapshot_date,
        created_at=header.created_at,
        version=header.version,
        units=units,
        lists=lists,
    )


def collect_changed_units(events: Iterable[Event], adoptions: Iterable[Adoption]) -> set[SorId]:
    """The units whose records a run changes, or whose day passes with it."""
    adopted = {
        SorId(adoption.subject)
        for adoption in adoptions
        if "/" not in adoption.subject and adoption.subject != ROOT
    }
    return adopted.union(*map(list_concerned, events))


def collect_entries(lists: Mapping[str, Classification]) -> dict[str, Entry]:
    """The entries of classifications by list/code, as the fold has them."""
    return {
        f"{name}/{code}": entry
        for name, listed in lists.items()
        for code, entry in listed.entries.items()
    }


def _lists_after(
    session: Session,
    run_id: int,
    lists: Mapping[str, Classification],
    entries: Mapping[str, Entry],
) -> dict[str, Classification]:
    """The entries as lists again; which field a list served the runs until then say.

    By which rules it was read the last of them says that had it, or the list itself, if it is by
    earlier ones: codes in use leave it as it was.
    """
    serves = {name: listed.serves for name, listed in lists.items()}
    rules = {name: listed.reading_rules for name, listed in lists.items()}
    had: dict[str, int] = {}
    for run in session.runs.iterate():
        if run.id <= run_id and run.state in {"accepted", "released"}:
            serves |= run.lists
            had |= dict.fromkeys(run.lists, run.id)
    for name, last in had.items():
        then = session.runs.find_reading_rules(last)
        rules[name] = min(rules.get(name, then), then)
    found: dict[str, dict[str, Entry]] = {}
    for subject, entry in entries.items():
        found.setdefault(subject.partition("/")[0], {})[entry.code] = entry
    return {
        name: Classification(
            name=name,
            serves=serves[name],
            entries=known,
            reading_rules=rules[name],
            in_use_only=name in lists and lists[name].in_use_only,
        )
        for name, known in found.items()
    }
