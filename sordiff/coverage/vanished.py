"""A field that no unit of another version says any more: it stands as it stood, and tells no event.

That a version has no place for a field says nothing about the units. What they said of it is
adopted away, and the night is held all the same.
"""

from collections.abc import Mapping
from copy import copy

from sordiff.coverage.carried import is_known
from sordiff.coverage.counts import count_coverage
from sordiff.diff import Changeset
from sordiff.fields import flatten_unit, nest_unit
from sordiff.model import Unit
from sordiff.register import Register

_NUMBER = "location_number/"
_GLN = "location_number/number"


def find_vanished_fields(changes: Changeset, least: int) -> frozenset[str]:
    """The fields that so many units carried and none does; only where the versions differ.

    `least` is that of the alert: what fewer carried may have gone one by one, and is told.
    """
    if not changes.across_versions:
        return frozenset()
    before = count_coverage(changes.old.units.values())
    after = count_coverage(changes.new.units.values()).paths()
    gone = (path for path in before.paths() - after if before.units(path) >= least)
    return frozenset(filter(is_known, gone))


def keep_vanished_fields(tonight: Register, old: Register, vanished: frozenset[str]) -> Register:
    """Tonight's register with what vanished as it stood, in the units that both nights have."""
    standing = copy(tonight)
    standing.units = {
        sor_id: _keep_vanished_in_unit(unit, old.units.get(sor_id), vanished)
        for sor_id, unit in tonight.units.items()
    }
    return standing


def _keep_vanished_in_unit(new: Unit, old: Unit | None, vanished: frozenset[str]) -> Unit:
    if old is None:
        return new
    before, after = flatten_unit(old), flatten_unit(new)
    stood = {path: value for path, value in before.items() if path in vanished}
    if _GLN in vanished:
        stood |= {path: value for path, value in before.items() if path.startswith(_NUMBER)}
    elif not _has_same_number(before, after):
        # What stood of one number is not said of another.
        stood = {path: value for path, value in stood.items() if not path.startswith(_NUMBER)}
    return nest_unit(after | stood) if stood else new


def _has_same_number(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    return before.get(_GLN) is not None and before.get(_GLN) == after.get(_GLN)
