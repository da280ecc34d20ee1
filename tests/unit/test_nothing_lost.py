"""Odd files in which something could be lost in reading; each was once."""

from collections import Counter
from collections.abc import Callable

import pytest

from sordiff.errors import SnapshotRefused
from sordiff.service.ingest.compare import Comparison
from tests.laws.pairs import between, read_bytes

HEAD = (
    '<SorTree xmlns="urn:oio:nsi:2.0.0" xmlns:sor1="urn:oio:sundhedsstyrelsen:organisation:1.0.0"'
    ' xmlns:x="urn:example:x" {root}>'
    "<sor1:CreatedAtTime>2024-05-0{day}T01:00:00+02:00</sor1:CreatedAtTime>"
    "<sor1:SnapshotDate>2024-05-0{day}</sor1:SnapshotDate>"
)
OWNER = (
    "<InstitutionOwnerEntity><InstitutionOwner><sor1:SorIdentifier>{sor_id}</sor1:SorIdentifier>"
    "<sor1:EntityName>Ejer</sor1:EntityName>{inside}</InstitutionOwner></InstitutionOwnerEntity>"
)


def tree(inside: str, *, day: int = 1, root: str = "", beside: str = "") -> bytes:
    owners = OWNER.format(sor_id="1", inside=inside) + beside + OWNER.format(sor_id="2", inside="")
    return (HEAD.format(day=day, root=root) + owners + "</SorTree>").encode()


def compared(before: str, after: str) -> Comparison:
    return between(read_bytes(tree(before)), read_bytes(tree(after, day=2)))


def names(comparison: Comparison) -> Counter[str]:
    return Counter(event.name for event in comparison.events)


def speciality(code: str, more: str, attribute: str = "") -> str:
    return (
        f"<ClinicalSpeciality{attribute}><SpecialityIdentifier>{code}</SpecialityIdentifier>{more}"
        "</ClinicalSpeciality>"
    )


def collection(*entries: str) -> str:
    return f"<ClinicalSpecialityCollection>{''.join(entries)}</ClinicalSpecialityCollection>"


def replaced(*entries: str) -> str:
    return f"<ReplacedByEntityCollection>{''.join(entries)}</ReplacedByEntityCollection>"


def reference(sor_id: str, note: str) -> str:
    return f'<sor1:SorIdentifier note="{note}">{sor_id}</sor1:SorIdentifier>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            collection(speciality("11", "<x:N>a</x:N>"), speciality("22", "<x:N>b</x:N>")),
            collection(speciality("11", "<x:N>b</x:N>"), speciality("22", "<x:N>a</x:N>")),
        ),
        (
            collection(speciality("11", "", ' n="a"'), speciality("22", "", ' n="b"')),
            collection(speciality("11", "", ' n="b"'), speciality("22", "", ' n="a"')),
        ),
        (
            replaced(reference("7", "a"), reference("8", "b")),
            replaced(reference("7", "b"), reference("8", "a")),
        ),
        (
            '<x:R><__a xmlns="">1</__a></x:R><x:R><__a xmlns="">2</__a></x:R>',
            '<x:R><__a xmlns="">1</__a></x:R><x:R><__a xmlns="">3</__a></x:R>',
        ),
    ],
    ids=["child of a speciality", "attribute of a speciality", "reference", "underscores"],
)
def test_what_is_unknown_stays_with_what_it_belongs_to(before: str, after: str) -> None:
    assert names(compared(before, after)) == {"unit.details_changed": 1}
    assert names(compared(before, before)) == {}


def number(gln: str, more: str = "") -> str:
    return (
        f"<EanLocationCodeEntity><sor1:EanLocationCode>{gln}</sor1:EanLocationCode>{more}"
        "</EanLocationCodeEntity>"
    )


def test_a_detail_of_a_second_number_does_not_change_which_is_the_first() -> None:
    first, second = "5790000000005", "5790000000012"
    before = number(first, "<sor1:SorNote>z</sor1:SorNote>") + number(second)
    after = number(first, "<sor1:SorNote>z</sor1:SorNote>") + number(
        second, "<sor1:OnlyInternalIndicator>true</sor1:OnlyInternalIndicator>"
    )
    assert names(compared(before, after)) == {"unit.details_changed": 1}


def test_the_root_is_adopted_with_stray_text_between_the_units() -> None:
    old = tree("", root='x:a="1"', beside="tekst")
    new = tree("", day=2, root='x:a="2"', beside="anden tekst<x:E>1</x:E>")
    read_old, read_new = read_bytes(old), read_bytes(new)
    assert read_old.header.other == {"@{urn:example:x}a": "1", "text()": "tekst"}
    assert read_new.header.other == {
        "@{urn:example:x}a": "2",
        "text()": "anden tekst",
        "{urn:example:x}E": "1",
    }


@pytest.mark.parametrize(
    "inside",
    [
        "<SorIdentifier>4</SorIdentifier>",
        "<sor1:SorIdentifier>1</sor1:SorIdentifier>",
    ],
)
def test_two_ids_are_refused_whatever_their_namespaces(inside: str) -> None:
    with pytest.raises(SnapshotRefused) as refused:
        read_bytes(tree(inside))
    assert [problem.code for problem in refused.value.problems] == ["sor_id.twice"]


@pytest.mark.parametrize("sor_id", ["a/b", "1 2", "1\u009b", "æ"])
def test_an_id_of_other_signs_is_refused(sor_id: str) -> None:
    content = tree("").replace(b">2<", f">{sor_id}<".encode())
    with pytest.raises(SnapshotRefused) as refused:
        read_bytes(content)
    assert [problem.code for problem in refused.value.problems] == ["sor_id.malformed"]


def types(entry: Callable[[int], str]) -> bytes:
    return f"<D><L>{''.join(f'<EntityType>{entry(n)}</EntityType>' for n in range(4))}</L></D>".encode()


def plain_entry(n: int) -> str:
    return f"<EntityTypeIdentifier>{n}</EntityTypeIdentifier><EntityTypeName>t{n}</EntityTypeName>"


def lists_changed(before: Callable[[int], str], after: Callable[[int], str]) -> Counter[str]:
    old = read_bytes(tree(""), types(before))
    new = read_bytes(tree("", day=2), types(after))
    assert old.lists.keys() == new.lists.keys() == {"EntityType"}
    return names(between(old, new))


def test_fields_of_one_name_at_two_places_are_two_fields() -> None:
    def dated(valid: str) -> Callable[[int], str]:
        return lambda n: (
            f"{plain_entry(n)}<Valid><From>{valid}</From></Valid>"
            "<Registered><From>5</From></Registered>"
        )

    assert lists_changed(dated("1"), dated("9")) == {"classification.entry_changed": 4}


def test_an_attribute_on_a_text_or_a_code_hides_nothing() -> None:
    def danish(n: int) -> str:
        return plain_entry(n).replace("<EntityTypeName>", '<EntityTypeName xml:lang="da">')

    assert lists_changed(danish, danish) == {}
    assert lists_changed(plain_entry, danish) == {"classification.entry_changed": 4}


def test_one_entry_without_a_code_does_not_freeze_its_list() -> None:
    def slipped(n: int) -> str:
        return plain_entry(n) if n else "<EntityTypeIdentifier/><EntityTypeName>x</EntityTypeName>"

    assert lists_changed(plain_entry, slipped) == {"classification.code_removed": 1}
    found = read_bytes(tree(""), types(slipped)).findings
    assert [finding.code for finding in found] == ["classification.no_code"]


def test_of_several_owners_the_former_one_is_who_lost_the_number_tonight() -> None:
    owners = [OWNER.format(sor_id=n, inside="") for n in (1, 2, 3)]
    holding = [OWNER.format(sor_id=n, inside=number("5790000000005")) for n in (1, 2, 3)]
    old = (HEAD.format(day=1, root="") + holding[0] + owners[1] + owners[2] + "</SorTree>").encode()
    new = (
        HEAD.format(day=2, root="") + owners[0] + holding[1] + holding[2] + "</SorTree>"
    ).encode()
    assigned = [
        event.data
        for event in between(read_bytes(old), read_bytes(new)).events
        if event.name == "location_number.assigned"
    ]
    former = [getattr(data, "previously", None) for data in assigned]
    assert [(one and one.unit_id, one and one.released) for one in former] == [
        ("1", "2024-05-02")
    ] * 2
