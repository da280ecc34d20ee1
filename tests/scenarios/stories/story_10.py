"""April 2018: the private actors are imported, and a register of 400 units becomes one of 2,600."""

from __future__ import annotations

from collections.abc import Iterator

from tests.making.plain import PlainUnit, valid_cvr

from . import lists
from .nights import Telling
from .trees import (
    address,
    changed,
    hospital,
    institution,
    municipality,
    number,
    organizational_unit,
    owner,
    phone,
    region,
    registered,
)

_FIRST = (
    *("Anne", "Bente", "Carsten", "Dorthe", "Erik", "Freja", "Grethe", "Hans", "Inge", "Jens"),
    *("Karen", "Lars", "Mette", "Nanna", "Ole", "Pia", "Rasmus", "Signe", "Tove", "Åge"),
)
_LAST = (
    *("Andersen", "Bjerre", "Christiansen", "Dam", "Enevoldsen", "Frandsen", "Gregersen"),
    *("Højlund", "Iversen", "Jørgensen", "Kjærgaard", "Lassen", "Mørch", "Nørregaard"),
    *("Olesen", "Præst", "Rask", "Søndergaard", "Thøgersen", "Ulrich", "Vestergaard"),
    *("Winther", "Ægidius", "Østergaard", "Ågesen", "Brandt", "Clausen", "Dalsgaard", "Friis"),
)
_KINDS = (
    ("Akupunktur", lists.AKUPUNKTUR),
    ("Optik", lists.OPTIKER),
    ("Kosmetisk klinik", lists.KOSMETISK),
    ("Zoneterapi", lists.ZONETERAPI),
    ("Klinik", lists.ALTERNATIV),
    ("Fodpleje", lists.FODTERAPEUT),
    ("Fysioterapi", lists.FYSIOTERAPI),
)


def _practice(place: int, people: int, since: str) -> PlainUnit:
    """One private actor, as sparse as the import made it: names, types, CVR, half of them with a number."""
    sequence = 700_000 + 10 * place
    name = f"{_FIRST[place % 20]} {_LAST[place % 29]}"
    kind, unit_type = _KINDS[place % 7]
    with_number = place % 2 == 0
    persons = [
        organizational_unit(
            sequence + 2 + person,
            name if person == 0 else f"{_FIRST[(place + person) % 20]} {_LAST[(place + 3) % 29]}",
            lists.SUPPLERENDE,
            since=since,
            location_number_inherited=with_number,
        )
        for person in range(people)
    ]
    shop = institution(
        sequence + 1,
        f"{kind} {_LAST[place % 29]}",
        unit_type,
        *persons,
        since=since,
        location_number_inherited=with_number,
    )
    return owner(
        sequence,
        name,
        lists.PRIVAT,
        shop,
        since=since,
        cvr=valid_cvr(1_000_000 + place),
        location_number=number(300_000 + place, "1082", since=since) if with_number else None,
    )


def _imported(places: range, people: int) -> Iterator[PlainUnit]:
    """Private actors in force since 18 April, registered a week before in the temporary database."""
    for place in places:
        practice = _practice(place, people, "2018-04-18")
        for unit in (practice, practice.children[0], *practice.children[0].children):
            registered(unit, "2018-04-11")
        yield practice


def _private_actors() -> dict[str, bytes]:
    story = Telling(*_old_register(), pack=True)
    story.lists = [
        lists.unit_types(
            *(lists.KOMMUNE, lists.PRIVAT, lists.REGION, lists.HOSPITAL, lists.KLINISK_ENHED),
            *(lists.HJEMMESYGEPLEJE, lists.SUPPLERENDE),
            *(unit_type for _, unit_type in _KINDS),
            revised=True,
        )
    ]
    story.night("2018-04-21")
    story.night("2018-04-22")
    changed(story[690_005], "2018-04-23").contact = phone("78440005")
    story.units += _imported(range(90, 590), 1)
    story.night("2018-04-23")
    changed(story[700_011], "2018-04-24").name = "Bjerres Optik"
    story.units += _imported(range(590, 765), 2)
    story.night("2018-04-24")
    for wrong in (702_340, 706_170):
        story.take_out(wrong)
    changed(story[700_021], "2018-04-25").contact = phone("86120447")
    story.units.append(_practice(765, 1, "2018-04-25"))
    story.night("2018-04-25")
    return story.nights


def _old_register() -> list[PlainUnit]:
    """400 units: a region and a municipality with 20 each, and 90 practices of four."""
    big = hospital(
        690_001,
        "Midtby Sygehus",
        "6698",
        address("Skottenborg", "26", "8800"),
        *(f"Afdeling {c}" for c in "ABCDEFGHIJKLMNOPQR"),
    )
    districts = [
        institution(
            690_101 + place, f"Hjemmesygeplejen, distrikt {place + 1}", lists.HJEMMESYGEPLEJE
        )
        for place in range(19)
    ]
    registered(districts[18], "2018-03-28").to = "2018-04-21"
    return [
        region(690_000, "Region Midtjylland", address("Skottenborg", "26", "8800"), big),
        municipality(690_100, "Viborg Kommune", address("Skottenborg", "26", "8800"), *districts),
        *(_practice(place, 2, "2010-01-05") for place in range(90)),
    ]


NIGHTS = {"10-private-actors": _private_actors}
