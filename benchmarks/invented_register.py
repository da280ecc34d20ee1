"""An invented register of real size, tree by tree: private owners, municipalities and regions."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from . import invented_names

Kind = Literal["owner", "institution", "organizational_unit"]
Shape = Literal["private", "municipality", "region"]
Address = tuple[str, str, str | None, str | None, str, str, str, str, str, str, str]

OLD_DATE, NEW_DATE = "2024-03-05", "2024-03-06"
LATER = ("2024-04-30", "2024-12-31", "2099-12-31")
_PRIVATE, _MUNICIPALITIES, _REGIONS = 22_000, 98, 5
_HOSPITALS = (0.34, 0.2, 0.14, 0.1, 0.08, 0.05, 0.04, 0.03, 0.02)
_DEEPEST = 5
_DAYS = [
    (date(2006, 1, 1) + timedelta(days=number)).isoformat()
    for number in range((date(2024, 2, 1) - date(2006, 1, 1)).days)
]


@dataclass(slots=True)
class Status:
    """The dates of a unit or of a number."""

    from_: str
    to: str | None
    updated: str
    first_from: str


@dataclass(slots=True)
class Number:
    """A location number block: whose serial it bears, and its own dates."""

    serial: int
    region: str
    system: str
    status: Status


@dataclass(slots=True, eq=False)
class Unit:
    """One unit. serial: makes its SOR id. text: its record as written, until it changes."""

    kind: Kind
    serial: int
    name: str
    unit_type: str
    status: Status
    parent: Unit | None = None
    children: list[Unit] = field(default_factory=list)
    number: Number | None = None
    inherited: bool = False
    shak: str | None = None
    provider: int | None = None
    postal: Address | None = None
    visiting: Address | None = None
    activity: Address | None = None
    contact: tuple[str | None, str | None, str] | None = None
    specialities: tuple[str, ...] = ()
    text: str | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it is closed on the old night."""
        return self.status.to is not None and self.status.to < OLD_DATE

    def below(self) -> list[Unit]:
        """List the unit and all below it, in document order."""
        found, waiting = [], [self]
        while waiting:
            unit = waiting.pop()
            found.append(unit)
            waiting.extend(reversed(unit.children))
        return found

    def effective(self) -> int | None:
        """The serial of its effective number."""
        if self.number is not None:
            return self.number.serial
        above = self.parent if self.inherited else None
        while above is not None:
            if above.number is not None:
                return above.number.serial
            above = above.parent
        return None


def plan_trees(scale: float, seed: int) -> list[tuple[Shape, int]]:
    """Plan the shape and size of each tree; large trees are scattered among small ones."""
    rng = random.Random(f"{seed} plan")
    sizes = rng.choices((3, 4, 5, 6, 7), (48, 26, 13, 8, 5), k=round(_PRIVATE * scale))
    trees: list[tuple[Shape, int]] = [("private", size) for size in sizes]
    for _ in range(round(_MUNICIPALITIES * scale)):
        trees.insert(rng.randrange(len(trees)), ("municipality", rng.randint(230, 430)))
    for _ in range(_REGIONS):
        size = max(20, round(rng.randint(4_500, 7_500) * scale))
        trees.insert(rng.randrange(len(trees)), ("region", size))
    return [*trees, ("municipality", 300)]


class TreeBuilder:
    """Builds one tree; its units have the serials from `first` on."""

    def __init__(self, seed: str, first: int, *, new: bool = False) -> None:
        self.rng = random.Random(seed)
        self.serial, self.new = first, new
        self.place = invented_names.choose_place(self.rng)
        self.closed_on: str | None = None

    def build_tree(self, shape: Shape, size: int) -> Unit:
        """Build a tree of exactly so many units."""
        owner = self.owner(shape)
        left = size - 1
        if shape == "private":
            if not self.new and self.rng.random() < 0.14:
                self.closed_on = self.rng.choice(_DAYS)
                owner.status.to = self.closed_on
            self.institution(owner, shape, left)
            return owner
        portions = (int(left * portion) for portion in _HOSPITALS)
        while left:
            wished = next(portions, 0) if shape == "region" else 0
            portion = min(left, max(wished, self.rng.randint(3, 25)))
            self.institution(owner, shape, portion)
            left -= portion
        return owner

    def owner(self, shape: Shape) -> Unit:
        """The owner at the top."""
        unit = self.unit("owner", None, invented_names.invent_owner(self.rng, shape, self.place))
        unit.unit_type = invented_names.OWNER_TYPES[shape]
        if shape != "private" or self.rng.random() < 0.45:
            unit.number = self.number(unit)
        unit.postal = self.address()
        unit.contact = self.contact()
        return unit

    def institution(self, owner: Unit, shape: Shape, size: int) -> None:
        """An institution and size - 1 organizational units below it, five deep in a region."""
        rng = self.rng
        top = self.unit(
            "institution", owner, invented_names.invent_institution(rng, shape, self.place)
        )
        top.unit_type = rng.choice(invented_names.INSTITUTION_TYPES[shape])
        if owner.number is None or (shape != "private" and rng.random() < 0.4):
            top.number = self.number(top)
        else:
            top.inherited = rng.random() < 0.85
        top.postal, top.visiting = self.address(), self.address()
        top.contact = self.contact()
        path, deepest = [top], {"private": 1, "municipality": 2, "region": _DEEPEST}[shape]
        for _ in range(size - 1):
            if len(path) > 1 and (len(path) > deepest or rng.random() < 0.62):
                del path[rng.randint(1, len(path) - 1) :]
            path.append(self.organizational_unit(path[-1], shape))

    def organizational_unit(self, parent: Unit, shape: Shape) -> Unit:
        """One organizational unit."""
        draw = self.rng.random
        unit = self.unit(
            "organizational_unit",
            parent,
            invented_names.invent_organizational_unit(self.rng, shape),
        )
        unit.unit_type = self.rng.choice(invented_names.PART_TYPES[shape])
        if draw() < 0.1:
            unit.number = self.number(unit)
        else:
            unit.inherited = draw() < 0.8
        if shape == "region":
            unit.shak = (
                f"{int(draw() * 9999):04d}{int(draw() * 99):02d}{'ABKV1234'[int(draw() * 8)]}"
            )
            unit.specialities = tuple(self.rng.sample(invented_names.SPECIALITIES, int(draw() * 3)))
        elif shape == "private" and draw() < 0.5:
            unit.provider = unit.serial % 1_000_000
        unit.postal = self.address() if draw() < 0.45 else None
        unit.visiting = self.address() if draw() < 0.4 else None
        unit.activity = self.address() if draw() < 0.12 else None
        unit.contact = self.contact() if draw() < 0.6 else None
        return unit

    def unit(self, kind: Kind, parent: Unit | None, name: str) -> Unit:
        """A bare unit with its dates."""
        unit = Unit(kind, self.serial, name, "", self.status(), parent)
        self.serial += 1
        if parent is not None:
            parent.children.append(unit)
            before = self.closed_on or parent.status.to
            if before is not None:
                unit.status.to = before
            elif kind == "organizational_unit" and not self.new and self.rng.random() < 0.13:
                unit.status.to = self.rng.choice(_DAYS)
        return unit

    def status(self) -> Status:
        """Dates of something that is open."""
        if self.new:
            return Status("2024-03-01", None, OLD_DATE, "2024-03-01")
        draw = self.rng.random
        first = int(draw() * len(_DAYS))
        since = first + int(draw() * (len(_DAYS) - first))
        return Status(_DAYS[since], None, _DAYS[since], _DAYS[first])

    def number(self, unit: Unit) -> Number:
        """A number of the unit's own."""
        return Number(
            unit.serial, self.place[3], self.rng.choice(invented_names.SYSTEMS), self.status()
        )

    def address(self) -> Address:
        """An address in the tree's town."""
        draw = self.rng.random
        north, east = 6_050_000 + draw() * 350_000, 450_000 + draw() * 290_000
        return (
            invented_names.STREETS[int(draw() * len(invented_names.STREETS))],
            str(1 + int(draw() * 180)),
            "1" if draw() < 0.15 else None,
            "th" if draw() < 0.08 else None,
            *self.place,
            f"{int(draw() * 9999):04d}",
            f"{north:.3f}",
            f"{east:.3f}",
        )

    def contact(self) -> tuple[str | None, str | None, str]:
        """E-mail, web site and telephone."""
        draw = self.rng.random
        name = invented_names.STREETS[int(draw() * len(invented_names.STREETS))].lower()
        host = f"{name.translate(invented_names.PLAIN)}{int(draw() * 999)}.example"
        email = f"post@{host}" if draw() < 0.6 else None
        website = f"www.{host}" if draw() < 0.5 else None
        return email, website, f"{20_000_000 + int(draw() * 79_999_999)}"
