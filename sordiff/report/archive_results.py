"""What the archive, the proof of a changelog and its rebuilding hand to the renderers."""

from typing import Literal

from msgspec import Struct


class ArchivedNight(Struct, frozen=True, kw_only=True):
    """A night in the archive; sizes are in bytes.

    `leans_on`: a file; None: the frame is whole. `lists`: the files of its lists. `table`: which
    kind of CSV file it is; None: XML. `beside`: the files of the tables that came with it.
    """

    day: str
    created_at: str
    name: str
    sha256: str
    size: int
    packed_size: int
    file: str
    leans_on: str | None
    lists: tuple[str, ...]
    table: str | None
    beside: tuple[str, ...]


class Fault(Struct, frozen=True, kw_only=True):
    """A file that is missing or damaged, why, and the days of the nights that it costs."""

    file: str
    reason: str
    nights: tuple[str, ...]


class Verification(Struct, frozen=True, kw_only=True):
    """What was looked at, and what is wrong; sizes are in bytes, unpacked and on the disk."""

    nights: int
    frames: int
    size: int
    packed_size: int
    faults: tuple[Fault, ...]


class ToldOtherwise(Struct, frozen=True, kw_only=True):
    """An event that two changelogs do not tell alike: only one has it, or its data differ."""

    how: Literal["gone", "come", "otherwise"]
    type: str
    subject: str


class RunDifference(Struct, frozen=True, kw_only=True):
    """A run that two changelogs do not tell alike.

    `fields`: what of the run itself differs, each with both values as text. `events`: those that
    are told otherwise, whatever their sequences. `renumbered`: only the sequences differ, or they
    do, too.
    """

    run: int
    day: str
    fields: dict[str, tuple[str, str]]
    events: tuple[ToldOtherwise, ...]
    renumbered: bool


class Contradiction(Struct, frozen=True, kw_only=True):
    """Something that a changelog says in two ways; `run`: where, None: of the whole."""

    run: int | None
    message: str


class Proof(Struct, frozen=True, kw_only=True):
    """What was proved of a changelog, and what contradicts itself."""

    runs: int
    events: int
    units: int
    last_sequence: int
    contradictions: tuple[Contradiction, ...]


class ExportedFile(Struct, frozen=True, kw_only=True):
    """A file of an export; `columns`: name -> type."""

    table: str
    file: str
    rows: int
    columns: dict[str, str]


class Exported(Struct, frozen=True, kw_only=True):
    """An export: after which run, of which day, and its files."""

    run: int
    day: str
    source: str
    last_sequence: int
    files: tuple[ExportedFile, ...]
