"""Reports made by hand, for pages that no story gives: a night of 60,000 changes, and hostile names."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from sordiff.events import EVENT_TYPES, CodedText
from sordiff.model import Day, Gln, Kind, SorId, State
from sordiff.report.change import Change, UnitEntry
from sordiff.report.groups import assign_groups, find_groups
from sordiff.report.model import Calendar, ClosingDay, Night, Quality, Report
from sordiff.report.request import Asked, Headline
from sordiff.report.sections import build_sections
from sordiff.report.word_diff import compare_words

REGIONS = {
    "1081": "Region Nordjylland",
    "1082": "Region Midtjylland",
    "1083": "Region Syddanmark",
    "1084": "Region Hovedstaden",
    "1085": "Region Sjælland",
}
TYPES = {
    "550411000005105": "almen lægepraksis",
    "550611000005102": "tandlægepraksis",
    "550811000005108": "fysioterapiklinik",
    "551011000005105": "speciallægepraksis",
    "550621000005101": "hjemmesygeplejeenhed",
}
DAY = Day("2018-04-24")


def make_report(
    changes: list[Change], units: dict[SorId, UnitEntry], nights: tuple[Night, ...] = ()
) -> Report:
    """A report of one night with these changes."""
    order = list(EVENT_TYPES)
    changes = sorted(changes, key=lambda change: order.index(change.type))
    groups = find_groups(changes, units)
    changes = assign_groups(changes, groups)
    counts = Counter(change.type for change in changes)
    return Report(
        asked=Asked(),
        headline=Headline(
            since=Day("2018-04-23"),
            until=DAY,
            nights=1,
            nights_missing=0,
            runs=(90,),
            kind="night",
            state="accepted",
            reason=None,
            units_before=len(units),
            units=len(units),
            open_units=len(units),
            version_change=None,
            first_lists=(),
            counts={name: counts[name] for name in order if name in counts},
            events=len(changes),
            undone=0,
            elsewhere=0,
            warnings=(),
        ),
        alerts=(),
        groups=tuple(groups),
        sections=build_sections(changes, None),
        calendar=Calendar(
            whole=True,
            days=(
                ClosingDay(
                    day=Day("2018-04-30"), count=1, units=(next(iter(units)),), scheduled=()
                ),
            ),
            later=3,
        ),
        numbers=(),
        quality=Quality(known=True, kinds=()),
        nights=nights,
        changes=tuple(changes),
        units=units,
        unit_types=TYPES,
        regions=REGIONS,
        specialities={},
    )


def ninety_nights(rng: random.Random) -> tuple[Night, ...]:
    """Ninety nights, of which the last are those of the import."""
    nights = []
    for number in range(1, 91):
        day = date(2018, 4, 24) - timedelta(days=90 - number)
        busy = 0.2 if day.weekday() >= 5 else 1.0
        counts = {
            "unit.created": int(rng.randint(0, 14) * busy),
            "unit.closed": int(rng.randint(0, 9) * busy),
            "unit.moved": int(rng.randint(0, 4) * busy),
            "unit.renamed": int(rng.randint(0, 40) * busy),
            "location_number.assigned": int(rng.randint(0, 6) * busy),
            "unit.contact_changed": int(rng.randint(0, 30) * busy),
        }
        if number == 89:
            counts["unit.created"] = 21043
            counts["location_number.assigned"] = 7100
        if number == 85:
            counts["classification.text_changed"] = 14
        if number == 40:
            counts["unit.renamed"] = 214
        nights.append(
            Night(
                run=number,
                day=Day(day.isoformat()),
                kind="night",
                state="released" if number == 89 else "accepted",
                units=40000 + number,
                nights_missing=0,
                counts={name: count for name, count in counts.items() if count},
                held=number == 89,
                unusual=number in {40, 89},
            )
        )
    return tuple(nights)


def april(changes: int) -> Report:
    """The night of the import: private actors come by the ten thousand, and more happens."""
    rng = random.Random(2018)
    units: dict[SorId, UnitEntry] = {}
    made: list[Change] = []
    towns = ["Aarhus", "Ølstykke", "Nørre Åby", "Ærøskøbing", "Køge", "Hjørring", "Maribo", "Skive"]
    names = ["Hansen", "Jørgensen", "Sørensen", "Møller", "Christensen", "Østergaard", "Ågesen"]
    for number in range(-(-changes // 3)):
        first = 600000000000000 + number * 30
        region = rng.choice(list(REGIONS))
        code = rng.choice(list(TYPES))
        who = f"{rng.choice(names)} og {rng.choice(names)}, {rng.choice(towns)} {number}"
        owner, institution, below = (SorId(str(first + 10 * step)) for step in range(3))
        base = UnitEntry(owner=owner, region=region, state=State.OPEN, unit_type=code)
        units[owner] = replace(base, name=f"{who} I/S", kind=Kind.OWNER)
        units[institution] = replace(
            base,
            name=f"Klinikken {who}",
            kind=Kind.INSTITUTION,
            parent=owner,
            institution=institution,
        )
        units[below] = replace(
            base,
            name=f"Klinikken {who}, behandling",
            kind=Kind.ORGANIZATIONAL_UNIT,
            parent=institution,
            institution=institution,
        )
        made += [_happened(rng, one, owner, units, number) for one in (owner, institution, below)]
    return make_report(made[:changes], units, ninety_nights(rng))


def _happened(
    rng: random.Random, sor_id: SorId, owner: SorId, units: dict[SorId, UnitEntry], number: int
) -> Change:
    dice = rng.random()
    name = units[sor_id].name or ""
    if dice < 0.7:
        gln = Gln(f"5790{number:09}")
        opened = Day("2018-04-23")
        return change("unit.created", sor_id, number=gln, origins=(None, sor_id), effective=opened)
    if dice < 0.85:
        return renamed(sor_id, f"filial af {name}", name)
    if dice < 0.92:
        return change("unit.closed", sor_id, after="2018-04-23", effective=DAY)
    if dice < 0.96:
        after = (SorId("600000000000000"),)
        return change("unit.moved", sor_id, before=(owner,), after=after, descendants=2)
    old, new = rng.sample(list(TYPES.items()), 2)
    return change(
        "unit.type_changed",
        sor_id,
        before=CodedText(code=old[0], text=old[1]),
        after=CodedText(code=new[0], text=new[1]),
    )


def change(name: str, sor_id: SorId, **told: Any) -> Change:
    """A change of a unit on the night of the report."""
    return Change(type=name, subject=sor_id, unit=sor_id, run=90, day=DAY, **told)


def renamed(sor_id: SorId, before: str, after: str) -> Change:
    """A new name, its words marked."""
    return change(
        "unit.renamed", sor_id, before=before, after=after, stretches=compare_words(before, after)
    )
