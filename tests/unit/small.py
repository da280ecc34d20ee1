"""Small registers built by hand, unit by unit."""

from itertools import pairwise

from tests.making.plain import Kind, PlainRegister, PlainUnit, valid_gln, valid_sor_id

IDS = [valid_sor_id(sequence) for sequence in range(100, 130)]
NUMBER = valid_gln(7)


def unit(index: int, kind: Kind, *below: PlainUnit, **fields: object) -> PlainUnit:
    made = PlainUnit(sor_id=IDS[index], kind=kind, name=f"Enhed {index}", children=list(below))
    for name, value in fields.items():
        assert hasattr(made, name), name
        setattr(made, name, value)
    return made


def night(*owners: PlainUnit, date: str = "2024-05-02") -> PlainRegister:
    return PlainRegister(
        created_at=f"{date}T01:00:00.0000000+02:00",
        snapshot_date=date,
        units=list(owners),
        lists=None,
    )


def deep(*units: PlainUnit) -> PlainUnit:
    """The units one below the other."""
    for upper, lower in pairwise(units):
        upper.children.append(lower)
    return units[0]
