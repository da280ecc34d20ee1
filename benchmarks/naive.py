"""The script that one would write first, to compare with: `python -m benchmarks.naive OLD NEW`.

It reads both files into dicts with lxml and compares the dicts. It checks nothing and knows no
meaning: for each unit it prints the fields that differ.
"""

from __future__ import annotations

import sys

from lxml import etree

_V1 = "{urn:oio:sundhedsstyrelsen:organisation:1.0.0}"
_RECORDS = ("InstitutionOwner", "HealthInstitution", "OrganizationalUnit")
_TAGS = [f"{{*}}{name}" for name in _RECORDS]
Fields = dict[str, str]


def read(path: str) -> dict[str, Fields]:
    """The units of a snapshot: SOR id -> path of a field -> text."""
    units: dict[str, Fields] = {}
    for _, record in etree.iterparse(path, tag=_TAGS):
        fields: Fields = {}
        _flatten(record, "", fields)
        wrapper = record.getparent()
        above = None if wrapper is None else wrapper.getparent()
        if above is not None:
            fields["parent"] = above[0].findtext(f"{_V1}SorIdentifier") or ""
        units[fields[f"/{_V1}SorIdentifier"]] = fields
        # The id stays, for the units below.
        del record[1:]
    return units


def _flatten(element: etree._Element, path: str, fields: Fields) -> None:
    for child in element:
        inside = f"{path}/{child.tag!s}"
        if len(child):
            _flatten(child, inside, fields)
        else:
            fields[inside] = child.text or ""


def main() -> None:
    """Print what differs."""
    before, after = read(sys.argv[1]), read(sys.argv[2])
    for sor_id in before.keys() | after.keys():
        old, new = before.get(sor_id, {}), after.get(sor_id, {})
        if old != new:
            print(
                sor_id, {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
            )


if __name__ == "__main__":
    main()
