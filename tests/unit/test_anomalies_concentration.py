"""Where the changes of a run concentrate, by real events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sordiff.anomalies.concentration import Concentration
from sordiff.anomalies.facts import count_facts
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.measures import MEASURES, TOTAL
from sordiff.anomalies.rules import judge_run
from sordiff.model import Kind, SorId
from tests.laws.pairs import between, read
from tests.making.plain import PlainEntry, PlainList, PlainNumber, valid_gln
from tests.unit.facts import run
from tests.unit.small import IDS, night, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sordiff.alerts import Alert
    from sordiff.events import Event
    from tests.making.plain import PlainRegister, PlainUnit

MAY = "2024-05-02"
NEXT = "2024-05-03"
NORTH, SOUTH = IDS[0], IDS[10]


def region(first: int, clinics: int, *, closed: int = 0, kept: int | None = None) -> PlainUnit:
    """An owner with so many clinics, some of them closed today, or only the first few there."""
    below = [
        unit(first + 1 + index, "institution", to=MAY if index < closed else None)
        for index in range(clinics if kept is None else kept)
    ]
    return unit(first, "owner", *below)


def told(before: PlainRegister, after: PlainRegister) -> tuple[Event, ...]:
    return between(read(before), read(after)).events


def where(events: Sequence[Event], name: str) -> str | None:
    return Concentration(events, names, nobody).among(MEASURES.get(name, TOTAL))


def names(sor_id: SorId) -> str | None:
    return {NORTH: "Region Nord", SOUTH: "Region Syd"}.get(sor_id)


def nobody(sor_id: SorId) -> None:
    del sor_id


def closings(north: int, south: int) -> tuple[Event, ...]:
    before = night(region(0, 9), region(10, 9))
    return told(before, night(region(0, 9, closed=north), region(10, 9, closed=south), date=NEXT))


def test_one_owner_with_at_least_half_is_named() -> None:
    assert (
        where(closings(6, 3), "unit.ceased")
        == f"67 % of the closings are under Region Nord ({NORTH})"
    )
    assert (
        where(closings(0, 3), "unit.ceased")
        == f"100 % of the closings are under Region Syd ({SOUTH})"
    )
    assert (
        where(closings(6, 3), "total")
        == f"67 % of the changes in all are under Region Nord ({NORTH})"
    )


def test_only_what_the_measure_counts_has_a_place() -> None:
    before, after = (region(0, 9), region(10, 9)), (region(0, 9, closed=2), region(10, 9))
    for clinic in after[1].children:
        clinic.name = "Et nyt navn"
    events = told(night(*before), night(*after, date=NEXT))
    assert where(events, "unit.ceased") == (
        f"100 % of the closings are under Region Nord ({NORTH})"
    )
    assert where(events, "unit.renamed") == (
        f"100 % of the new names are under Region Syd ({SOUTH})"
    )


def test_of_two_with_half_each_always_the_same_is_named() -> None:
    events = closings(3, 3)
    sentence = where(events, "unit.ceased")
    assert sentence is not None
    assert sentence.startswith("50 % ")
    assert where(events[::-1], "unit.ceased") == sentence


def test_where_nobody_has_half_nobody_is_named() -> None:
    owners = [region(first, 2) for first in (0, 5, 10)]
    after = [region(first, 2, closed=2) for first in (0, 5, 10)]
    assert where(told(night(*owners), night(*after, date=NEXT)), "unit.ceased") is None
    assert where((), "unit.ceased") is None


def test_nearly_all_does_not_read_as_all() -> None:
    one = closings(1, 0)
    assert len(one) == 1
    many = [*one * 999, *closings(0, 1)]
    assert where(many, "unit.ceased") == f"99 % of the closings are under Region Nord ({NORTH})"


def test_an_owner_without_a_name_is_told_by_its_id() -> None:
    concentration = Concentration(closings(2, 0), nobody, nobody)
    assert (
        concentration.among(MEASURES["unit.ceased"]) == f"100 % of the closings are under {NORTH}"
    )


def test_removed_units_count_by_the_owner_they_had() -> None:
    events = told(
        night(region(0, 9), region(10, 9)),
        night(region(0, 9, kept=1), region(10, 9, kept=7), date=NEXT),
    )
    assert count_facts(events) == {
        "unit.ceased": 10,
        "unit.removed": 10,
        "unit.removed_while_open": 10,
    }
    expected = f"80 % of the units removed while they were open are under Region Nord ({NORTH})"
    assert where(events, "unit.removed_while_open") == expected


def test_a_purge_of_closed_units_is_no_closing() -> None:
    before = night(region(0, 3, closed=2), date=NEXT)
    events = told(before, night(region(0, 0), date="2024-05-04"))
    assert count_facts(events) == {
        "unit.ceased": 1,
        "unit.removed": 3,
        "unit.removed_while_open": 1,
    }


def test_a_closed_unit_that_is_removed_has_no_place_among_the_closings() -> None:
    before = night(region(0, 9, closed=5), region(10, 3), date=NEXT)
    events = told(before, night(region(0, 0), region(10, 2), date="2024-05-04"))
    assert count_facts(events)["unit.ceased"] == 5
    assert where(events, "unit.ceased") == (f"80 % of the closings are under Region Nord ({NORTH})")
    assert where(events, "unit.removed") == (
        f"90 % of the removed units are under Region Nord ({NORTH})"
    )


def owner(name: str) -> PlainUnit:
    made = unit(0, "owner")
    made.name = name
    return made


def test_what_did_not_happen_is_not_counted() -> None:
    assert count_facts(()) == {}
    renamed = told(night(owner("Før")), night(owner("Nu"), date=NEXT))
    assert count_facts(renamed) == {"unit.renamed": 1}


def test_without_names_an_alert_tells_the_id() -> None:
    events = closings(6, 0)
    [alert] = judge_run(
        run(count_facts(events)), None, (), Limits(counts={"unit.ceased": 5}), events=events
    )
    assert alert.concentration == f"100 % of the closings are under {NORTH}"


def numbered(count: int, *, number_of_first: int | None = None) -> PlainUnit:
    clinics = [
        unit(1 + index, "institution", location_number=PlainNumber(number=valid_gln(100 + index)))
        for index in range(count)
    ]
    clinics += [unit(1 + index, "institution") for index in range(count, 3)]
    owner = unit(0, "owner", *clinics)
    if number_of_first is not None:
        owner.location_number = PlainNumber(number=valid_gln(number_of_first))
    return owner


def test_a_lost_number_counts_by_the_unit_that_lost_it() -> None:
    events = told(night(numbered(3)), night(numbered(0), date=NEXT))
    # The effective numbers tell the owners of the units, too.
    assert where(events, "location_number.lost") == (
        f"100 % of the location numbers that their units lost are under Region Nord ({NORTH})"
    )
    released = [event for event in events if event.name == "location_number.released"]
    assert where(released, "location_number.lost") is None
    asked = judge_run(
        run(count_facts(released), units=10),
        None,
        (),
        Limits(counts={"location_number.lost": 2}),
        events=released,
        owner_of=lambda sor_id: SorId(NORTH) if sor_id != IDS[3] else None,
    )
    assert str(asked[0].concentration).startswith("67 % ")


def test_a_number_that_is_assigned_or_changed_counts_by_its_unit() -> None:
    events = told(night(numbered(0)), night(numbered(3), date=NEXT))
    assert str(where(events, "location_number.assigned")).startswith("100 % ")


def test_codes_count_by_their_list() -> None:
    lists = [
        PlainList(
            name="EntityType", entries=[PlainEntry(code=f"{code}", text="før") for code in range(4)]
        )
    ]
    changed = [
        PlainList(
            name="EntityType", entries=[PlainEntry(code=f"{code}", text="nu") for code in range(4)]
        )
    ]
    before, after = night(region(0, 1)), night(region(0, 1), date=NEXT)
    before.lists, after.lists = lists, changed
    assert where(told(before, after), "classification.text_changed") == (
        "100 % of the new texts of codes are in the list EntityType"
    )


def alerts(events: Sequence[Event], limits: Limits) -> dict[str, Alert]:
    facts = run(count_facts(events), units=10, open_units=10)
    found = judge_run(
        facts, run(units=200, open_units=200), (), limits, events=events, name_of=names
    )
    return {alert.code: alert for alert in found}


def test_the_alert_says_where() -> None:
    found = alerts(closings(6, 3), Limits(counts={"unit.ceased": 5}))
    alert = found["limit.unit.ceased"]
    assert alert.concentration == f"67 % of the closings are under Region Nord ({NORTH})"
    assert alert.message == (
        "9 closings, where 5 is the limit; there is no history yet to compare it with; "
        f"67 % of the closings are under Region Nord ({NORTH})"
    )


def test_a_level_says_where_the_units_are_gone() -> None:
    events = told(night(region(0, 9), region(10, 9)), night(region(10, 9), date=NEXT))
    assert str(alerts(events, Limits())["level.units"].concentration) == (
        f"100 % of the removed units are under Region Nord ({NORTH})"
    )


def test_an_owner_is_its_own_owner() -> None:
    [event] = told(night(region(0, 0), region(10, 1)), night(region(10, 1), date=NEXT))
    assert event.data.unit is not None
    assert event.data.unit.kind is Kind.OWNER
    assert str(where([event], "unit.removed")).startswith("100 % ")
