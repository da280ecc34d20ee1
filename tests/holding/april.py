"""April 2018, made by dice: sixty ordinary nights, then the import of the private actors.

Registers are plain trees of 400 units and more; an ordinary night has up to 150 changes by a
weekday pattern (few at the weekend). Everything is seeded.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tests.making.plain import (
    PlainNumber,
    PlainRegister,
    PlainUnit,
    copy_register,
    valid_gln,
    valid_sor_id,
    walk,
)
from tests.making.xml import write_snapshot

FIRST_DAY = date(2018, 2, 20)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2018, 4, day) for day in (23, 24, 25, 26))
ORDINARY_NIGHTS = (date(2018, 4, 22) - FIRST_DAY).days


def private_tree(first: int) -> PlainUnit:
    """An owner, its institution and one unit below, as nearly all private actors stand."""
    lowest = _unit(first + 2, "organizational_unit")
    institution = _unit(first + 1, "institution", lowest)
    institution.location_number = PlainNumber(number=valid_gln(first), from_="2015-01-01")
    lowest.location_number_inherited = True
    return _unit(first, "owner", institution)


def _unit(sequence: int, kind: str, *below: PlainUnit) -> PlainUnit:
    return PlainUnit(
        sor_id=valid_sor_id(sequence),
        kind=kind,  # type: ignore[arg-type]
        name=f"Klinik {sequence}",
        from_="2015-01-01",
        updated="2015-01-01",
        first_from="2015-01-01",
        children=list(below),
    )


def register(trees: int, day: date) -> PlainRegister:
    """So many private trees, three units each."""
    return PlainRegister(
        created_at=f"{day.isoformat()}T01:00:00+02:00",
        snapshot_date=day.isoformat(),
        units=[private_tree(1000 + 3 * number) for number in range(trees)],
        lists=None,
    )


def next_ordinary(rng: random.Random, before: PlainRegister, day: date) -> PlainRegister:
    """The next night: renames, now and then a closing; less at the weekend."""
    after = copy_register(before)
    after.created_at = f"{day.isoformat()}T01:00:00+02:00"
    after.snapshot_date = day.isoformat()
    units = list(walk(after))
    least, most = (1, 12) if day.weekday() in {5, 6} else (20, 150)
    for _ in range(rng.randint(least, most)):
        unit = rng.choice(units)
        if rng.random() < 0.01 and unit.kind == "organizational_unit":
            unit.to = before.snapshot_date
        else:
            unit.name = f"Klinik {rng.randint(1, 10**6)}"
        unit.updated = day.isoformat()
    return after


def imported(before: PlainRegister, trees: int, first: int, day: date) -> PlainRegister:
    """The night of the import: so many private trees more."""
    after = next_ordinary(random.Random(first), before, day)
    after.units += [private_tree(first + 3 * number) for number in range(trees)]
    return after


def ordinary_nights(trees: int = 140) -> Iterator[PlainRegister]:
    """The baseline and the ordinary nights up to Sunday 22 April."""
    rng = random.Random(2018)
    night = register(trees, FIRST_DAY)
    yield night
    for past in range(1, ORDINARY_NIGHTS + 1):
        night = next_ordinary(rng, night, FIRST_DAY + timedelta(days=past))
        yield night


def written(night: PlainRegister, folder: Path) -> Path:
    """The night as a file."""
    path = folder / f"{night.snapshot_date}.xml"
    path.write_bytes(write_snapshot(night, version=2))
    return path
