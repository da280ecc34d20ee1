"""The order in which several snapshots are taken: that of their nights, whatever the shell says.

`ingest Sor_*.xml` gives Sor_10-3 before Sor_8-3, and an earlier night can't be added later.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from sordiff.service.ingest.table_nights import split_day

if TYPE_CHECKING:
    from sordiff.snapshot.read_moment import Moment


class NightOrder(Struct, frozen=True, kw_only=True):
    """The snapshots in the order of their nights.

    `pipe`: a pipe among them, which can be read once only; then they are in the order given.
    """

    snapshots: list[Path]
    pipe: Path | None = None


def sort_by_night(snapshots: Sequence[Path]) -> NightOrder:
    """Sort by SnapshotDate, then by CreatedAtTime.

    A file whose night can't be told comes first: it is refused before any night after it is taken.
    """
    pipe = next((path for path in snapshots if path.is_fifo() or path.is_char_device()), None)
    if pipe is not None or len(snapshots) == 1:
        return NightOrder(snapshots=list(snapshots), pipe=pipe if len(snapshots) > 1 else None)
    return NightOrder(snapshots=sorted(snapshots, key=_key))


def _key(snapshot: Path) -> "tuple[bool, Moment | None]":
    from sordiff.snapshot.read_moment import read_moment  # one snapshot needs no order

    moment = read_moment(*split_day(snapshot))
    return moment is not None, moment
