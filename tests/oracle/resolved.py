"""The records of the state topics, in the plainest code: every question is asked of the whole tree."""

from typing import Any

from .data_types import field_served
from .night import Night, number_is_closed

Record = dict[str, Any]


def resolved_units(night: Night) -> dict[str, Record]:
    return {sor_id: _unit(night, sor_id) for sor_id in night.units}


def resolved_numbers(night: Night) -> dict[str, Record]:
    owned = {u["location_number"]["number"] for u in night.units.values() if u["location_number"]}
    return {number: _number(night, number) for number in owned}


def _unit(night: Night, sor_id: str) -> Record:
    unit = night.units[sor_id]
    line = [*reversed(night.ancestors(sor_id)), sor_id]
    return {
        "unit": unit,
        "state": night.state(sor_id),
        "unit_type": night.unit_type(sor_id),
        "specialities": [
            {"code": s["code"], "text": _text(night, s["code"]), "type": s["type"]}
            for s in unit["specialities"]
        ],
        "path": [night.id_and_name(one) for one in line],
        "institution": night.id_and_name(night.nearest(sor_id, "institution")),
        "owner": night.id_and_name(night.nearest(sor_id, "owner")),
        "effective_location_number": night.effective(sor_id),
        "address": {
            "postal": _postal(night, sor_id),
            "visiting": _visiting(night, sor_id),
            "activity": _activity(night, sor_id),
        },
        "contact": _contact(night, sor_id),
    }


def _text(night: Night, code: str) -> str | None:
    for name in sorted(night.lists):
        entry = night.lists[name].get(code)
        if field_served(name) == "specialities" and entry and entry["text"] is not None:
            return str(entry["text"])
    return None


def _own(night: Night, sor_id: str, block: str) -> Record | None:
    address = night.units[sor_id]["address"]
    if address is None or address[block] is None:
        return None
    return {**address[block], "from_unit": sor_id, "from_block": block}


def _postal(night: Night, sor_id: str) -> Record | None:
    """Without a postal address: the parent's."""
    parent = night.units[sor_id]["parent_id"]
    own = _own(night, sor_id, "postal")
    return own or (None if parent is None else _postal(night, parent))


def _visiting(night: Night, sor_id: str) -> Record | None:
    """Without a visiting address: its own resolved postal one; an owner has none."""
    own = _own(night, sor_id, "visiting")
    if own or night.units[sor_id]["kind"] == "owner":
        return own
    return _postal(night, sor_id)


def _activity(night: Night, sor_id: str) -> Record | None:
    """Without an activity address an organizational unit has its own resolved visiting one."""
    own = _own(night, sor_id, "activity")
    if own or night.units[sor_id]["kind"] != "organizational_unit":
        return own
    return _visiting(night, sor_id)


def _contact(night: Night, sor_id: str) -> Record | None:
    """Without a contact block: the parent's, as a whole."""
    unit = night.units[sor_id]
    if unit["contact"] is not None:
        return {**unit["contact"], "from_unit": sor_id}
    return None if unit["parent_id"] is None else _contact(night, unit["parent_id"])


def _number(night: Night, number: str) -> Record:
    owners = [
        sor_id
        for sor_id, unit in sorted(night.units.items())
        if unit["location_number"] and unit["location_number"]["number"] == number
    ]
    heirs = [
        sor_id
        for sor_id in night.units
        if night.state(sor_id) == "open"
        and (night.effective(sor_id) or {"number": None})["number"] == number
    ]
    return {
        "number": number,
        "owners": [
            {
                "id": sor_id,
                "name": night.units[sor_id]["name"],
                "state": night.state(sor_id),
                "owner": night.id_and_name(night.nearest(sor_id, "owner")),
                "open": not number_is_closed(night.units[sor_id]["location_number"], night.day),
                "block": night.units[sor_id]["location_number"],
            }
            for sor_id in owners
        ],
        "heirs": len(heirs),
    }
