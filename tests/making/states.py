"""Nights on end as one table of states (SOREntity.csv), and the nights as that file tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import moving
from .dice import shift
from .nights import GROUPS, next_night, random_register
from .plain import walk
from .tables import Row, plainest, sor2_rows

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from .plain import PlainRegister

# No unit leaves such a file.
_CHANGES = [
    *GROUPS["dates"].values(),
    *GROUPS["fields"].values(),
    *GROUPS["numbers"].values(),
    *(moving.create, moving.move, moving.replant, moving.swap_with_child, moving.exchange_ids) * 2,
]


@dataclass
class _State:
    begins: str
    row: Row
    to: str | None = None


def random_nights(rng: random.Random, *, units: int, nights: int) -> list[PlainRegister]:
    """A register and what became of it, a day after the other; on many days nothing changes."""
    chain = [random_register(rng, units=units)]
    while len(chain) < nights:
        night = next_night(rng, chain[-1], days=1)
        for _ in range(rng.choice([0, 0, 1, 3, 6])):
            rng.choice(_CHANGES)(rng, night)
        chain.append(night)
    return chain


def tell_states(
    rng: random.Random, nights: Sequence[PlainRegister]
) -> tuple[list[Row], list[PlainRegister]]:
    """The rows in any order, and the nights: with only what the file can say of each.

    A state begins when anything of its row changes. Its end is the unit's only if no other follows at once.
    """
    told = [plainest(night) for night in nights]
    found: dict[str, list[_State]] = {}
    held: list[dict[str, _State]] = []
    for night in told:
        for unit, row in zip(walk(night), sor2_rows(night), strict=True):
            states = found.setdefault(unit.sor_id, [])
            row["FromDate"] = ""
            if not states or states[-1].row != row:
                is_first = night is told[0]
                begins = shift(night.snapshot_date, -900) if is_first else night.snapshot_date
                states.append(_State(begins, row))
        held.append({sor_id: states[-1] for sor_id, states in found.items()})
    rows = [row for states in found.values() for row in _write(rng, states)]
    for night, state_of in zip(told, held, strict=True):
        for unit in walk(night):
            unit.from_, unit.to = state_of[unit.sor_id].begins, state_of[unit.sor_id].to
    rng.shuffle(rows)
    return rows, told


def _write(rng: random.Random, states: Sequence[_State]) -> list[Row]:
    rows = []
    later = [*(state.begins for state in states[1:]), None]
    for state, after in zip(states, later, strict=True):
        to = state.row["ToDate"]
        end = to
        if after is not None and (not to or to >= shift(after, -1)):
            end = rng.choice(["", shift(after, -1), to])
        else:
            state.to = to or None
        rows.append(state.row | {"FromDate": state.begins, "ToDate": end})
    return rows
