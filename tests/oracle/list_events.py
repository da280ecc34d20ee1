"""The classification.* events: list by list, only where both nights have the list."""

from typing import Any

from .data_types import field_served
from .night import Event, Night


def codes_of(unit: dict[str, Any], field: str) -> set[str | None]:
    """The codes that a unit carries in the field that a list serves."""
    if field == "unit_type":
        return {unit["unit_type"]}
    if field == "organisational_level":
        return {unit.get(field)}
    if field == "specialities":
        return {speciality["code"] for speciality in unit["specialities"]}
    if field == "municipality_code":
        addresses = (unit["address"] or {}).values()
        return {address["municipality_code"] for address in addresses if address is not None}
    return {(unit["location_number"] or {}).get(field)}


def units_with(new: Night, list_name: str, code: str) -> int | None:
    """How many open units carry the code in new; null for a list that no unit field uses."""
    field = field_served(list_name)
    if field is None:
        return None
    open_units = [unit for sor_id, unit in new.units.items() if new.state(sor_id) == "open"]
    return sum(code in codes_of(unit, field) for unit in open_units)


def list_events(old: Night, new: Night) -> list[Event]:
    events: list[Event] = []

    def add(name: str, list_name: str, code: str, before: Any, after: Any) -> None:
        events.append(
            {
                "type": f"sordiff.classification.{name}.v1",
                "subject": f"{list_name}/{code}",
                "owner": None,
                "cause": "data_changed",
                "effective": None,
                "unit": None,
                "status": None,
                "before": before,
                "after": after,
                "units": units_with(new, list_name, code),
            }
        )

    for list_name in sorted(old.lists.keys() & new.lists.keys()):
        was, now = old.lists[list_name], new.lists[list_name]
        for code in sorted(was.keys() | now.keys()):
            before, after = was.get(code), now.get(code)
            if before is None:
                add("code_added", list_name, code, None, after)
            elif after is None:
                add("code_removed", list_name, code, before, None)
            else:
                if before["text"] != after["text"]:
                    add("text_changed", list_name, code, before["text"], after["text"])
                pair = before["attributes"], after["attributes"]
                fields = pair[0].keys() | pair[1].keys()
                if old.version != new.version:
                    fields = pair[0].keys() & pair[1].keys()
                if any(pair[0].get(field) != pair[1].get(field) for field in fields):
                    add("entry_changed", list_name, code, *pair)
    return events
