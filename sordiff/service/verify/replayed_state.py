"""The state against the events: undone run by run to the baseline, and each run told again."""

from collections.abc import Iterator, Mapping, Sequence

from sordiff.changelog import Session
from sordiff.events import Event
from sordiff.model import Entry, SorId, State, Unit
from sordiff.replay import ROOT, Adoption, Fold
from sordiff.report import Contradiction, RecordedRun
from sordiff.service.query.register_at import collect_changed_units, collect_entries


def check_replay(session: Session, accepted: Sequence[RecordedRun]) -> Iterator[Contradiction]:
    """From the state back to the baseline: `events + adoptions` must lead to what was found."""
    if not accepted:
        return
    state = _State(session.state.read_units(), collect_entries(session.state.read_lists()))
    yield from _check_open_units(state, accepted[-1])
    for run in reversed(accepted):
        if len(state.units) != run.units:
            message = f"the state after it has {len(state.units)} units, and it says {run.units}"
            yield Contradiction(run=run.id, message=message)
        if run is accepted[0]:
            break
        events, _ = session.events.read(run.id)
        adoptions = session.events.read_adoptions(run.id)
        try:
            wrong = state.undo(events, adoptions)
        except LookupError as error:
            yield Contradiction(
                run=run.id,
                message=(
                    f"its events concern {error.args[0]}, which is not there;"
                    " no run before is looked at"
                ),
            )
            return
        for subject in wrong:
            message = f"its events do not lead to what the state has of {subject}"
            yield Contradiction(run=run.id, message=message)


def _check_open_units(state: "_State", last: RecordedRun) -> Iterator[Contradiction]:
    """Each night counts on from what the one before says; so the last one proves all of them."""
    day = last.header.snapshot_date
    found = sum(unit.state(day) is State.OPEN for unit in state.units.values())
    if last.open_units not in (None, found):
        message = f"the state after it has {found} open units, and it says {last.open_units}"
        yield Contradiction(run=last.id, message=message)


class _State:
    """The register after a run; what no later run touched stays as it is stored."""

    def __init__(self, units: Mapping[SorId, Unit], entries: Mapping[str, Entry]) -> None:
        self.units = dict(units)
        self.entries = dict(entries)

    def undo(self, events: Sequence[Event], adoptions: Sequence[Adoption]) -> list[str]:
        """Take a run back; give back the subjects that it does not lead to."""
        touched = collect_changed_units(events, adoptions)
        subjects = {event.subject for event in events} | {one.subject for one in adoptions}
        listed = {subject for subject in subjects if "/" in subject}
        units = {key: self.units[key] for key in touched if key in self.units}
        entries = {key: self.entries[key] for key in listed if key in self.entries}
        back = Fold(units.values(), entries)
        back.backwards(events, [one for one in adoptions if one.subject != ROOT])
        before = back.as_units()
        again = Fold(before.values(), back.entries)
        again.forwards(events, [one for one in adoptions if one.subject != ROOT])
        wrong = [
            *_differing(_by_text(units), _by_text(again.as_units())),
            *_differing(entries, again.entries),
        ]
        for key in touched:
            self.units.pop(key, None)
        for subject in listed:
            self.entries.pop(subject, None)
        self.units |= before
        self.entries |= back.entries
        return sorted(wrong)


def _by_text(units: Mapping[SorId, Unit]) -> dict[str, object]:
    return {str(key): unit for key, unit in units.items()}


def _differing(found: Mapping[str, object], told: Mapping[str, object]) -> list[str]:
    return [key for key in {**found, **told} if found.get(key) != told.get(key)]
