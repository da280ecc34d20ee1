"""Adoptions: the changes that have no event, and how they are found."""

from collections.abc import Iterable, Mapping
from typing import Any

from sordiff.diff import Changeset, find_plain_differences
from sordiff.events import Event
from sordiff.fields import Flat, flatten_unit, nest_unit, to_plain
from sordiff.model import Entry
from sordiff.replay.fold import ROOT, Adoption, Fold


def derive_adoptions(changes: Changeset, events: Iterable[Event]) -> tuple[Adoption, ...]:
    """The changes from old to new that no event tells, in order of subject and path."""
    fold = _fold_of(changes)
    fold.forwards(events)
    found: list[Adoption] = []
    for sor_id in sorted(changes.touched):
        unit = changes.new.units.get(sor_id)
        if unit is not None and fold.units.is_still(sor_id, unit):
            continue
        found += _missing(sor_id, fold.units.get(sor_id), flatten_unit(unit) if unit else None)
    after = entries_by_subject(changes, changes.new.lists)
    for subject in sorted(fold.entries.keys() | after.keys()):
        told, entry = fold.entries.get(subject), after.get(subject)
        if told != entry:
            before = to_plain(told) if told else None
            found.append(
                Adoption(
                    subject=subject,
                    path="",
                    before=before,
                    after=to_plain(entry) if entry else None,
                )
            )
    return tuple(found)


def derive_root_adoptions(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Adoption, ...]:
    """The adoptions of what came to or went from the root element of the file, beside the units."""
    return tuple(
        Adoption(subject=ROOT, path=path, before=before.get(path), after=after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    )


def _fold_of(changes: Changeset) -> Fold:
    units = [changes.old.units[i] for i in sorted(changes.touched) if i in changes.old.units]
    told_by_day = [pair.old for pair in changes.units if pair.old.sor_id not in changes.touched]
    return Fold([*units, *told_by_day], entries_by_subject(changes, changes.old.lists))


def entries_by_subject(changes: Changeset, lists: Mapping[str, Any]) -> dict[str, Entry]:
    """The entries that may differ, by list/code: those of lists that tonight's snapshot has."""
    names = {*changes.first_lists, *(entry.list for entry in changes.entries)}
    return {
        f"{name}/{code}": entry
        for name in names & lists.keys()
        for code, entry in lists[name].entries.items()
    }


def _missing(subject: str, told: Flat | None, true: Flat | None) -> list[Adoption]:
    if told is None or true is None:
        if told is true:
            return []
        before = to_plain(nest_unit(told)) if told else None
        after = to_plain(nest_unit(true)) if true else None
        return [Adoption(subject=subject, path="", before=before, after=after)]
    if told == true:
        return []
    return [
        Adoption(subject=subject, path=path, before=change.before, after=change.after)
        for path, change in find_plain_differences(told, true).items()
    ]
