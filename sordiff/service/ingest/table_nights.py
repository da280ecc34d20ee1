"""What tables need of an ingest: their day, their kind, and what a table leaves out."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from sordiff.errors import Problem, SnapshotRefused, SordiffError
from sordiff.model import Classification, Day
from sordiff.overlay import LazyRegister
from sordiff.register import Register
from sordiff.several_entries import keep_unclear_entries
from sordiff.snapshot import Snapshot, printable_path
from sordiff.table_kinds import TABLE_VERSIONS

_WITH_DAY: Final = re.compile(r"(.+)@(\d{4}-\d{2}-\d{2})")


def split_day(path: Path) -> tuple[Path, Day | None]:
    """FILE@DAY as the file and the day for which it is to be read; a file of that name is itself.

    SordiffError if what stands there is no day.
    """
    if "@" not in path.name or path.exists():
        return path, None
    found = _WITH_DAY.fullmatch(path.name)
    if found is not None:
        return path.with_name(found[1]), parse_day(found[2])
    name, _, text = path.name.rpartition("@")
    if name and path.with_name(name).is_file():
        parse_day(text)  # it is none, and no such file is meant
    return path, None


def settle_day(path: Path, given: Day | None) -> tuple[Path, Day | None]:
    """As split_day, with the day that an option gave; SordiffError if the two are not one day."""
    file, day = split_day(path)
    if day is not None and given is not None and day != given:
        message = f"{printable_path(file)} is given for {day}, and --snapshot-date says {given}."
        raise SordiffError(message, advice="Give the day once: as FILE@DAY or by --snapshot-date.")
    return file, day or given


def parse_day(text: str) -> Day:
    """A day as YYYY-MM-DD; SordiffError for any other text."""
    with suppress(ValueError):
        if date.fromisoformat(text).isoformat() == text:  # it also reads 20261127 and weeks
            return Day(text)
    message = f"{text} is not a day of the calendar." if text else "The day is missing."
    raise SordiffError(message, advice="Write it as YYYY-MM-DD.")


def demand_kind(snapshot: Snapshot, before: str, advice: str) -> None:
    """Refuse a table after another kind of file, and any other file after a table.

    Between two kinds nobody can tell a change of the register from one of the file. `before`: the
    version of the night before.
    """
    after = snapshot.header.version
    if before != after and TABLE_VERSIONS & {before, after}:
        message = f"it is of the kind {after}, and the night before of the kind {before}"
        raise SnapshotRefused(
            snapshot.file,
            (Problem(code="version.other_kind", message=message, file=snapshot.file),),
            advice=advice,
        )


def settle_lists(snapshot: Snapshot, before: Mapping[str, Classification]) -> Snapshot:
    """The snapshot; of codes whose entries contradict each other, with what was known `before`."""
    return msgspec.structs.replace(snapshot, lists=keep_unclear_entries(snapshot.lists, before))


def fill_snapshot(snapshot: Snapshot, old: Register) -> Snapshot:
    """The snapshot without its gaps, as it follows `old`, which is of the same kind."""
    snapshot = settle_lists(snapshot, old.lists)
    gaps = snapshot.gaps
    if gaps is None:
        return snapshot
    from sordiff.gaps.fill import fill_gaps  # XML does without

    found = fill_gaps(gaps, snapshot.units, snapshot.lists, snapshot.header.snapshot_date, old)
    return msgspec.structs.replace(snapshot, units=found.units, lists=found.lists, gaps=None)


def fill_touched_snapshot(snapshot: Snapshot, old: LazyRegister) -> Snapshot:
    """The same for a snapshot that was read where it is touched."""
    snapshot = settle_lists(snapshot, old.lists)
    gaps, touched = snapshot.gaps, snapshot.touched
    if gaps is None or touched is None:
        return snapshot
    from sordiff.gaps.fill_touched import fill_touched_gaps  # XML does without

    day = snapshot.header.snapshot_date
    told = old.state_changes_by(day)
    found = fill_touched_gaps(gaps, touched.read, snapshot.lists, day, old, told)
    created = frozenset(sor_id for sor_id in found.read if sor_id not in old.units)
    filled = msgspec.structs.replace(
        touched,
        read=found.read,
        created=created,
        removed=found.removed,
        count=len(old.units) + len(created) - len(found.removed),
    )
    return msgspec.structs.replace(snapshot, touched=filled, lists=found.lists, gaps=None)
