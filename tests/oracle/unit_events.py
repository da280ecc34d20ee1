"""The unit.* events, group by group, one loop for each line of the contract's table."""

from typing import Any

from .night import Event, Night, absent_if_empty, day_after, differences, state_of, status_of

FIELD_EVENTS = (
    "provider_number",
    "shak",
    "cvr",
    "p_number",
    "pharmacy_number",
    "specialities",
    "address",
    "contact",
)
# Of these, what is compared between two versions of the format.
FIELD_EVENTS_ACROSS = ("provider_number", "shak", "pharmacy_number", "address", "contact")
DETAILS_ACROSS = ("kind", "first_from", "location_number_inherited")
DETAILS = (
    *DETAILS_ACROSS,
    "replaces",
    "geographical_parent_relation",
    "geographical_parent_id",
    "ambulant_activity",
    "patients_admitted",
    "reporting_level",
    "local_code",
    "local_attribute_1",
    "local_attribute_2",
    "local_attribute_3",
    "local_attribute_4",
    "local_attribute_5",
    "organisational_level",
    "other",
)
BOOKKEEPING = ("from", "updated")
NOT_ACROSS = (  # parts of a block that not both versions can hold, and all that is unknown
    "municipality_code",
    "street_code",
    "region_code",
    "coordinate_north",
    "coordinate_east",
    "other",
)


def comparable_across(block: dict[str, Any] | None) -> dict[str, Any]:
    """Of an address or contact block, only the parts that both versions can hold."""
    return {k: v for k, v in (block or {}).items() if k not in NOT_ACROSS and v is not None}


class UnitEvents:
    """`groups` holds the events by name, each group in the order of the contract."""

    def __init__(self, old: Night, new: Night, known_ids: frozenset[str]) -> None:
        self.old = old
        self.new = new
        self.across = old.version != new.version
        self.both = [sor_id for sor_id in new.preorder if sor_id in old.units]
        self.groups: dict[str, list[Event]] = {}
        self.come_and_gone(known_ids)
        self.opened_and_closed()
        self.moved()
        self.names_types_and_fields()
        self.replaced()
        self.details_changed()  # after all the others: bookkeeping looks at them
        self.effective_numbers()

    def add(self, group: str, name: str, sor_id: str, **given: Any) -> None:
        before, after = self.old.units.get(sor_id), self.new.units.get(sor_id)
        # `effective` of most unit events: the new `from`, if it changed.
        from_day = None
        if before is not None and after is not None and before["from"] != after["from"]:
            from_day = after["from"]
        event: Event = {
            "type": f"sordiff.unit.{name}.v1",
            "subject": sor_id,
            "owner": None,
            "cause": "data_changed",
            "effective": from_day,
            # `unit` as in new, or as it was in old when it is gone
            "unit": (self.new if after is not None else self.old).common_unit(sor_id),
            "status": {"before": status_of(before), "after": status_of(after)},
        }
        self.groups.setdefault(group, []).append(event | given)

    def come_and_gone(self, known_ids: frozenset[str]) -> None:
        # created: the id is in new and not in old; restored: the same, but of an earlier run
        for sor_id in self.new.preorder:
            if sor_id not in self.old.units:
                unit = self.new.units[sor_id]
                name = "restored" if sor_id in known_ids else "created"
                self.add("created", name, sor_id, after=unit, effective=unit["first_from"])
        # removed: in old, not in new; was_open is judged by the old record on the new day
        for sor_id in reversed(self.old.preorder):
            if sor_id not in self.new.units:
                unit = self.old.units[sor_id]
                was_open = state_of(unit, self.new.day) == "open"
                self.add("removed", "removed", sor_id, before=unit, was_open=was_open)

    def opened_and_closed(self) -> None:
        # opened: future in old, open in new, also when only the day has come
        for sor_id in self.both:
            before, after = self.old.units[sor_id], self.new.units[sor_id]
            if self.old.state(sor_id) == "future" and self.new.state(sor_id) == "open":
                same = before["first_from"] == after["first_from"]
                cause = "date_elapsed" if same else "data_changed"
                self.add("opened", "opened", sor_id, cause=cause, effective=after["first_from"])
        # reopened: closed in old, not closed in new
        for sor_id in self.both:
            before, after = self.old.units[sor_id], self.new.units[sor_id]
            if self.old.state(sor_id) == "closed" and self.new.state(sor_id) != "closed":
                # with the same `to` only a day that goes back can open it
                cause = "date_elapsed" if before["to"] == after["to"] else "data_changed"
                said = {"before": before["to"], "after": after["to"]}
                self.add("reopened", "reopened", sor_id, cause=cause, **said)
        # closure_scheduled: `to` set or changed, and closed neither on the old nor on the new day
        # closure_cancelled: `to` removed from a unit that was not closed
        for sor_id in self.both:
            to_before, to_after = self.old.units[sor_id]["to"], self.new.units[sor_id]["to"]
            if to_before == to_after or self.old.state(sor_id) == "closed":
                continue
            if to_after is None:
                self.add("closure_cancelled", "closure_cancelled", sor_id, before=to_before)
            elif self.new.state(sor_id) != "closed":
                name, day = "closure_scheduled", day_after(to_after)
                self.add(name, name, sor_id, before=to_before, after=to_after, effective=day)
        # closed: not closed in old, closed in new, also when only the day has passed
        for sor_id in reversed(self.both):
            if self.old.state(sor_id) == "closed" or self.new.state(sor_id) != "closed":
                continue
            before, after = self.old.units[sor_id], self.new.units[sor_id]
            block = before["location_number"]
            self.add(
                "closed",
                "closed",
                sor_id,
                to=after["to"],
                replaced_by=after["replaced_by"],
                location_number=None if block is None else block["number"],
                cause="date_elapsed" if before["to"] == after["to"] else "data_changed",
                effective=day_after(after["to"]),
            )

    def moved(self) -> None:
        # moved: its own parent changed, not that of something above it
        for sor_id in self.both:
            if self.old.units[sor_id]["parent_id"] != self.new.units[sor_id]["parent_id"]:
                before, after = whereabouts(self.old, sor_id), whereabouts(self.new, sor_id)
                count = len(self.new.below(sor_id))
                self.add("moved", "moved", sor_id, before=before, after=after, descendants=count)

    def names_types_and_fields(self) -> None:
        # renamed: the name differs
        for sor_id in self.both:
            before, after = self.old.units[sor_id]["name"], self.new.units[sor_id]["name"]
            if before != after:
                self.add("renamed", "renamed", sor_id, before=before, after=after)
        # type_changed: the code differs (between versions: where both have one)
        for sor_id in self.both:
            before, after = self.old.units[sor_id]["unit_type"], self.new.units[sor_id]["unit_type"]
            if before != after and not (self.across and None in (before, after)):
                pair = self.old.unit_type(sor_id), self.new.unit_type(sor_id)
                self.add("type_changed", "type_changed", sor_id, before=pair[0], after=pair[1])
        # …_changed: that field or block differs
        for field in FIELD_EVENTS_ACROSS if self.across else FIELD_EVENTS:
            for sor_id in self.both:
                before, after = self.old.units[sor_id][field], self.new.units[sor_id][field]
                if self.field_differs(field, before, after):
                    name = f"{field}_changed"
                    pair = absent_if_empty(before), absent_if_empty(after)
                    self.add(name, name, sor_id, before=pair[0], after=pair[1])

    def field_differs(self, field: str, before: Any, after: Any) -> bool:
        if self.across and field == "contact":
            return comparable_across(before) != comparable_across(after)
        if self.across and field == "address":
            return any(
                comparable_across((before or {}).get(part))
                != comparable_across((after or {}).get(part))
                for part in ("postal", "visiting", "activity")
            )
        return bool(before != after)

    def replaced(self) -> None:
        # replaced: replaced_by gained ids
        for sor_id in self.both if not self.across else []:
            before = self.old.units[sor_id]["replaced_by"]
            after = self.new.units[sor_id]["replaced_by"]
            if set(after) - set(before):
                self.add("replaced", "replaced", sor_id, before=before, after=after)

    def details_changed(self) -> None:
        # details_changed: whatever else differs
        told = {event["subject"] for group in self.groups.values() for event in group}
        for sor_id in self.both:
            before, after = self.old.units[sor_id], self.new.units[sor_id]
            fields: tuple[str, ...] = DETAILS_ACROSS if self.across else DETAILS
            if self.old.state(sor_id) == "closed" and self.new.state(sor_id) == "closed":
                fields += ("to",)
            if not self.across and set(after["replaced_by"]) < set(before["replaced_by"]):
                fields += ("replaced_by",)
            changes = differences(before, after, fields)
            # bookkeeping, only when nothing else is said of the unit
            if not changes and sor_id not in told:
                changes = differences(before, after, BOOKKEEPING)
            if changes:
                self.add("details_changed", "details_changed", sor_id, changes=changes)

    def effective_numbers(self) -> None:
        # the effective NUMBER of a unit open in new and present in both differs
        for sor_id in self.both:
            before, after = self.old.effective(sor_id), self.new.effective(sor_id)
            numbers = [None if e is None else e["number"] for e in (before, after)]
            if self.new.state(sor_id) == "open" and numbers[0] != numbers[1]:
                for side in (before, after):
                    if side is not None:
                        del side["open"]
                self.add(
                    "effective_location_number_changed",
                    "effective_location_number_changed",
                    sor_id,
                    before=before,
                    after=after,
                    cause="derived",
                )


def whereabouts(night: Night, sor_id: str) -> dict[str, Any]:
    owner = night.nearest(sor_id, "owner")
    return {
        "parent": night.id_and_name(night.units[sor_id]["parent_id"]),
        "institution": night.id_and_name(night.nearest(sor_id, "institution")),
        "owner": night.id_and_name(owner),
        "owner_type": None if owner is None else night.unit_type(owner),
    }
