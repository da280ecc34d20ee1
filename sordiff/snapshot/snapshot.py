"""The types of a snapshot that was read: what a reader returns, and what the rest of sordiff gets.

A reader returns a SnapshotContent. `read_snapshot` adds the classifications; that is a Snapshot.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct

from sordiff.findings import Finding
from sordiff.gaps.gaps import Gaps
from sordiff.list_shape import ListLayout
from sordiff.model import Classification, Day, Header, SorId, Unit
from sordiff.row_index import RowIndex
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.field_places import FieldPlace
from sordiff.snapshot.source.archive_content import ListFile
from sordiff.snapshot.stretches.known_records import KnownRecords
from sordiff.subtrees import SubtreeChanges

# Called with the name of the file and the number of bytes read so far.
Progress = Callable[[str, int], None]


class ReadOptions(Struct, frozen=True, kw_only=True):
    """How to read a snapshot.

    `data_types`: a SorDataTypes.xml that lies beside the snapshot. `layout`: how its lists are laid
    out. `mapping`: further names of elements. `columns`: kind of table -> place -> further names of
    its column. `snapshot_date`: the day of a file that has none. `plain`: use the plain road only,
    which reads every record in one pass. `note_places`: note where elements say something, and
    `note_lines` where the units stand (plain road). `known`: the records of a file that was read
    with it before, of which the plain road reads none again. `units_in_file`: the units of a
    snapshot that is read whole may stay in a file, each decoded when it is asked for; for who looks
    at each of them once or twice.
    """

    data_types: Path | None = None
    layout: ListLayout = ListLayout()
    mapping: FieldMapping = UNMAPPED
    columns: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    snapshot_date: Day | None = None
    progress: Progress | None = None
    plain: bool = False
    note_places: bool = False
    note_lines: bool = False
    known: KnownRecords | None = None
    units_in_file: bool = False


def bind_progress(options: ReadOptions, name: str) -> Callable[[int], None] | None:
    """The progress of the options, told under the name of the file."""
    return None if options.progress is None else partial(options.progress, Path(name).name)


class TouchedUnits(Struct, frozen=True, kw_only=True):
    """The units of the touched subtrees, compared with the last accepted snapshot.

    `read`: units that were read, because their records are not known byte for byte. `moved`: units
    with known records but another parent, each with its new parent; no unit is in both. `created`:
    those of `read` that the last accepted snapshot did not have. `removed`: ids that are gone.
    `count`: the number of units in the whole snapshot. `index` is None if there is none.
    """

    read: dict[SorId, Unit]
    moved: dict[SorId, SorId | None]
    created: frozenset[SorId]
    removed: frozenset[SorId]
    count: int
    index: SubtreeChanges | None = None


class SnapshotContent(Struct, frozen=True, kw_only=True):
    """What a reader returns, after it has checked the whole file.

    `units` is empty if only the touched subtrees were read; `touched` holds them. `index` is None
    if the next night can't be read by its touched subtrees. `lines` (SOR id -> line of its record),
    `findings` and `noted_places` come from the plain road only, and the lines and places only if
    they were asked for. `lists`, `list_files`, `gaps`, `read_columns` and `warnings` come from
    tables only: the texts beside codes, further files of lists, what the table can't say, field ->
    its columns, and sentences for the user.
    """

    header: Header
    units: Mapping[SorId, Unit] = {}
    touched: TouchedUnits | None = None
    index: SubtreeChanges | RowIndex | None = None
    lines: dict[SorId, int] = {}
    findings: tuple[Finding, ...] = ()
    noted_places: frozenset[FieldPlace] = frozenset()
    lists: dict[str, Classification] = {}
    list_files: tuple[ListFile, ...] = ()
    gaps: Gaps | None = None
    read_columns: Mapping[str, tuple[str, ...]] = {}
    warnings: tuple[str, ...] = ()


class Snapshot(Struct, frozen=True, kw_only=True):
    """A good snapshot: the whole file was checked, and nothing was refused.

    `lists`: the classifications that came with it. `warnings`: sentences for the user.
    `data_types_sha256`: None if no SorDataTypes.xml came. The other fields are those of
    SnapshotContent.
    """

    file: str
    header: Header
    units: Mapping[SorId, Unit]
    lists: dict[str, Classification]
    warnings: tuple[str, ...]
    data_types_sha256: str | None
    touched: TouchedUnits | None = None
    index: SubtreeChanges | RowIndex | None = None
    lines: dict[SorId, int] = {}
    findings: tuple[Finding, ...] = ()
    noted_places: frozenset[FieldPlace] = frozenset()
    gaps: Gaps | None = None
    read_columns: Mapping[str, tuple[str, ...]] = {}

    @property
    def count(self) -> int:
        """The number of units."""
        return len(self.units) if self.touched is None else self.touched.count
