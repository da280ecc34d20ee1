"""The location_number.* events."""

from typing import Any

from .night import Event, Night, differences, number_is_closed, status_of

DETAILS_ACROSS = ("internal_only", "network", "administrator", "region", "first_from")
DETAILS = (*DETAILS_ACROSS, "system_supplier", "system", "note", "other")
BOOKKEEPING = ("from", "updated")
ORDER = ("released", "reassigned", "assigned", "closed", "reopened", "details_changed")
EarlierOwners = dict[str, list[tuple[str, str]]]


def owners_by_number(night: Night) -> dict[str, set[str]]:
    owners: dict[str, set[str]] = {}
    for sor_id, unit in night.units.items():
        if unit["location_number"] is not None:
            owners.setdefault(unit["location_number"]["number"], set()).add(sor_id)
    return owners


def heirs_by_number(night: Night) -> dict[str, int]:
    """How many open units have the number as their effective one."""
    heirs: dict[str, int] = {}
    for sor_id in night.units:
        effective = night.effective(sor_id)
        if effective is not None and night.state(sor_id) == "open":
            heirs[effective["number"]] = heirs.get(effective["number"], 0) + 1
    return heirs


def relation(old: Night, new: Night, was: str, now: str) -> str:
    """Where the new owner stands to the old one."""
    if was in new.units:
        tree = new
    elif now in old.units:
        tree = old  # the old owner is gone: judged in old
    else:  # gone the one, new the other: by owner
        return _compare_owners(old.nearest(was, "owner"), new.nearest(now, "owner"))
    if was in tree.ancestors(now):
        return "to_descendant"
    if now in tree.ancestors(was):
        return "to_ancestor"
    return _compare_owners(tree.nearest(was, "owner"), tree.nearest(now, "owner"))


def _compare_owners(one: str | None, other: str | None) -> str:
    """Units that stand below no owner have none in common."""
    return "same_owner" if one == other is not None else "other_owner"


class NumberEvents:
    def __init__(self, old: Night, new: Night, earlier_owners: EarlierOwners) -> None:
        self.old = old
        self.new = new
        self.earlier_owners = earlier_owners
        self.across = old.version != new.version
        self.had = owners_by_number(old)
        self.have = owners_by_number(new)
        self.heirs = heirs_by_number(new)
        self.events: list[Event] = []
        for number in sorted(self.had.keys() | self.have.keys()):
            self.owners_changed(number)
            for owner in sorted(self.had.get(number, set()) & self.have.get(number, set())):
                self.same_owner(number, owner)
        # by type in the order of the table, then number, then unit
        ranks = {f"sordiff.location_number.{name}.v1": rank for rank, name in enumerate(ORDER)}
        self.events.sort(key=lambda e: (ranks[e["type"]], e["subject"], e["owner"]))

    def add(
        self,
        name: str,
        number: str,
        owner: str,
        blocks: tuple[dict[str, Any] | None, dict[str, Any] | None],
        **given: Any,
    ) -> None:
        before, after = blocks
        # `effective`: the number's `from` after the run when it differs from before
        from_before = None if before is None else before["from"]
        from_after = None if after is None else after["from"]
        most_owners = max(len(self.had.get(number, ())), len(self.have.get(number, ())))
        event: Event = {
            "type": f"sordiff.location_number.{name}.v1",
            "subject": number,
            "owner": owner,
            "cause": "data_changed",
            "effective": from_after if from_after != from_before else None,
            "unit": None,
            "status": {"before": status_of(before), "after": status_of(after)},
            "shared": most_owners > 1,
            "heirs": self.heirs.get(number, 0),
        }
        self.events.append(event | given)

    def owners_changed(self, number: str) -> None:
        """Sets of owners: one gone and one come is reassigned, else each for itself."""
        gone = sorted(self.had.get(number, set()) - self.have.get(number, set()))
        come = sorted(self.have.get(number, set()) - self.had.get(number, set()))
        if len(gone) == 1 and len(come) == 1:
            was, now = gone[0], come[0]
            before = self.old.units[was]["location_number"]
            after = self.new.units[now]["location_number"]
            names = self.old.units[was]["name"], self.new.units[now]["name"]
            self.add(
                "reassigned",
                number,
                now,
                (before, after),
                before={"unit_id": was, "unit_name": names[0], **before},
                after={"unit_id": now, "unit_name": names[1], **after},
                relation=relation(self.old, self.new, was, now),
            )
            return
        for owner in gone:
            block = self.old.units[owner]["location_number"]
            self.add("released", number, owner, (block, None), before={"unit_id": owner, **block})
        for owner in come:
            block = self.new.units[owner]["location_number"]
            # who lost it this very night is the last that had it; of several the lowest id
            previously = self.previously(number, owner)
            if gone:
                previously = {"unit_id": min(gone), "released": self.new.day}
            self.add(
                "assigned",
                number,
                owner,
                (None, block),
                after={"unit_id": owner, **block},
                previously=previously,
                reuse=previously is not None,
            )

    def previously(self, number: str, owner: str) -> dict[str, Any] | None:
        """The last other unit that owned the number in an earlier run and no longer does."""
        for unit_id, released in reversed(self.earlier_owners.get(number, [])):
            if unit_id != owner and unit_id not in self.have[number]:
                return {"unit_id": unit_id, "released": released}
        return None

    def same_owner(self, number: str, owner: str) -> None:
        before = self.old.units[owner]["location_number"]
        after = self.new.units[owner]["location_number"]
        was_closed = number_is_closed(before, self.old.day)
        is_closed = number_is_closed(after, self.new.day)
        told = was_closed != is_closed
        # closed and reopened: its own `to` passed or it became inactive, and the reverse
        if told:
            passed = after["to"] is not None and after["to"] < self.new.day
            elapsed = is_closed and passed and before["to"] == after["to"]
            # open again, and neither its `to` nor its mark is another: the day went back
            if not is_closed:
                deciding = ("to", "inactive")
                elapsed = all(before[field] == after[field] for field in deciding)
            self.add(
                "closed" if is_closed else "reopened",
                number,
                owner,
                (before, after),
                unit_id=owner,
                before={"to": before["to"], "inactive": before["inactive"]},
                after={"to": after["to"], "inactive": after["inactive"]},
                cause="date_elapsed" if elapsed else "data_changed",
            )
        # details_changed: another field of the block; bookkeeping only when nothing else is said
        fields: tuple[str, ...] = DETAILS_ACROSS if self.across else DETAILS
        if not told:
            fields += ("to", "inactive")
        changes = differences(before, after, fields)
        if not changes and not told:
            changes = differences(before, after, BOOKKEEPING)
        if changes:
            blocks = (before, after)
            self.add("details_changed", number, owner, blocks, unit_id=owner, changes=changes)
