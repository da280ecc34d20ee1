"""Codes whose texts a classification holds, beside unit types and specialities."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from sordiff.report.change import Difference

REGION: Final = "location_number/region"
# What the regions are called where no list of the register says it.
REGIONS: Final = {
    "1081": "Region Nordjylland",
    "1082": "Region Midtjylland",
    "1083": "Region Syddanmark",
    "1084": "Region Hovedstaden",
    "1085": "Region Sjælland",
}
# The last part of a field's path, with the field that a list must serve to explain its codes.
_SERVED: Final[Mapping[str, str]] = {
    "organisational_level": "organisational_level",
    "system": "location_number/system",
    "system_supplier": "location_number/system_supplier",
    "network": "location_number/network",
    "administrator": "location_number/administrator",
    "region": REGION,
    "region_code": REGION,
    "municipality_code": "address/municipality_code",
}
CODED_FIELDS: Final = tuple(dict.fromkeys(_SERVED.values()))

Codes = Mapping[str, Mapping[str, str]]


def find_serving_list(path: str) -> str | None:
    """The field that a list must serve to explain the codes at a path; None where none can."""
    return None if path.startswith("other/") else _SERVED.get(path.rpartition("/")[2])


def find_text(path: str, code: Any, codes: Codes) -> str | None:
    """The text of a code that stands at a path, as far as there is one."""
    served = find_serving_list(path)
    return None if served is None else codes.get(served, {}).get(str(code))


def name_regions(codes: Iterable[str], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of these regions by the register's own list, and of the five that always are."""
    own = {code: texts[code] for code in (*REGIONS, *codes) if code in texts}
    return {**REGIONS, **dict(sorted(own.items()))}


def collect_mentioned_codes(
    differences: Iterable[Difference], texts: Codes
) -> dict[str, dict[str, str]]:
    """The texts of the codes that stand in these differences, by field and code."""
    texts = {**texts, REGION: {**REGIONS, **texts.get(REGION, {})}}
    found: dict[str, set[str]] = {}
    for one in differences:
        served = find_serving_list(one.path)
        if served is not None:
            found.setdefault(served, set()).update(_known((one.before, one.after)))
    return {served: _texts(found[served], texts.get(served, {})) for served in sorted(found)}


def _known(sides: Iterable[Any]) -> set[str]:
    return {side for side in sides if isinstance(side, str)}


def _texts(codes: AbstractSet[str], texts: Mapping[str, str]) -> dict[str, str]:
    return {code: texts[code] for code in sorted(codes) if code in texts}
