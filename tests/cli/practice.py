"""A doctor's practice through the nights of a week: owner, clinic, doctor. Small, so that a test can say all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.making.plain import PlainList, PlainRegister, PlainUnit, valid_gln, valid_sor_id
from tests.making.xml import write_data_types, write_snapshot
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.nights import created_at, zipped
from tests.scenarios.stories.trees import institution, number, organizational_unit, owner

if TYPE_CHECKING:
    from pathlib import Path

    from tests.making.elements import Version

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, SUNDAY = (
    "2024-03-04",
    "2024-03-05",
    "2024-03-06",
    "2024-03-07",
    "2024-03-10",
)
OWNER, CLINIC, DOCTOR, SECOND = (valid_sor_id(n) for n in (7001, 7002, 7003, 7011))
GLN = valid_gln(711)
REGION = "1084"
# The code of the clinic's type.
GENERAL_PRACTICE = codes.ALMEN_PRAKSIS.code


def doctor(name: str | None = "Læge Karen Bjerregaard", **said: Any) -> PlainUnit:
    """The unit below the clinic, which has the clinic's location number by inheritance."""
    usual: dict[str, Any] = {"provider_number": "019062", "location_number_inherited": True}
    return organizational_unit(7003, name or "", codes.SUPPLERENDE, **{**usual, **said})


def clinic(*below: PlainUnit, name: str = "Lægehuset Torvet", **said: Any) -> PlainUnit:
    """The institution, which owns the location number."""
    usual: dict[str, Any] = {"location_number": number(711, REGION)}
    return institution(7002, name, codes.ALMEN_PRAKSIS, *below, **{**usual, **said})


def practice(*institutions: PlainUnit, name: str = "Lægerne I/S", **said: Any) -> PlainUnit:
    """The owner with what is below it; as it is on most nights where nothing is said."""
    return owner(7001, name, codes.PRIVAT, *(institutions or (clinic(doctor()),)), **said)


def second(name: str = "Kattegat Lægehuse A/S", **said: Any) -> PlainUnit:
    """Another owner, which comes and goes."""
    return owner(7011, name, codes.PRIVAT, **said)


def types(text: str = "almen lægepraksis") -> PlainList:
    """The list of unit types, with this text for the clinic's."""
    entries = codes.entries(codes.KOMMUNE, codes.PRIVAT, codes.ALMEN_PRAKSIS)
    entries[-1].text = text
    return PlainList(name="EntityType", entries=entries)


def xml(
    day: str,
    *units: PlainUnit,
    at: str | None = None,
    version: Version = 2,
) -> bytes:
    """The extract of a night; of the practice where no units are named."""
    register = PlainRegister(
        created_at=at or created_at(day), snapshot_date=day, units=list(units or (practice(),))
    )
    return write_snapshot(register, version=version)


def night(
    folder: Path,
    day: str,
    *units: PlainUnit,
    at: str | None = None,
    lists: list[PlainList] | None = None,
    version: Version = 2,
    name: str | None = None,
) -> str:
    """Write the extract of a night into the folder; a zip where lists come along. Returns the file's name."""
    content = xml(day, *units, at=at, version=version)
    if lists is None:
        chosen = name or f"{day}.xml"
    else:
        chosen = name or f"{day}.zip"
        content = zipped({"Sor.xml": content, "SorDataTypes.xml": write_data_types(lists)})
    (folder / chosen).write_bytes(content)
    return chosen


def write_night(folder: Path, day: str, types: str, *units: PlainUnit) -> str:
    """A night with the practice, or these units, and with these elements as its lists: a zip, whose name is given back."""
    content = xml(day, *(units or (practice(name="Lægerne"),)))
    types = f"<SorDataTypes>{types}</SorDataTypes>"
    parts = {"Sor.xml": content, "SorDataTypes.xml": types.encode()}
    (folder / f"{day}.zip").write_bytes(zipped(parts))
    return f"{day}.zip"
