"""One register on its own day, with what the contract derives from it."""

import datetime
from typing import Any

from .data_types import field_served

Event = dict[str, Any]
STATUS = ("from", "to", "updated", "first_from")


def state_of(unit: dict[str, Any], day: str) -> str:
    """`to` is the last valid day; closed comes before future; an absent first_from is past."""
    if unit["to"] is not None and unit["to"] < day:
        return "closed"
    if unit["first_from"] is not None and unit["first_from"] > day:
        return "future"
    return "open"


def number_is_closed(block: dict[str, Any], day: str) -> bool:
    """Its own `to` has passed, or it is marked inactive."""
    return block["inactive"] is True or (block["to"] is not None and block["to"] < day)


def day_after(day: str | None) -> str | None:
    if day is None or day == "9999-12-31":
        return None
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()


def status_of(block: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if block is None else {field: block[field] for field in STATUS}


class Night:
    def __init__(self, register: dict[str, Any], lists: dict[str, Any]) -> None:
        self.day: str = register["date"]
        self.version: str = register["version"]
        self.units: dict[str, dict[str, Any]] = register["units"]
        self.lists = lists
        self.children: dict[str | None, list[str]] = {}
        for sor_id in sorted(self.units):
            self.children.setdefault(self.units[sor_id]["parent_id"], []).append(sor_id)
        self.preorder = self.below(None)

    def below(self, sor_id: str | None) -> list[str]:
        """All units below, in pre-order, siblings by id as text."""
        found = []
        for child in self.children.get(sor_id, []):
            found += [child, *self.below(child)]
        return found

    def state(self, sor_id: str) -> str:
        return state_of(self.units[sor_id], self.day)

    def ancestors(self, sor_id: str) -> list[str]:
        """The nearest first."""
        found = []
        parent = self.units[sor_id]["parent_id"]
        while parent is not None:
            found.append(parent)
            parent = self.units[parent]["parent_id"]
        return found

    def nearest(self, sor_id: str, kind: str) -> str | None:
        """The nearest unit of that kind, the unit itself included."""
        line = [sor_id, *self.ancestors(sor_id)]
        return next((one for one in line if self.units[one]["kind"] == kind), None)

    def effective(self, sor_id: str) -> dict[str, Any] | None:
        """Own number; else, if marked inherited, that of the nearest ancestor that owns one."""
        line = [sor_id]
        if self.units[sor_id]["location_number_inherited"]:
            line += self.ancestors(sor_id)
        for one in line:
            block = self.units[one]["location_number"]
            if block is not None:
                closed = number_is_closed(block, self.day)
                return {"number": block["number"], "from_unit": one, "open": not closed}
        return None

    def unit_type(self, sor_id: str) -> dict[str, Any] | None:
        """Code and text; the text is null where no list of unit types knows the code."""
        code = self.units[sor_id]["unit_type"]
        if code is None:
            return None
        for name in sorted(self.lists):
            entry = self.lists[name].get(code)
            if field_served(name) == "unit_type" and entry and entry["text"] is not None:
                return {"code": code, "text": entry["text"]}
        return {"code": code, "text": None}

    def id_and_name(self, sor_id: str | None) -> dict[str, Any] | None:
        return None if sor_id is None else {"id": sor_id, "name": self.units[sor_id]["name"]}

    def common_unit(self, sor_id: str) -> dict[str, Any]:
        """The `unit` of the common part."""
        unit = self.units[sor_id]
        return {
            "id": sor_id,
            "kind": unit["kind"],
            "name": unit["name"],
            "unit_type": self.unit_type(sor_id),
            "parent_id": unit["parent_id"],
            "institution_id": self.nearest(sor_id, "institution"),
            "owner_id": self.nearest(sor_id, "owner"),
            "open": self.state(sor_id) == "open",
            "effective_location_number": self.effective(sor_id),
        }


def absent_if_empty(value: Any) -> Any:
    """An empty list is absent, and absent is null."""
    return None if value == [] else value


def differences(
    before: dict[str, Any], after: dict[str, Any], fields: tuple[str, ...]
) -> list[dict[str, Any]]:
    """One {path, before, after} for each of the fields that differs; `other` path by path."""
    changes = []
    for field in fields:
        if field == "other":
            for path in before["other"].keys() | after["other"].keys():
                pair = before["other"].get(path), after["other"].get(path)
                changes.append({"path": "other/" + path, "before": pair[0], "after": pair[1]})
        else:
            pair = absent_if_empty(before.get(field)), absent_if_empty(after.get(field))
            changes.append({"path": field, "before": pair[0], "after": pair[1]})
    changed = [change for change in changes if change["before"] != change["after"]]
    return sorted(changed, key=lambda change: str(change["path"]))
