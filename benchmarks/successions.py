"""Practices that close with known truth: taken over, moved, merged, split, imported anew, or simply closed.

Invented, and of no register; how often what stays the same is a guess from the news of 2017 to 2019.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sordiff.model import Day, Gln, Kind, SorId
from sordiff.reconcile.evidence import opening_span
from sordiff.reconcile.registered_unit import (
    RegisteredAddress,
    RegisteredContact,
    RegisteredNumber,
    RegisteredPlace,
    RegisteredUnit,
)
from sordiff.reconcile.traits import (
    WEAK_LINKS,
    Link,
    Traits,
    describe,
    list_links,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILIES = [
    "Jensen",
    "Nielsen",
    "Hansen",
    "Pedersen",
    "Andersen",
    "Christensen",
    "Larsen",
    "Sørensen",
    "Rasmussen",
    "Jørgensen",
    "Madsen",
    "Kjær",
    "Møller",
    "Åkjær",
    "Bæk",
    "Østergaard",
    "Skovgaard",
    "Friis",
    "Holm",
    "Lund",
]
FIRSTS = [
    "Anne",
    "Birgitte",
    "Søren",
    "Åse",
    "Mads",
    "Karen",
    "Jørn",
    "Lone",
    "Ida",
    "Poul",
    "Inger",
    "Rasmus",
    "Mette",
    "Thøger",
    "Sidsel",
    "Lærke",
]
PLACES = [
    "Torvet",
    "Havnen",
    "Søgade",
    "Nørregade",
    "Åparken",
    "Møllevej",
    "Bakken",
    "Skolegade",
    "Kirkepladsen",
    "Vestergade",
    "Østerbro",
    "Engen",
    "Birkealle",
    "Svanevej",
    "Ågade",
    "Lyngby",
]
STREETS = [
    "Havnegade",
    "Torvet",
    "Søndergade",
    "Nørregade",
    "Møllevej",
    "Åvej",
    "Østergade",
    "Vestergade",
    "Kirkestræde",
    "Skolegade",
    "Birkealle",
    "Ringvejen",
]
TYPES = ("394761003", "550621000005101", "550691000005104", "550851000005109")


@dataclass
class Case:
    """A unit that closed, whoever goes on (none, one or two), and who else comes into question."""

    kind: str
    gone: Traits
    closed: Day
    heirs: frozenset[str]
    candidates: list[Traits] = field(default_factory=list)


@dataclass
class Practice:
    """An owner with one institution: what is the same in both is said once."""

    owner: RegisteredUnit
    clinic: RegisteredUnit

    def traits(self) -> Traits:
        return describe(self.clinic, describe(self.owner, None))


class Town:
    """Makes practices, lets them close, and remembers who went on."""

    def __init__(self, seed: int, practices: int) -> None:
        self.rng = random.Random(f"successions {seed}")
        self._serial = 1_000_000 * (seed + 1)
        self._houses = [self._house() for _ in range(max(4, practices // 3))]
        self.live = [self.practice(self._long_ago()) for _ in range(practices)]
        self.cases: list[Case] = []

    def practice(self, opened: Day, **said: str | None) -> Practice:
        rng = self.rng
        serial = self._next()
        street, number, post = rng.choice(self._houses) if rng.random() < 0.5 else self._house()
        facts: dict[str, str | None] = {
            "name": self._name(),
            "number": f"579{serial:010d}",
            "provider": f"{serial % 1_000_000:06d}" if rng.random() < 0.6 else None,
            "shak": f"{serial % 10_000_000:07d}" if rng.random() < 0.15 else None,
            "p_number": f"1{serial:09d}" if rng.random() < 0.3 else None,
            "cvr": f"{serial % 100_000_000:08d}",
            "street": street,
            "building": number,
            "post": post,
            "phone": f"{80_000_000 + serial % 19_000_000}" if rng.random() < 0.85 else None,
            "email": f"k{serial}@example.dk" if rng.random() < 0.4 else None,
            "type": rng.choice(TYPES),
            "owner": None,
        }
        facts |= said
        return _built(facts, opened, self._next(), self._next())

    def _next(self) -> int:
        self._serial += 1
        return self._serial

    def _house(self) -> tuple[str, str, str]:
        rng = self.rng
        return rng.choice(STREETS), str(rng.randint(1, 60)), f"{rng.randint(80, 89)}00"

    def _name(self) -> str:
        rng = self.rng
        family = rng.choice(FAMILIES)
        return rng.choice(
            (
                f"Lægehuset {rng.choice(PLACES)}",
                f"Læge {rng.choice(FIRSTS)} {family}",
                f"Lægerne {rng.choice(PLACES)} I/S",
                f"Tandlægerne v/ {rng.choice(FIRSTS)} {family} ApS",
                f"{rng.choice(PLACES)} Fysioterapi",
                f"Lægehuset {rng.randint(1, 4)}",
            )
        )

    def _long_ago(self) -> Day:
        return Day((date(2004, 1, 1) + timedelta(days=self.rng.randint(0, 4000))).isoformat())

    def _then(self, closed: Day) -> Day:
        """Most open the day after, some earlier or later."""
        days = self.rng.choice((1, 1, 1, 1, 0, 15, 31, -20, self.rng.randint(-60, 120)))
        return Day((date.fromisoformat(closed) + timedelta(days=days)).isoformat())

    def keep(self, old: Practice, **chances: float) -> dict[str, str | None]:
        """Of what a practice had, each with its chance to stay."""
        had = _facts(old)
        groups = {"house": ("street", "building", "post")}
        kept: dict[str, str | None] = {}
        for name, chance in chances.items():
            if self.rng.random() < chance:
                for one in groups.get(name, (name,)):
                    kept[one] = had[one]
        return kept

    def similar(self, name: str) -> str:
        rng = self.rng
        return rng.choice(
            (
                name.replace("å", "aa").replace("æ", "ae").replace("ø", "oe"),
                name.replace(" I/S", "").replace(" ApS", "") + rng.choice((" ApS", " I/S", "")),
                name.replace("Lægerne", "Lægehuset"),
                f"{name} v/ {rng.choice(FIRSTS)} {rng.choice(FAMILIES)}",
                name.replace("Læge ", "Lægeklinikken v/ "),
            )
        )

    def named_after(self, old: Practice, same: float, similar: float) -> dict[str, str | None]:
        throw = self.rng.random()
        name = str(old.clinic.name)
        if throw < same:
            return {"name": name}
        return {"name": self.similar(name)} if throw < same + similar else {}


def _built(facts: dict[str, str | None], opened: Day, first: int, second: int) -> Practice:
    place = RegisteredPlace(
        street_name=facts["street"], street_building=facts["building"], post_code=facts["post"]
    )
    owner_id = SorId(facts["owner"] or f"{first}owner")
    owner = RegisteredUnit(
        sor_id=owner_id,
        kind=Kind.OWNER,
        name=facts["name"],
        cvr=facts["cvr"],
        address=RegisteredAddress(postal=place),
    )
    number = facts["number"]
    clinic = RegisteredUnit(
        sor_id=SorId(f"{second}clinic"),
        kind=Kind.INSTITUTION,
        parent_id=owner_id,
        name=facts["name"],
        unit_type=facts["type"],
        location_number=RegisteredNumber(number=Gln(number)) if number else None,
        provider_number=facts["provider"],
        shak=facts["shak"],
        p_number=facts["p_number"],
        address=RegisteredAddress(visiting=place),
        contact=RegisteredContact(phone=facts["phone"], email=facts["email"]),
        first_from=opened,
    )
    return Practice(owner, clinic)


def _facts(old: Practice) -> dict[str, str | None]:
    clinic = old.clinic
    place = clinic.address.visiting if clinic.address else None
    assert place is not None
    assert clinic.contact is not None
    return {
        "name": clinic.name,
        "number": clinic.location_number.number if clinic.location_number else None,
        "provider": clinic.provider_number,
        "shak": clinic.shak,
        "p_number": clinic.p_number,
        "cvr": old.owner.cvr,
        "street": place.street_name,
        "building": place.street_building,
        "post": place.post_code,
        "phone": clinic.contact.phone,
        "email": clinic.contact.email,
        "type": clinic.unit_type,
        "owner": old.owner.sor_id,
    }


def simulate(seed: int, practices: int) -> list[Case]:
    """The cases of a town in which four in ten practices close."""
    town = Town(seed, practices)
    rng = town.rng
    closing = town.live[: practices * 4 // 10]
    town.live = town.live[len(closing) :]
    endings = (_take_over, _move, _merge, _split, _join, _import_anew, _close)
    waiting = list(closing)
    while waiting:
        ending = rng.choices(endings, weights=(27, 16, 8, 8, 5, 16, 20))[0]
        ending(town, waiting)
    for _ in range(practices // 100):
        _hospital(town)
    _link(town)
    return town.cases


WARDS = [
    "Medicinsk",
    "Kirurgisk",
    "Ortopædkirurgisk",
    "Radiologisk",
    "Neurologisk",
    "Børne",
    "Øjen",
    "Hud",
    "Lunge",
    "Hjerte",
    "Gynækologisk",
    "Onkologisk",
]


def _hospital(town: Town) -> None:
    """Wards below one owner, with its address, phone and CVR number: some close, others open then."""
    rng = town.rng
    house = town.practice(town._long_ago(), provider=None)
    owner = replace(house.owner, contact=house.clinic.contact)

    def ward(opened: Day, name: str, shak: str | None) -> Practice:
        number = RegisteredNumber(number=Gln(f"579{town._next():010d}"))
        own = RegisteredUnit(
            sor_id=SorId(f"{town._next()}ward"),
            kind=Kind.INSTITUTION,
            parent_id=owner.sor_id,
            name=name,
            unit_type=rng.choice(TYPES),
            location_number=number if rng.random() < 0.4 else None,
            shak=shak,
            first_from=opened,
        )
        return Practice(owner, own)

    def name() -> str:
        return f"{rng.choice(WARDS)} {rng.choice(('Afdeling', 'Ambulatorium', 'Klinik'))} {rng.randint(1, 30)}"

    for _ in range(8):
        town.live.append(ward(town._long_ago(), name(), None))
    for _ in range(6):
        closed = _day(town)
        shak = f"{town._next() % 10_000_000:07d}" if rng.random() < 0.7 else None
        old = ward(town._long_ago(), name(), shak)
        town.live.append(ward(town._then(closed), name(), None))
        if rng.random() < 0.5:
            _note(town, "ward, closing", old, closed)
            continue
        kept = shak if rng.random() < 0.85 else None
        again = str(old.clinic.name) if rng.random() < 0.8 else name()
        new = ward(town._then(closed), again, kept)
        if rng.random() < 0.7:
            new.clinic = replace(new.clinic, location_number=old.clinic.location_number)
        town.live.append(new)
        _note(town, "ward, made anew", old, closed, new)


def _day(town: Town) -> Day:
    return Day((date(2018, 1, 1) + timedelta(days=town.rng.randint(0, 700))).isoformat())


def _open(town: Town, closed: Day, facts: dict[str, str | None]) -> Practice:
    new = town.practice(town._then(closed), **facts)
    town.live.append(new)
    return new


def _note(town: Town, kind: str, old: Practice, closed: Day, *heirs: Practice) -> None:
    found = frozenset(str(heir.clinic.sor_id) for heir in heirs)
    town.cases.append(Case(kind, old.traits(), closed, found))


def _take_over(town: Town, waiting: list[Practice]) -> None:
    old, closed = waiting.pop(), _day(town)
    kept = town.keep(
        old, house=0.92, phone=0.7, provider=0.8, number=0.85, shak=0.8, type=0.95, email=0.2
    )
    new = _open(town, closed, kept | town.named_after(old, 0.35, 0.35))
    _note(town, "take-over", old, closed, new)


def _move(town: Town, waiting: list[Practice]) -> None:
    old, closed = waiting.pop(), _day(town)
    kept = town.keep(
        old,
        owner=1,
        cvr=1,
        phone=0.75,
        provider=0.9,
        number=0.8,
        type=0.97,
        email=0.9,
        post=0.7,
        shak=0.9,
    )
    new = _open(town, closed, kept | town.named_after(old, 0.8, 0.15))
    _note(town, "move", old, closed, new)


def _merge(town: Town, waiting: list[Practice]) -> None:
    if len(waiting) < 2:
        _take_over(town, waiting)
        return
    one, other, closed = waiting.pop(), waiting.pop(), _day(town)
    kept = town.keep(other, house=0.5, phone=0.4, provider=0.5, number=0.35, shak=0.4, type=0.9)
    kept |= town.keep(one, house=0.6, phone=0.55, provider=0.55, number=0.65, shak=0.5, cvr=0.5)
    # The house is one of both, or a third one, as a whole.
    new = _open(town, closed, kept | town.named_after(one, 0.3, 0.4))
    _note(town, "merger, the larger part", one, closed, new)
    _note(town, "merger, the smaller part", other, closed, new)


def _join(town: Town, waiting: list[Practice]) -> None:
    """A practice that stays takes another one in, sometimes with its numbers."""
    old, closed = waiting.pop(), _day(town)
    place = town.rng.randrange(len(town.live))
    staying = town.live[place]
    kept = town.keep(old, provider=0.6, number=0.45, phone=0.4)
    clinic = staying.clinic
    if number := kept.get("number"):
        clinic = replace(clinic, location_number=RegisteredNumber(number=Gln(number)))
    if kept.get("provider"):
        clinic = replace(clinic, provider_number=kept["provider"])
    if kept.get("phone") and clinic.contact:
        clinic = replace(clinic, contact=replace(clinic.contact, phone=kept["phone"]))
    town.live[place] = Practice(staying.owner, clinic)
    _note(town, "taken in by one that stays", old, closed, town.live[place])


def _split(town: Town, waiting: list[Practice]) -> None:
    old, closed = waiting.pop(), _day(town)
    kept = town.keep(old, house=0.95, phone=0.7, provider=0.8, number=0.9, type=0.97)
    first = _open(town, closed, kept | town.named_after(old, 0.4, 0.3))
    second = _open(town, closed, town.keep(old, house=0.7, type=0.97))
    _note(town, "split", old, closed, first, second)


def _import_anew(town: Town, waiting: list[Practice]) -> None:
    old, closed = waiting.pop(), Day("2018-04-06")
    kept = town.keep(
        old,
        house=0.98,
        phone=0.95,
        provider=0.97,
        number=0.95,
        cvr=0.97,
        p_number=0.9,
        email=0.95,
        shak=0.9,
    )
    new = _open(town, closed, kept | town.named_after(old, 0.75, 0.25))
    _note(town, "April import", old, closed, new)


def _close(town: Town, waiting: list[Practice]) -> None:
    """Nobody goes on; but somebody may open in the same house, or the owner elsewhere."""
    old, closed = waiting.pop(), _day(town)
    if town.rng.random() < 0.3:
        _open(town, closed, town.keep(old, house=1, type=0.5))
    if town.rng.random() < 0.2:
        _open(town, closed, town.keep(old, owner=1, cvr=1, type=0.7, phone=0.2))
    if town.rng.random() < 0.15:
        _open(town, closed, town.named_after(old, 1, 0))
    # What must not be, and is: a number that a stranger is given soon after.
    if town.rng.random() < 0.03:
        _open(town, closed, town.keep(old, number=1, type=0.5))
    if town.rng.random() < 0.06:
        _open(town, closed, town.keep(old, provider=1, type=0.9))
    _note(town, "closing", old, closed)


def _link(town: Town) -> None:
    """Who comes into question, by the rule of the product."""
    linked: dict[tuple[Link, str], list[Traits]] = {}
    for practice in town.live:
        traits = practice.traits()
        for link in list_links(traits):
            linked.setdefault(link, []).append(traits)
    for case in town.cases:
        begin, end = opening_span(case.closed)
        found = {
            one.sor_id: one
            for link in list_links(case.gone)
            for one in linked.get(link, ())
            if link[0] not in WEAK_LINKS or begin <= (one.first_from or "") <= end
        }
        case.candidates = list(found.values())


def iterate_cases(seeds: range, practices: int) -> Iterator[Case]:
    """The cases of several towns."""
    for seed in seeds:
        yield from simulate(seed, practices)
