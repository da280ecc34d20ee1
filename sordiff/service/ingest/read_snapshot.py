"""From a path to a register, with the settings applied."""

import re
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from sordiff.errors import Problem, SnapshotRefused, SordiffError
from sordiff.gaps import fill_gaps
from sordiff.list_shape import ListLayout
from sordiff.model import Day
from sordiff.register import Register
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions, Snapshot, build_mapping, read_snapshot
from sordiff.subtrees import SubtreeIndex
from sordiff.table_kinds import TABLE_VERSIONS

_WITH_DAY: Final = re.compile(r"(.+)@(\d{4}-\d{2}-\d{2})")
WHOLE: Final = ReadOptions()


def read(
    path: Path, settings: Settings, how: ReadOptions = WHOLE, index: SubtreeIndex | None = None
) -> Snapshot:
    """Read and judge one snapshot; with `index`, only what is not in it."""
    path, day = split_day(path)
    if day is not None:
        how = msgspec.structs.replace(how, snapshot_date=day)
    return read_snapshot(path, configured(how, settings), index)


def split_day(path: Path) -> tuple[Path, Day | None]:
    """FILE@DAY as the file and the day for which it is to be read; a file of that name is itself.

    SordiffError if what stands there is no day.
    """
    found = _WITH_DAY.fullmatch(path.name)
    if found is None or path.exists():
        return path, None
    return path.with_name(found[1]), parse_day(found[2])


def parse_day(text: str) -> Day:
    """A day as YYYY-MM-DD; SordiffError for any other text."""
    try:
        return Day(date.fromisoformat(text).isoformat())
    except ValueError as error:
        message = f"{text} is not a day of the calendar."
        raise SordiffError(message, advice="Write it as YYYY-MM-DD.") from error


def demand_kind(snapshot: Snapshot, before: str) -> None:
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
            advice="Take it as a new baseline: sordiff ingest --rebaseline.",
        )


def fill(snapshot: Snapshot, old: Register) -> Snapshot:
    """The snapshot without its gaps, as it follows `old`, which is of the same kind."""
    gaps = snapshot.gaps
    if gaps is None:
        return snapshot
    found = fill_gaps(gaps, snapshot.units, snapshot.lists, snapshot.header.snapshot_date, old)
    return msgspec.structs.replace(snapshot, units=found.units, lists=found.lists, gaps=None)


def configured(how: ReadOptions, settings: Settings) -> ReadOptions:
    """With the layout of the lists and the names of fields and columns that the settings say."""
    layout = ListLayout(shapes=settings.data_types, places=settings.lists)
    mapping = build_mapping(settings.fields)
    return msgspec.structs.replace(how, layout=layout, mapping=mapping, columns=settings.columns)


def register_of(snapshot: Snapshot) -> Register:
    """The register as a snapshot that was read whole has it, with the lists delivered with it."""
    return Register(
        day=snapshot.header.snapshot_date,
        created_at=snapshot.header.created_at,
        version=snapshot.header.version,
        units=snapshot.units,
        lists=snapshot.lists,
    )
