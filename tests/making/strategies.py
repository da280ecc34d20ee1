"""The maker as hypothesis strategies; the only module that needs hypothesis.

Each unit and each change is drawn within its own span, begun by a draw that says whether there is one more: leaving
one out is a single step of shrinking. Every choice shrinks to the first, simplest option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from .growing import Garden, empty_register
from .nights import GROUPS, change_something, next_night
from .xml import Layout, random_layout

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from .plain import PlainRegister

_DICE: SearchStrategy[random.Random] = st.randoms(use_true_random=False)


@st.composite
def _unit_more(draw: DrawFn, garden: Garden) -> bool:
    """Grow one more unit, or tell that it is enough."""
    if not draw(st.integers(0, 9)):
        return False
    garden.grow(draw(_DICE))
    return True


@st.composite
def _change_more(draw: DrawFn, register: PlainRegister, groups: Sequence[str]) -> bool:
    """Make one more change, or tell that it is enough."""
    if not draw(st.integers(0, 3)):
        return False
    change_something(draw(_DICE), register, groups)
    return True


@st.composite
def registers(draw: DrawFn, *, max_units: int = 12) -> PlainRegister:
    """A register of 1 to max_units units."""
    rng = draw(_DICE)
    register = empty_register(rng)
    garden = Garden(register)
    garden.grow(rng)
    while len(garden.units) < max_units and draw(_unit_more(garden)):
        pass
    return register


@st.composite
def night_after(
    draw: DrawFn,
    register: PlainRegister,
    *,
    days: int | None = None,
    intensity: int = 4,
    groups: Sequence[str] = tuple(GROUPS),
) -> PlainRegister:
    """A later night of this register, as nights.random_night makes it."""
    new = next_night(draw(_DICE), register, days=days)
    for _ in range(intensity):
        if not draw(_change_more(new, groups)):
            break
    return new


@st.composite
def chains(
    draw: DrawFn,
    length: int,
    *,
    max_units: int = 12,
    days: int | None = None,
    intensity: int = 4,
    groups: Sequence[str] = tuple(GROUPS),
) -> list[PlainRegister]:
    """So many nights on end, the first a fresh register."""
    chain = [draw(registers(max_units=max_units))]
    while len(chain) < length:
        chain.append(draw(night_after(chain[-1], days=days, intensity=intensity, groups=groups)))
    return chain


def nights(
    *,
    max_units: int = 12,
    days: int | None = None,
    intensity: int = 4,
    groups: Sequence[str] = tuple(GROUPS),
) -> SearchStrategy[tuple[PlainRegister, PlainRegister]]:
    """An old and a new register."""
    chained = chains(2, max_units=max_units, days=days, intensity=intensity, groups=groups)
    return chained.map(lambda chain: (chain[0], chain[1]))


def layouts() -> SearchStrategy[Layout]:
    """Any layout; shrinks to the usual one."""
    return _DICE.map(random_layout)
