"""The oracle's own cases, each a sentence of the contract made small enough to check by eye."""

from typing import Any

from .oracle import expected_events, with_kept_lists
from .reading import read

V1 = "urn:oio:sundhedsstyrelsen:organisation:1.0.0"
V2 = "urn:oio:nsi:2.0.0"
WRAPPER = {"IE": "InstitutionOwnerEntity", "SI": "HealthInstitutionEntity"}
RECORD = {"IE": "InstitutionOwner", "SI": "HealthInstitution"}
INHERITED = "<EanLocationCodeOption><EntityInheritanceIndicator>1</EntityInheritanceIndicator>"
INHERITED += "</EanLocationCodeOption>"


def status(to: str = "", first: str = "2001-01-01", since: str = "2001-01-01") -> str:
    to = f"<ToDate>{to}</ToDate>" if to else ""
    return (
        f"<SorStatus><FromDate>{since}</FromDate>{to}"
        f"<FirstFromDate>{first}</FirstFromDate></SorStatus>"
    )


def gln(number: str, inside: str = "") -> str:
    block = f"<EanLocationCode>{number}</EanLocationCode>{inside}"
    return f"<EanLocationCodeEntity>{block}</EanLocationCodeEntity>"


def unit(level: str, sor_id: str, inside: str = "", *below: str) -> str:
    wrapper = WRAPPER.get(level, "OrganizationalUnitEntity")
    record = RECORD.get(level, "OrganizationalUnit")
    name = "" if "EntityName" in inside else f"<EntityName>{sor_id}</EntityName>"
    dates = "" if "FirstFromDate" in inside.rpartition("EanLocationCode")[2] else status()
    return (
        f"<{wrapper}><{record}><SorIdentifier>{sor_id}</SorIdentifier>{name}{inside}{dates}"
        f"</{record}>{''.join(below)}</{wrapper}>"
    )


def night(
    day: str, *owners: str, namespace: str = V1, data_types: str | None = None
) -> dict[str, Any]:
    xml = (
        f'<SorTree xmlns="{namespace}" xmlns:v1="{V1}" xmlns:x="urn:x">'
        f"<CreatedAtTime>{day}T01:00:00.0000000+02:00</CreatedAtTime>"
        f"<SnapshotDate>{day}</SnapshotDate>{''.join(owners)}</SorTree>"
    )
    return read(b"\xef\xbb\xbf" + xml.encode(), data_types.encode() if data_types else None)


def told(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    short = [e["type"].removeprefix("sordiff.").removesuffix(".v1") for e in events]
    return [(name, event["subject"]) for name, event in zip(short, events, strict=True)]


def test_to_is_the_last_valid_day_and_a_unit_closes_though_no_byte_changed() -> None:
    tree = unit("IE", "1", gln("G", status(to="2020-01-02")) + status(to="2020-01-02"))
    one, two, three = (night(f"2020-01-0{day}", tree) for day in (1, 2, 3))
    assert expected_events(one, two) == []
    events = expected_events(two, three)
    assert told(events) == [("location_number.closed", "G"), ("unit.closed", "1")]
    assert {event["cause"] for event in events} == {"date_elapsed"}
    number, closed = events
    assert (closed["to"], closed["effective"]) == ("2020-01-02", "2020-01-03")
    assert closed["location_number"] == "G"
    assert closed["unit"]["effective_location_number"] == {
        "number": "G",
        "from_unit": "1",
        "open": False,
    }
    assert number["owner"] == "1"
    assert number["effective"] is None
    assert number["heirs"] == 0


def test_a_closing_is_scheduled_changed_cancelled_and_undone() -> None:
    def at(day: str, to: str = "") -> dict[str, Any]:
        return night(day, unit("IE", "1", status(to=to)))

    none, soon = at("2020-01-01"), at("2020-01-02", "2020-03-01")
    (scheduled,) = expected_events(none, soon)
    assert told([scheduled]) == [("unit.closure_scheduled", "1")]
    assert (scheduled["before"], scheduled["after"]) == (None, "2020-03-01")
    assert scheduled["effective"] == "2020-03-02"
    (cancelled,) = expected_events(soon, at("2020-01-03"))
    assert told([cancelled]) == [("unit.closure_cancelled", "1")]
    assert cancelled["before"] == "2020-03-01"
    past = at("2020-01-03", "2020-01-02")
    assert told(expected_events(soon, past)) == [("unit.closed", "1")]
    (reopened,) = expected_events(past, at("2020-01-04", "2020-09-09"))
    assert told([reopened]) == [("unit.reopened", "1")]
    (details,) = expected_events(past, at("2020-01-04", "2019-12-31"))
    assert details["changes"] == [{"path": "to", "before": "2020-01-02", "after": "2019-12-31"}]


def test_created_restored_opened_and_removed() -> None:
    future = unit("IE", "1", status(first="2020-01-02"))
    other = unit("IE", "2")
    before = night("2020-01-01", other)
    created = expected_events(before, night("2020-01-01", future, other))
    assert told(created) == [("unit.created", "1")]
    assert created[0]["effective"] == "2020-01-02"
    assert created[0]["unit"]["open"] is False
    assert created[0]["status"]["before"] is None
    restored = expected_events(before, night("2020-01-02", future, other), known_ids=frozenset("1"))
    assert told(restored) == [("unit.restored", "1")]
    opened = expected_events(night("2020-01-01", future, other), night("2020-01-02", other, future))
    assert told(opened) == [("unit.opened", "1")]
    assert opened[0]["cause"] == "date_elapsed"
    removed = expected_events(night("2020-01-01", future, other), night("2020-01-02", other))
    assert told(removed) == [("unit.removed", "1")]
    assert removed[0]["was_open"] is True  # open by its old record on the new day


def test_only_the_unit_that_was_moved_itself_is_moved() -> None:
    inner = unit("OE", "3", "<EntityName>Ward</EntityName>", unit("OE", "4", "", unit("OE", "5")))
    before = night("2020-01-01", unit("IE", "1", "", unit("SI", "2", "", inner)), unit("IE", "9"))
    after = night(
        "2020-01-02",
        unit("IE", "1", "", unit("SI", "2")),
        unit("IE", "9", "<OwnerType>77</OwnerType>", unit("SI", "8", "", inner)),
    )
    events = expected_events(before, after)
    assert told(events) == [("unit.created", "8"), ("unit.moved", "3"), ("unit.type_changed", "9")]
    assert events[1]["descendants"] == 2
    assert events[1]["before"]["institution"] == {"id": "2", "name": "2"}
    assert events[1]["after"]["parent"] == {"id": "8", "name": "8"}
    assert events[1]["after"]["owner_type"] == {"code": "77", "text": None}


def test_a_number_is_inherited_past_unmarked_ancestors_and_only_by_the_marked() -> None:
    def tree(number: str) -> str:
        leaves = unit("OE", "4", INHERITED), unit("OE", "5")
        return unit("IE", "1", gln(number), unit("SI", "2", "", unit("OE", "3", "", *leaves)))

    events = expected_events(night("2020-01-01", tree("G")), night("2020-01-02", tree("H")))
    assert told(events) == [
        ("location_number.released", "G"),
        ("location_number.assigned", "H"),
        ("unit.effective_location_number_changed", "1"),
        ("unit.effective_location_number_changed", "4"),
    ]
    assert events[1]["heirs"] == 2
    assert events[3]["before"] == {"number": "G", "from_unit": "1"}
    assert events[3]["cause"] == "derived"


def test_owners_of_a_number_are_compared_as_sets() -> None:
    def at(day: str, *owners: str) -> dict[str, Any]:
        units = [unit("IE", n, gln("G") if n in owners else "") for n in ("1", "2", "3")]
        return night(day, *units)

    def numbers(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, bool]]:
        found = [e for e in expected_events(old, new) if e["subject"] == "G"]
        return [(e["type"].split(".")[2], e["owner"], e["shared"]) for e in found]

    one, two, both = at("2020-01-01", "1"), at("2020-01-02", "2"), at("2020-01-02", "1", "2")
    assert numbers(one, two) == [("reassigned", "2", False)]
    assert numbers(one, both) == [("assigned", "2", True)]
    assert numbers(both, at("2020-01-03", "3", "2")) == [("reassigned", "3", True)]
    assert numbers(both, at("2020-01-03", "3")) == [
        ("released", "1", True),
        ("released", "2", True),
        ("assigned", "3", True),
    ]
    nobody = at("2019-12-31")
    earlier = {"G": [("3", "2018-01-01"), ("1", "2019-01-01")]}
    (assigned,) = [
        e for e in expected_events(nobody, one, earlier_owners=earlier) if e["subject"] == "G"
    ]
    assert assigned["previously"] == {"unit_id": "3", "released": "2018-01-01"}
    assert assigned["reuse"] is True


def test_the_relation_of_a_reassigned_number_is_judged_in_new_or_old_or_by_owner() -> None:
    def at(day: str, **inside: str) -> dict[str, Any]:
        deep = [unit("OE", n, inside.get("u" + n, "")) for n in "345" if "u" + n in inside]
        tree = unit("SI", "2", inside.get("u2", ""), *deep)
        return night(day, unit("IE", "1", inside.get("u1", ""), tree))

    def relation(old: dict[str, Any], new: dict[str, Any]) -> str:
        (event,) = [e for e in expected_events(old, new) if "reassigned" in e["type"]]
        return str(event["relation"])

    on_one, on_three = at("2020-01-01", u1=gln("G"), u3=""), at("2020-01-02", u3=gln("G"))
    assert relation(on_one, on_three) == "to_descendant"
    assert relation(on_three, at("2020-01-03", u2=gln("G"))) == "to_ancestor"  # 3 is gone
    assert relation(on_three, at("2020-01-03", u3="", u4=gln("G"))) == "same_owner"
    assert relation(on_three, at("2020-01-03", u5=gln("G"))) == "same_owner"  # gone and new
    other = night("2020-01-03", unit("IE", "1"), unit("IE", "7", gln("G")))
    assert relation(on_three, other) == "other_owner"


def test_bookkeeping_is_told_only_when_nothing_else_is() -> None:
    def at(day: str, since: str, name: str, number_since: str, note: str) -> dict[str, Any]:
        number = gln("G", note + status(since=number_since))
        named = f"<EntityName>{name}</EntityName>"
        return night(day, unit("IE", "1", number + named + status(since=since)))

    old = at("2020-01-01", "2001-01-01", "A", "2001-01-01", "")
    units, numbers = expected_events(old, at("2020-01-02", "2020-01-02", "A", "2020-01-02", ""))
    from_changed = [{"path": "from", "before": "2001-01-01", "after": "2020-01-02"}]
    assert told([units, numbers]) == [
        ("unit.details_changed", "1"),
        ("location_number.details_changed", "G"),
    ]
    assert units["changes"] == numbers["changes"] == from_changed
    note = "<SorNote>n</SorNote>"
    renamed, numbers = expected_events(old, at("2020-01-02", "2020-01-02", "B", "2020-01-02", note))
    assert told([renamed]) == [("unit.renamed", "1")]
    assert renamed["effective"] == "2020-01-02"
    assert numbers["changes"] == [{"path": "note", "before": None, "after": "n"}]
    assert numbers["effective"] == "2020-01-02"


def test_unknown_things_are_kept_by_path_in_the_block_where_they_stand() -> None:
    inside = (
        '<x:pair a="1"><x:one>p</x:one></x:pair><x:pair a="2"/>'
        '<x:word> a \t b </x:word><x:empty/><x:EntityName level="3"/>'
        "<AmbulantActivityIndicator>true</AmbulantActivityIndicator>"
        "<OrganizationalUnitInformation><ReportingLevelIndicator>maybe</ReportingLevelIndicator>"
        "</OrganizationalUnitInformation>"
        "<SorStatus><x:why>w</x:why><FirstFromDate>2001-01-01+01:00</FirstFromDate></SorStatus>"
    )
    found = night("2020-01-01", unit("IE", "1", gln("G", "<x:n>1</x:n>") + inside))["units"]["1"]
    assert found["name"] is None  # a foreign EntityName is somebody else's word
    assert found["first_from"] == "2001-01-01"
    assert found["reporting_level"] is None
    assert found["location_number"]["other"] == {"{urn:x}n": "1"}
    assert found["other"] == {
        "{urn:x}pair": [{"@a": "1", "{urn:x}one": "p"}, {"@a": "2"}],
        "{urn:x}word": "a b",
        "{urn:x}EntityName/@level": "3",
        f"{{{V1}}}AmbulantActivityIndicator": "true",
        f"{{{V1}}}OrganizationalUnitInformation/{{{V1}}}ReportingLevelIndicator": "maybe",
        f"{{{V1}}}SorStatus/{{urn:x}}why": "w",
    }


def test_a_change_of_version_alone_gives_no_event() -> None:
    street = "<AddressPostal><x:f>1</x:f><StreetName>Vej</StreetName></AddressPostal>"
    old = unit(
        "IE",
        "1",
        "<OwnerType>7</OwnerType>"
        + gln("G", "<SystemType>5</SystemType><CommunicationSupplier>6</CommunicationSupplier>")
        + f"<PostalAddressInformation>{street}</PostalAddressInformation>"
        + "<VirtualAddressInformation><Website>w</Website></VirtualAddressInformation>",
    )
    new = old.replace("OwnerType>", "EntityTypeIdentifier>").replace(">5<", ">55<")
    new = new.replace("SystemType>", "SystemTypeIdentifier>")
    new = new.replace("CommunicationSupplier>", "CommunicationSupplierIdentifier>")
    new = new.replace("</Postal", "<MunicipalityCode>0101</MunicipalityCode></Postal")
    new = new.replace("Website>", "v1:Website>").replace(
        "</InstitutionOwner>", "<x:y>1</x:y></InstitutionOwner>"
    )
    before, after = night("2020-01-01", old), night("2020-01-02", new, namespace=V2)
    assert (before["version"], after["version"]) == ("1.0.0", "2.0.0")
    assert expected_events(before, after) == []
    within_one_version = expected_events(night("2020-01-01", old, namespace=V2), after)
    assert told(within_one_version) == [
        ("unit.address_changed", "1"),
        ("unit.details_changed", "1"),
        ("location_number.details_changed", "G"),
    ]
    new = new.replace("Vej", "Gade")
    (changed,) = expected_events(before, night("2020-01-02", new, namespace=V2))
    assert told([changed]) == [("unit.address_changed", "1")]
    assert changed["after"]["postal"]["municipality_code"] == "0101"


def test_lists_are_compared_one_by_one_and_a_missing_one_keeps_its_entries() -> None:
    def lists(name: str, *, other: bool = False) -> str:
        more = '<Colours><Colour Id="r" Term="red"/><Colour Id="b" Term="blue"/></Colours>'
        return (
            f"<D><L><UnitType><UnitTypeCode>7</UnitTypeCode><UnitTypeName>{name}</UnitTypeName>"
            '</UnitType><UnitType Version="2"><UnitTypeCode>8</UnitTypeCode><UnitTypeName>z'
            f"</UnitTypeName></UnitType></L>{more if other else ''}</D>"
        )

    tree = unit("IE", "1", "<OwnerType>7</OwnerType>"), unit("IE", "2", "<OwnerType>7</OwnerType>")
    one = night("2020-01-01", *tree, data_types=lists("old"))
    assert one["lists"]["UnitType"]["8"] == {
        "code": "8",
        "text": "z",
        "attributes": {"Version": "2"},
    }
    two = night("2020-01-02", *tree)
    assert expected_events(one, two) == []
    kept = with_kept_lists(one, two)
    three = night("2020-01-03", *tree, data_types=lists("new", other=True))
    (changed,) = expected_events(kept, three)
    assert told([changed]) == [("classification.text_changed", "UnitType/7")]
    assert (changed["before"], changed["after"], changed["units"]) == ("old", "new", 2)


def test_the_order_is_that_of_the_contract_whatever_the_order_of_siblings() -> None:
    def tree(name: str, to: str) -> list[str]:
        inside = f"<EntityName>{name}</EntityName>" + status(to=to)
        return [unit("IE", n, inside, unit("SI", n + "1", inside)) for n in ("2", "10")]

    old = night("2020-01-01", *tree("a", ""))
    new = tree("b", "2020-01-01")
    events = expected_events(old, night("2020-01-02", *new))
    assert told(events) == [
        *[("unit.renamed", n) for n in ("10", "101", "2", "21")],
        *[("unit.closed", n) for n in ("21", "2", "101", "10")],
    ]
    assert events == expected_events(old, night("2020-01-02", *reversed(new)))
