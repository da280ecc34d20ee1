"""Changes of one night, of all kinds, and how many events of each type they must give."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from . import invented_names
from .invented_register import LATER, NEW_DATE, OLD_DATE, Status, Unit

_WEIGHTS = {
    "rename": 20,
    "change_address": 18,
    "change_contact": 18,
    "close": 8,
    "schedule_closure": 6,
    "change_type": 6,
    "move_within": 6,
    "move_out": 3,
    "reassign_number": 2,
    "change_number": 5,
    "change_provider": 3,
    "create": 5,
    "remove": 3,
}
_TRIES = 12


def let_dates_pass(owner: Unit, rng: random.Random, wanted: int, events: Counter[str]) -> int:
    """Let dates of the tree's units pass between the nights; return how many could not."""
    parts = [unit for unit in owner.below()[1:] if not unit.children and not unit.is_closed]
    rng.shuffle(parts)
    for number in range(wanted):
        if not parts:
            return wanted - number
        unit, way = parts.pop(), number % 3
        if unit.number is not None and way == 0:
            unit.number.status.to = OLD_DATE
            events["location_number.closed"] += 1
        elif way == 1:
            unit.status = Status(NEW_DATE, None, OLD_DATE, NEW_DATE)
            events["unit.opened"] += 1
        else:
            unit.status.to = OLD_DATE
            events["unit.closed"] += 1
    return 0


def _has_passing_date(unit: Unit) -> bool:
    """Whether one of its dates passes tonight."""
    passed = unit.number is not None and unit.number.status.to == OLD_DATE
    return passed or unit.status.to == OLD_DATE or unit.status.first_from == NEW_DATE


class NightChanges:
    """Changes trees in the order of the file, and counts the events that must come of it.

    A unit is changed once at most. What leaves a tree is put into a later one.
    """

    def __init__(self, rng: random.Random, first_serial: int) -> None:
        self.rng, self.serial = rng, first_serial
        self.events: Counter[str] = Counter()
        self.changed = 0
        self.on_the_way: list[tuple[Unit, int | None]] = []
        self.is_last = False
        self._units: list[Unit] = []
        self._touched: set[int] = set()
        self._kinds = list(_WEIGHTS)
        self._weights = list(_WEIGHTS.values())

    def change(self, owner: Unit, wanted: int) -> int:
        """Change so many units of the tree; return how many could not be changed."""
        self._units = owner.below()
        self._touched = {id(unit) for unit in self._units if _has_passing_date(unit)}
        while wanted and len(self._touched) < len(self._units):
            wanted -= self._change_one()
        if self.on_the_way and (self.is_last or self.rng.random() < 0.02):
            self._place_moved_units()
        return wanted

    def _change_one(self) -> bool:
        kinds = self.rng.choices(self._kinds, self._weights, k=2)
        if len(self._units) - len(self._touched) < _TRIES:
            kinds.append("rename")
        for kind in kinds:
            change: Callable[[Unit], bool] = getattr(self, f"_{kind}")
            for _ in range(_TRIES):
                unit = self._units[int(self.rng.random() * len(self._units))]
                if id(unit) not in self._touched and change(unit):
                    self._touched.add(id(unit))
                    if kind != "create":
                        self._register(unit)
                    self.changed += 1
                    return True
        return False

    def _register(self, unit: Unit) -> None:
        """Mark its record as changed tonight, so that it is written again."""
        unit.text = None
        unit.status = replace(unit.status, updated=NEW_DATE)

    def _place_moved_units(self) -> None:
        for unit, before in self.on_the_way:
            places = [place for place in self._units if self._accepts_children(place)]
            if not places:
                return
            self._attach(unit, self.rng.choice(places), before)
        self.on_the_way = []

    def _accepts_children(self, place: Unit) -> bool:
        """Whether others may be put below it: it is open, and no leaf, which may be removed itself."""
        is_above = place.kind == "institution" or (place.parent is not None and place.children)
        return bool(is_above) and place.status.to is None

    def _attach(self, unit: Unit, place: Unit, before: int | None) -> None:
        unit.parent, unit.text = place, None
        place.children.append(unit)
        self.events["unit.moved"] += 1
        if not unit.is_closed and unit.effective() != before:
            self.events["unit.effective_location_number_changed"] += 1

    def _is_leaf(self, unit: Unit) -> bool:
        return unit.kind == "organizational_unit" and not unit.children

    def _rename(self, unit: Unit) -> bool:
        unit.name = f"{unit.name[:40]} {'ny' if unit.name.endswith('II') else 'II'}"
        self.events["unit.renamed"] += 1
        return True

    def _change_address(self, unit: Unit) -> bool:
        if unit.postal is None:
            return False
        unit.postal = (
            invented_names.STREETS[self.rng.randrange(24)],
            f"{1 + unit.serial % 90} B",
            *unit.postal[2:],
        )
        self.events["unit.address_changed"] += 1
        return True

    def _change_contact(self, unit: Unit) -> bool:
        if unit.contact is None:
            return False
        email, website, phone = unit.contact
        unit.contact = (email, website, f"{(int(phone) + 1_234_567) % 80_000_000 + 20_000_000}")
        self.events["unit.contact_changed"] += 1
        return True

    def _close(self, unit: Unit) -> bool:
        if unit.status.to is not None or not self._is_leaf(unit):
            return False
        unit.status = replace(unit.status, to=OLD_DATE)
        self.events["unit.closed"] += 1
        return True

    def _schedule_closure(self, unit: Unit) -> bool:
        if unit.is_closed:
            return False
        unit.status = replace(unit.status, to=self.rng.choice(LATER))
        self.events["unit.closure_scheduled"] += 1
        return True

    def _change_type(self, unit: Unit) -> bool:
        if unit.kind == "owner":
            return False
        types = [code for codes in invented_names.PART_TYPES.values() for code in codes]
        unit.unit_type = self.rng.choice([code for code in types if code != unit.unit_type])
        self.events["unit.type_changed"] += 1
        return True

    def _move_within(self, unit: Unit) -> bool:
        places = self._units if self._is_leaf(unit) else []
        others = [
            place for place in places if self._accepts_children(place) and place is not unit.parent
        ]
        if not others or unit.parent is None:
            return False
        before = unit.effective()
        unit.parent.children.remove(unit)
        self._attach(unit, self.rng.choice(others), before)
        return True

    def _move_out(self, unit: Unit) -> bool:
        if self.is_last or not self._is_leaf(unit) or unit.parent is None:
            return False
        self.on_the_way.append((unit, unit.effective()))
        unit.parent.children.remove(unit)
        self._forget(unit)
        return True

    def _reassign_number(self, unit: Unit) -> bool:
        """Give the owner's number to its only institution."""
        if unit.kind != "owner" or unit.number is None or len(unit.children) != 1:
            return False
        clinic = unit.children[0]
        if clinic.number is not None or id(clinic) in self._touched:
            return False
        has_none = clinic.effective() is None
        clinic.number, unit.number = unit.number, None
        clinic.inherited = False
        self._touched.add(id(clinic))
        self._register(clinic)
        self.events["location_number.reassigned"] += 1
        self.events["unit.details_changed"] += 2
        effects = (not unit.is_closed) + (has_none and not clinic.is_closed)
        self.events["unit.effective_location_number_changed"] += effects
        return True

    def _change_number(self, unit: Unit) -> bool:
        if unit.number is None:
            return False
        system = self.rng.choice(
            [code for code in invented_names.SYSTEMS if code != unit.number.system]
        )
        status = replace(unit.number.status, updated=NEW_DATE)
        unit.number = replace(unit.number, system=system, status=status)
        self.events["location_number.details_changed"] += 1
        self.events["unit.details_changed"] += 1  # of `updated`, by which the unit was registered
        return True

    def _change_provider(self, unit: Unit) -> bool:
        if unit.provider is None:
            return False
        unit.provider = (unit.provider + 500_009) % 1_000_000
        self.events["unit.provider_number_changed"] += 1
        return True

    def _create(self, unit: Unit) -> bool:
        """Create a unit beside this one, which does not change."""
        if (
            unit.parent is None
            or not self._is_leaf(unit)
            or not self._accepts_children(unit.parent)
        ):
            return False
        status = Status(NEW_DATE, None, OLD_DATE, NEW_DATE)
        new = replace(
            unit,
            serial=self.serial,
            name=f"{unit.name[:40]} 2",
            status=status,
            children=[],
            number=None,
            inherited=True,
            provider=None,
            text=None,
        )
        self.serial += 1
        unit.parent.children.append(new)
        self.events["unit.created"] += 1
        return True

    def _remove(self, unit: Unit) -> bool:
        """Remove a unit that was closed long ago."""
        if not self._is_leaf(unit) or not unit.is_closed or unit.number is not None:
            return False
        if unit.parent is None:
            return False
        unit.parent.children.remove(unit)
        self._forget(unit)
        self.events["unit.removed"] += 1
        return True

    def _forget(self, unit: Unit) -> None:
        self._units = [other for other in self._units if other is not unit]
