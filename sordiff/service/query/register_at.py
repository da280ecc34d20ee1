"""The register as it was after an earlier run: the present one, with later runs undone."""

from collections.abc import Iterable, Mapping
from sqlite3 import Connection

from sordiff.events import Event
from sordiff.model import Classification, Entry, Header, SorId, Unit
from sordiff.register import Register
from sordiff.replay import ROOT, Adoption, Fold, concerned
from sordiff.report import RecordedRun
from sordiff.store import runs, state
from sordiff.store.events import adoptions_of_run, events_of
from sordiff.store.state_changes import accepted_after
from sordiff.store.stored_register import StoredRegister


def register_after(connection: Connection, run: RecordedRun, *, lazily: bool = False) -> Register:
    """The register as an accepted run left it.

    Only what later runs told is undone, so that for the last run nothing is; of that one the units
    can be read `lazily`, when they are asked for.
    """
    header = run.header
    later = accepted_after(connection, run.id)
    if lazily and not later:
        return StoredRegister(connection, header, state.read_lists(connection))
    present = Register(
        day=header.snapshot_date,
        created_at=header.created_at,
        version=header.version,
        units=state.read_units(connection),
        lists=state.read_lists(connection),
    )
    if not later:
        return present
    told = [
        (events_of(connection, run_id)[0], adoptions_of_run(connection, run_id)) for run_id in later
    ]
    concerned = {sor_id for events, adoptions in told for sor_id in units_told(events, adoptions)}
    units = present.units
    fold = Fold((units[i] for i in concerned if i in units), entries_of(present.lists))
    for events, adoptions in told:
        fold.backwards(events, adoptions)
    undone = fold.as_units()
    lists = _lists_after(connection, run.id, present.lists, fold.entries)
    return overlaid(present, header, changed=undone, gone=concerned - undone.keys(), lists=lists)


def overlaid(
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


def units_told(events: Iterable[Event], adoptions: Iterable[Adoption]) -> set[SorId]:
    """The units whose records a run changes, or whose day passes with it."""
    adopted = {
        SorId(adoption.subject)
        for adoption in adoptions
        if "/" not in adoption.subject and adoption.subject != ROOT
    }
    return adopted.union(*map(concerned, events))


def entries_of(lists: Mapping[str, Classification]) -> dict[str, Entry]:
    """The entries of classifications by list/code, as the fold has them."""
    return {
        f"{name}/{code}": entry
        for name, listed in lists.items()
        for code, entry in listed.entries.items()
    }


def _lists_after(
    connection: Connection,
    run_id: int,
    lists: Mapping[str, Classification],
    entries: Mapping[str, Entry],
) -> dict[str, Classification]:
    """The entries as lists again; the field that a list served is what the runs until then say."""
    serves = {name: listed.serves for name, listed in lists.items()}
    for run in runs.all_runs(connection):
        if run.id <= run_id and run.state in {"accepted", "released"}:
            serves |= run.lists
    found: dict[str, dict[str, Entry]] = {}
    for subject, entry in entries.items():
        found.setdefault(subject.partition("/")[0], {})[entry.code] = entry
    return {
        name: Classification(name=name, serves=serves[name], entries=known)
        for name, known in found.items()
    }
