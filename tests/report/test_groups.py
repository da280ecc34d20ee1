"""What kind of night it was: the rules, each on a night that it speaks of and one that it doesn't."""

from sordiff.events import CodedText
from sordiff.report import Change, Difference
from sordiff.report.groups import assign_groups, find_groups
from tests.report.changes import change, renamed, table

IDS = [str(number) for number in range(100, 140)]


def found(changes: list[Change], units: object = None) -> list[tuple[str, dict[str, str], int]]:
    groups = find_groups(changes, units or {})  # type: ignore[arg-type]
    return [(group.rule, group.parameters, group.count) for group in groups]


def test_words_that_went_from_many_names() -> None:
    names = ["Nordby Apotek", "Havnens Apotek", "Torvets Apotek", "Strandens Apotek"]
    changes = [renamed(f"{n} - filial af X{i}", n, IDS[i]) for i, n in enumerate(names)]
    assert found(changes) == [("renamed.words_removed", {"gone": "filial af"}, 4)]


def test_words_that_came_to_many_names() -> None:
    changes = [renamed(f"Hus {i}", f"Plejecenter Hus {i}", IDS[i]) for i in range(3)]
    assert found(changes) == [("renamed.words_added", {"come": "Plejecenter"}, 3)]


def test_words_in_place_of_others() -> None:
    changes = [renamed(f"Hus {i} Amt", f"Hus {i} Region Nord", IDS[i]) for i in range(5)]
    assert found(changes) == [("renamed.words_replaced", {"gone": "Amt", "come": "Region Nord"}, 5)]


def test_only_the_case_of_letters() -> None:
    changes = [renamed(f"HUS {i}", f"Hus {i}", IDS[i]) for i in range(3)]
    assert found(changes) == [("renamed.letter_case", {}, 3)]


def test_two_are_no_group_and_small_words_are_no_rule() -> None:
    assert found([renamed("A filial", "A", "1"), renamed("B filial", "B", "2")]) == []
    assert found([renamed(f"Hus {i} og", f"Hus {i}", IDS[i]) for i in range(4)]) == []


def test_a_change_is_in_the_largest_group_and_in_no_other() -> None:
    changes = [renamed(f"Hus {i} filial", f"Hus {i}", IDS[i]) for i in range(4)]
    changes += [renamed(f"Hus {i} filial nord", f"Hus {i}", IDS[i]) for i in range(4, 7)]
    assert found(changes) == [("renamed.words_removed", {"gone": "filial"}, 7)]
    grouped = assign_groups(changes, find_groups(changes, {}))
    assert {one.group for one in grouped} == {0}


def moved(sor_id: str, before: str, after: str) -> Change:
    return change("unit.moved", sor_id, before=(before,), after=(after,))


def test_moves_from_many_private_owners_to_one_region() -> None:
    units = table(region_region=IDS[:5], **{f"p{i}_privat": [] for i in range(5)})
    changes = [moved(IDS[i], f"p{i}", "region") for i in range(5)]
    expected = {"unit_type": "klinik", "from_owner_type": "privat", "to_owner": "region"}
    assert found(changes, units) == [("moved.type_to_owner", expected, 5)]


def test_moves_between_two_owners_and_within_one() -> None:
    units = table(a_privat=IDS[:3], b_privat=IDS[3:6])
    changes = [moved(sor_id, "b", "a") for sor_id in IDS[:3]]
    changes += [moved(sor_id, "b", "b") for sor_id in IDS[3:6]]
    assert found(changes, units) == [
        ("moved.within_owner", {"owner": "b"}, 3),
        (
            "moved.type_between_owners",
            {"unit_type": "klinik", "from_owner": "b", "to_owner": "a"},
            3,
        ),
    ]


def test_what_is_created_under_one_owner_and_under_many_of_a_type() -> None:
    units = table(a_kommune=IDS[:3])
    assert found([change("unit.created", i) for i in IDS[:3]], units) == [
        ("type_under_owner", {"unit_type": "klinik", "owner": "a"}, 3)
    ]
    many = table(**{f"p{i}_privat": [IDS[i]] for i in range(5)})
    created = [change("unit.created", sor_id) for sor_id in many]
    assert found(created, many) == [("under_owner_type", {"owner_type": "privat"}, 10)]
    below = [one for one in created if not str(one.subject).startswith("p")]
    assert found(below, many) == [
        ("type_under_owner_type", {"unit_type": "klinik", "owner_type": "privat"}, 5)
    ]


def test_types_numbers_closings_and_fields() -> None:
    units = table(a_privat=IDS[:9])
    owners = table(b_privat=[])
    units |= owners
    types = [
        change("unit.type_changed", i, before=CodedText(code="x"), after=CodedText(code="y"))
        for i in IDS[:3]
    ]
    assert found(types, units) == [("type.from_to", {"from_type": "x", "to_type": "y"}, 3)]
    handed = [
        change(
            "location_number.reassigned",
            f"579{i}",
            unit=i,
            before="b",
            after=i,
            relation="to_descendant",
        )
        for i in IDS[:3]
    ]
    expected = {"from_kind": "owner", "to_kind": "institution", "relation": "to_descendant"}
    assert found(handed, units) == [("number.handed", expected, 3)]
    closings = [
        change("unit.closure_scheduled", i, before=None, after="2024-12-31") for i in IDS[:3]
    ]
    assert found(closings, units) == [
        ("closure.day_under_owner", {"day": "2024-12-31", "owner": "a"}, 3)
    ]
    lost = [change("unit.shak_changed", i, before="1", after=None) for i in IDS[:3]]
    assert found(lost, units) == [("field.under_owner", {"turn": "taken", "owner": "a"}, 3)]
    same = (Difference(path="kind", before=1, after=2),)
    details = [change("unit.details_changed", i, differences=same) for i in IDS[:3]]
    assert found(details, units) == [("paths.under_owner", {"paths": "kind", "owner": "a"}, 3)]


def test_who_inherits_another_number() -> None:
    name = "unit.effective_location_number_changed"
    both = [change(name, i, before="A", after="B") for i in IDS[:3]]
    lost = [change(name, i, before="A", after=None) for i in IDS[3:7]]
    won = [change(name, i, before=None, after="B") for i in IDS[7:12]]
    assert found([*both, *lost, *won]) == [
        ("number.inherited", {"to_number": "B"}, 5),
        ("number.inherited", {"from_number": "A"}, 4),
        ("number.inherited", {"from_number": "A", "to_number": "B"}, 3),
    ]


def test_many_small_groups_give_way_to_a_more_general_one() -> None:
    units = table(**{f"p{i}_privat": IDS[3 * i : 3 * i + 3] for i in range(10)})
    changes = [change("unit.closed", i) for i in IDS[:30]]
    assert found(changes, units) == [
        ("type_under_owner_type", {"unit_type": "klinik", "owner_type": "privat"}, 30)
    ]
