"""Which fields the units have lost or gained all at once in one night: by share, not by number."""

from collections.abc import Callable, Iterator
from math import floor

from msgspec import Struct

from sordiff.coverage.carried import KNOWN_FIELDS, find_block
from sordiff.coverage.counts import EVERY_UNIT, Carriers, CoverageTurns, Untouched
from sordiff.model import Kind

# One of the kinds, or all of them together.
_ALL = tuple(Kind)
_GROUPS: tuple[tuple[Kind | None, tuple[Kind, ...]], ...] = (
    (None, _ALL),
    *((kind, (kind,)) for kind in Kind),
)


class FieldTurn(Struct, frozen=True, kw_only=True):
    """A field or block that many units lost, or gained, in one night.

    `kind` is None where it is so of all kinds together. Of a loss `of` are the units that carried
    it, of those present on both nights, and `now` how many of them still do; of a gain `of` are
    the units of the kind, and `now` those that carry it and did not.
    """

    field: str
    kind: Kind | None
    of: int
    now: int


def find_losses(
    night: CoverageTurns, untouched: Untouched, least: int, share: float
) -> list[FieldTurn]:
    """The fields that `least` units or more carried, and that `share` of them or fewer still do.

    In order of the model. A part of a block that is lost is not told beside it.
    """

    def judged(field: str, kinds: tuple[Kind, ...]) -> tuple[int, int] | None:
        lost = sum(night.lost[field, kind] for kind in kinds)
        if lost < (1 - share) * least:
            return None
        # So many that still carry it are too many for a loss.
        enough = floor(share / (1 - share) * lost) + 1
        now = _sum(night.kept, untouched, field, kinds, enough)
        of = now + lost
        return (of, now) if of >= least and now <= share * of else None

    return list(_find_turns(night.lost, judged))


def find_gains(
    night: CoverageTurns, untouched: Untouched, least: int, share: float
) -> list[FieldTurn]:
    """The fields that `least` units or more came to carry, being `share` of their kind or more."""

    def judged(field: str, kinds: tuple[Kind, ...]) -> tuple[int, int] | None:
        gained = sum(night.gained[field, kind] for kind in kinds)
        if gained < least or len(kinds) > 1:
            return None
        enough = floor(gained / share) + 1
        of = _sum(night.kept, untouched, EVERY_UNIT, kinds, enough)
        return (of, gained) if gained >= share * of else None

    return list(_find_turns(night.gained, judged))


def _sum(
    kept: Carriers, untouched: Untouched, field: str, kinds: tuple[Kind, ...], enough: int
) -> int:
    return sum(kept[field, kind] for kind in kinds) + untouched.count(field, kinds, enough)


def _find_turns(
    turned: Carriers,
    judged: Callable[[str, tuple[Kind, ...]], tuple[int, int] | None],
) -> Iterator[FieldTurn]:
    """Each field once: of all kinds where it holds for all together, else kind by kind."""
    blocks: set[tuple[str | None, Kind | None]] = set()
    some = {field for field, _ in turned}
    for field in (field for field in KNOWN_FIELDS if field in some):
        for kind, kinds in _GROUPS:
            if {(find_block(field), None), (find_block(field), kind), (field, None)} & blocks:
                continue
            found = judged(field, kinds)
            if found is not None:
                blocks.add((field, kind))
                yield FieldTurn(field=field, kind=kind, of=found[0], now=found[1])
