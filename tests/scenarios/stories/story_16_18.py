"""Stories 16 to 18: December 2018, the pharmacies and their branches."""

from __future__ import annotations

from tests.making.plain import PlainUnit

from .lists import APOTEK, APOTEKSFILIAL, KOMMUNE, PRIVAT, REGION, SUPPLERENDE, unit_types
from .nights import Telling
from .trees import (
    address,
    changed,
    day_after,
    institution,
    number,
    organizational_unit,
    pharmacy,
    registered,
)

_FUNEN, _NORTH = "1083", "1081"


def _gather(telling: Telling, branch: int, to: int, day: str) -> None:
    """The branch's institution goes under the responsible owner with the number of its own, emptied owner."""
    emptied = telling[branch]
    _number_down(telling, branch, day)
    telling.move(branch + 1, to, day)
    registered(emptied, day_after(day, -1)).to = day_after(day, -1)


def _number_down(telling: Telling, sequence: int, day: str) -> None:
    """The number of an owner is placed on its institution, the next in sequence; all below go on inheriting it."""
    above, below = telling[sequence], telling[sequence + 1]
    assert above.location_number is not None
    below.location_number, above.location_number = changed(above.location_number, day), None
    below.location_number_inherited = False
    changed(above, day)
    changed(below, day)


def gathered() -> dict[str, bytes]:
    """16: six pharmacies and branches of two pharmacists, each under an owner of its own until that night."""
    telling = Telling(
        pharmacy(
            612010,
            "Apoteker Kirsten Mølgaard",
            "Klosterbro Apotek",
            "362,0",
            address("Klosterbrogade", "4", "5700"),
            location_number=number(90301, _FUNEN),
        ),
        pharmacy(
            612020,
            "Tåsinge Apoteksfilial",
            "Tåsinge Apoteksfilial",
            "362,1",
            address("Vindebyvej", "31", "5700"),
            location_number=number(90302, _FUNEN),
        ),
        pharmacy(
            612030,
            "Rantzausminde Apoteksfilial",
            "Rantzausminde Apoteksfilial",
            "362,2",
            address("Rantzausmindevej", "117", "5700"),
            location_number=number(90303, _FUNEN),
        ),
        pharmacy(
            612040,
            "Sct. Knuds Apotek v/ Kirsten Mølgaard",
            "Sct. Knuds Apotek",
            "371,0",
            address("Kirkestræde", "9 A", "5970"),
            location_number=number(90304, _FUNEN),
        ),
        pharmacy(
            612050,
            "Apoteker Jens Ørskov",
            "Hobro Torvets Apotek",
            "118,0",
            address("Torvet", "2", "9500"),
            location_number=number(90305, _NORTH),
        ),
        pharmacy(
            612060,
            "Havnens Apoteksfilial",
            "Havnens Apoteksfilial",
            "118,1",
            address("Skibsgade", "25", "9500"),
            location_number=number(90306, _NORTH),
        ),
        pharmacy(
            612070,
            "Apoteker Åse Brændgaard",
            "Sønderå Apotek",
            "204,0",
            address("Sønderågade", "14", "9700"),
            location_number=number(90307, _NORTH),
            on_institution=True,
        ),
    )
    telling.night("2018-12-10")
    day = "2018-12-11"
    for main in (612010, 612050):
        _number_down(telling, main, day)
    for branch, main in ((612020, 612010), (612030, 612010), (612040, 612010), (612060, 612050)):
        _gather(telling, branch, main, day)
    telling.night(day)
    return telling.nights


def _branch(
    sequence: int, name: str, pharmacy_number: str, street: str, gln: int, **said: str
) -> PlainUnit:
    """A branch that stands under the responsible owner already, its number on itself."""
    return institution(
        sequence,
        name,
        APOTEK,
        organizational_unit(
            sequence + 1, "Ekspedition", SUPPLERENDE, location_number_inherited=True
        ),
        pharmacy_number=pharmacy_number,
        postal=address(street, "3", said.get("post_code", "8600")),
        location_number=number(gln, said.get("region", "1082")),
    )


def _chain(suffix: str = "") -> Telling:
    """Two pharmacists with five branches between them; `suffix` is put behind the branches' names."""
    dam, lynge = (suffix + main if suffix else "" for main in ("Søndre Dam Apotek", "Lynge Apotek"))
    first = pharmacy(
        613010,
        "Apoteker Birgitte Ahrensbøll",
        "Søndre Dam Apotek",
        "140,0",
        address("Dammen", "18", "8600"),
        location_number=number(90321, "1082"),
        on_institution=True,
    )
    first.children += [
        _branch(613020, "Kjellerup Apotek" + dam, "140,1", "Søndergade", 90322),
        _branch(613030, "Alderslyst Apotek" + dam, "140,2", "Borgergade", 90323),
        _branch(613040, "Gødvad Apotek" + dam, "140,3", "Stavangervej", 90324),
    ]
    second = pharmacy(
        613050,
        "Apoteker Niels Høyrup",
        "Lynge Apotek",
        "155,0",
        address("Lyngevej", "60", "8800"),
        location_number=number(90325, "1082"),
        on_institution=True,
    )
    second.children += [
        _branch(613060, "Løgstrup Apotek" + lynge, "155,1", "Hovedgaden", 90326, post_code="8800"),
        _branch(613070, "Ravnstrup Apotek" + lynge, "155,2", "Nytorv", 90327, post_code="8800"),
    ]
    return Telling(first, second)


def names() -> dict[str, bytes]:
    """17: "filial af …" goes from seven names; two of the branches are gathered in the same night."""
    telling = _chain(" - filial af ")
    strays = ((613080, "Stoholm", "155,3", 90328), (613090, "Møldrup", "155,4", 90329))
    for sequence, place, pharmacy_number, gln in strays:
        name = f"{place} Apotek - filial af Lynge Apotek"
        where = address("Vestergade", str(sequence % 100), "8800")
        telling.units.append(
            pharmacy(
                sequence, name, name, pharmacy_number, where, location_number=number(gln, "1082")
            )
        )
    telling.night("2018-12-11")
    day = "2018-12-12"
    for sequence in (613020, 613030, 613040, 613060, 613070, 613081, 613091):
        branch = changed(telling[sequence], day)
        assert branch.name is not None
        branch.name = branch.name.partition(" - filial af ")[0]
    for sequence, *_ in strays:
        _gather(telling, sequence, 613050, day)
    telling.night(day)
    return telling.nights


def types() -> dict[str, bytes]:
    """18: every branch is an apoteksfilial from one night to the next; the list of types comes along."""
    telling = _chain()
    telling.lists = [
        unit_types(KOMMUNE, PRIVAT, REGION, APOTEK, APOTEKSFILIAL, SUPPLERENDE, revised=True)
    ]
    telling.night("2018-12-17")
    day = "2018-12-18"
    for sequence in (613020, 613030, 613040, 613060, 613070):
        changed(telling[sequence], day).unit_type = APOTEKSFILIAL.code
    telling.night(day)
    return telling.nights


NIGHTS = {
    "16-pharmacies-gathered": gathered,
    "17-branch-names": names,
    "18-branch-types": types,
}
