"""The two registers of a night: the changelog's, and tonight's, whole or where it is touched."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from sordiff.collection import pause_collection
from sordiff.diff import Presence
from sordiff.model import ORDER_KNOWN, Header, SorId, Unit
from sordiff.overlay import LazyRegister, LazyUnits, OverlaidRegister, OverlaidUnits
from sordiff.register import Register
from sordiff.report import RecordedRun
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.service.present_register import read_present_register
from sordiff.snapshot import Snapshot

if TYPE_CHECKING:  # a diff does without a changelog
    from sordiff.changelog import Session


class NightPair(Struct, frozen=True, kw_only=True):
    """The last accepted register and tonight's; `presence` where only some units need a look.

    `deeply`: DeepDiff finds what differs in a unit. `order_known`: whether the order of
    specialities in the older register says which is the main one.
    """

    old: Register
    tonight: Register
    presence: Presence | None = None
    deeply: bool = False
    order_known: bool = True


def pair_nights(
    last: RecordedRun, snapshot: Snapshot, session: "Session", *, deeply: bool
) -> NightPair:
    """Both registers; where the snapshot was read by its touched subtrees, both are lazy."""
    header = last.header
    if snapshot.touched is None:
        return NightPair(
            old=_read_beside(session, header, snapshot.units),
            tonight=build_register(snapshot),
            deeply=deeply,
            order_known=session.runs.find_reading_rules(last.id) >= ORDER_KNOWN,
        )
    return pair_touched_nights(open_present_register(session, last), snapshot)


def _read_beside(session: "Session", header: Header, tonight: Mapping[SorId, Unit]) -> Register:
    """The last accepted register; a unit that is tonight as it was is kept once for both."""
    below = session.state.open_register(header)
    if below is None or not isinstance(below.units, LazyUnits):
        return read_present_register(session, header)
    units: dict[SorId, Unit] = {}
    with pause_collection():
        for unit in below.units.units_except(frozenset()):
            now = tonight.get(unit.sor_id)
            units[unit.sor_id] = now if now is not None and now == unit else unit
    return Register(
        day=below.day,
        created_at=below.created_at,
        version=below.version,
        units=units,
        lists=below.lists,
    )


def open_present_register(session: "Session", last: RecordedRun) -> LazyRegister:
    """The last accepted register, for a snapshot that was read by what its index has not."""
    below = session.state.open_register(last.header, last.open_units)
    assert below is not None, "who has an index reads unit by unit"  # noqa: S101
    return below


def pair_touched_nights(below: LazyRegister, snapshot: Snapshot) -> NightPair:
    """A register, and tonight's over it, of which only the touched subtrees were read."""
    touched = snapshot.touched
    assert touched is not None, "only what was read by its touched subtrees comes here"  # noqa: S101
    turned = below.state_changes_by(snapshot.header.snapshot_date)
    if isinstance(below.units, LazyUnits):
        below.units.look_ahead({*touched.read, *touched.moved, *touched.removed, *turned})
    below.look_ahead(touched.read.values())
    moved = {
        sor_id: msgspec.structs.replace(below.units[sor_id], parent_id=above)
        for sor_id, above in touched.moved.items()
    }
    changed = {**touched.read, **moved}
    units = OverlaidUnits(below.units, changed, touched.removed, touched.count)
    looked_at = {*changed, *turned}
    return NightPair(
        old=below,
        tonight=OverlaidRegister(below, units, snapshot.header, snapshot.lists),
        presence=Presence(
            both=sorted(looked_at - touched.created - touched.removed),
            created=touched.created,
            removed=touched.removed,
        ),
    )
