"""Sentences that are put together from parts, as a native reader would have them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sordiff.alerts import Alert
from sordiff.events import CodedText
from sordiff.model import Gln, SorId
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.group_text import group_line
from sordiff.render.report.phrases import alert_line
from sordiff.render.report.remarks import remarks
from sordiff.render.text.rich_text import plain_text
from sordiff.report import Asked, Change, Difference, Group, UnitEntry
from tests.report.changes import change, empty_report, renamed


def alert(code: str, saw: float, limit: float, message: str = "") -> Alert:
    return Alert(
        code=code, severity="critical", subject=None, message=message, saw=saw, limit=limit
    )


@pytest.mark.parametrize(
    ("raised", "danish"),
    [
        (alert("limit.unit.created", 2196, 300), "2.196 oprettede enheder; grænsen er 300"),
        (
            alert("limit.unit.address_changed", 6000, 5000),
            "6.000 enheder med ændret adresse; grænsen er 5.000",
        ),
        (
            alert("unusual.total", 400, 90),
            "usædvanlig nat: 400 ændringer i alt",
        ),
        (
            alert("level.units", 2596, 480),
            "registeret har 2.596 enheder; ud fra den seneste godkendte kørsel ventes højst 480",
        ),
        (
            alert("level.units", 100, 320),
            "registeret har 100 enheder; ud fra den seneste godkendte kørsel ventes mindst 320",
        ),
    ],
)
def test_an_alert_is_a_danish_sentence(raised: Alert, danish: str) -> None:
    assert plain_text(alert_line(raised, Catalogue("da"))) == danish


def test_the_days_of_an_alert_are_written_out_in_english() -> None:
    told = alert("level.units", 1, 2, "by the 400 units of 2018-04-22; 12018-04-229 is none")
    assert plain_text(alert_line(told, Catalogue("en"))) == (
        "by the 400 units of 22 April 2018; 12018-04-229 is none"
    )


def handed(relation: str, to_kind: str = "institution") -> Group:
    return Group(
        rule="number.handed",
        type="location_number.reassigned",
        parameters={"from_kind": "owner", "to_kind": to_kind, "relation": relation},
        count=119,
        examples=(),
        members=(),
    )


@pytest.mark.parametrize(
    ("group", "danish"),
    [
        (handed("to_descendant"), "institutionsejere til underliggende sundhedsinstitutioner"),
        (
            handed("other_owner"),
            "institutionsejere til sundhedsinstitutioner under en anden institutionsejer",
        ),
        (handed("other_owner", "owner"), "institutionsejere til andre institutionsejere"),
    ],
)
def test_numbers_that_changed_hands_are_told_in_the_plural(group: Group, danish: str) -> None:
    told = group_line(group, ChangeText(empty_report(), Catalogue("da")))
    assert plain_text(told) == f"119 lokationsnumre flyttet fra {danish}"


def said(found: Change, language: str = "da") -> list[str]:
    return [
        plain_text(line) for line in ChangeText(empty_report(), Catalogue(language)).lines(found)
    ]


def test_who_has_a_code_or_a_number_is_told_of_nobody_too() -> None:
    code = change("classification.text_changed", subject="EntityType/1", before="a", after="b")
    assert "koden bruges ikke af nogen åben enhed" in said(with_carriers(code, 0))
    assert "koden bruges af 1 åben enhed" in said(with_carriers(code, 1))
    gone = change("location_number.released", subject="579", before="1")
    assert "gælder ikke længere for nogen åben enhed" in said(with_carriers(gone, 0))
    come = change("location_number.assigned", subject="579", after="1")
    assert "gælder ikke for nogen åben enhed" in said(with_carriers(come, 0))


def with_carriers(found: Change, count: int) -> Change:
    return replace(found, carriers=count)


@pytest.mark.parametrize(
    ("asked", "danish", "english"),
    [
        (
            Asked(type="unit.closed", unit=SorId("1")),
            "Kun ændringer af typen Lukket, der vedrører Klinikken.",
            "Only changes of type Closed that concern Klinikken.",
        ),
        (
            Asked(under=SorId("1"), number=Gln("579")),
            "Kun ændringer, der ligger under Klinikken og vedrører lokationsnummer 579.",
            "Only changes that are under Klinikken and concern location number 579.",
        ),
    ],
)
def test_what_was_asked_for_is_one_sentence(asked: Asked, danish: str, english: str) -> None:
    units = {SorId("1"): UnitEntry(name="Klinikken")}
    report = empty_report(asked=asked, units=units)
    for language, expected in (("da", danish), ("en", english)):
        told = remarks(report, ChangeText(report, Catalogue(language)))
        assert expected in map(plain_text, told)


def test_a_code_is_told_by_what_its_list_is_of() -> None:
    report = empty_report(lists={"EntityType": "unit_type", "Colour": None})
    say = ChangeText(report, Catalogue("da"))
    assert plain_text(say.code("EntityType/394761003")) == "enhedstype 394761003"
    assert plain_text(say.code("Colour/1")) == "Colour 1"
    assert plain_text(say.codes_of("EntityType")) == "listen over enhedstyper"
    assert plain_text(say.codes_of("Colour")) == "listen Colour"
    assert (
        plain_text(ChangeText(report, Catalogue("en")).code("EntityType/1"))
        == "unit type (enhedstype) 1"
    )


@pytest.mark.parametrize(
    ("relation", "danish"),
    [
        ("to_descendant", "til Klinikken (1), en underliggende enhed"),
        ("other_owner", "til Klinikken (1), under en anden institutionsejer"),
    ],
)
def test_how_a_new_holder_stands_to_the_old_one_is_said_of_the_new_one(
    relation: str, danish: str
) -> None:
    report = empty_report(units={SorId("1"): UnitEntry(name="Klinikken")})
    moved = change(
        "location_number.reassigned", subject="579", before="2", after="1", relation=relation
    )
    lines = [plain_text(line) for line in ChangeText(report, Catalogue("da")).lines(moved)]
    assert lines == ["fra 2", danish]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (CodedText(code="1", text="apotek"), CodedText(code="2", text="filial"), "apotek → filial"),
        (CodedText(code="1", text="a"), CodedText(code="2", text="a"), "a (1) → a (2)"),
        (CodedText(code="1", text=None), None, "1 → –"),
    ],
)
def test_two_codes_with_one_text_are_told_apart(
    before: CodedText, after: CodedText | None, told: str
) -> None:
    changed = change("unit.type_changed", before=before, after=after)
    text = ChangeText(empty_report([changed]), Catalogue("en"))
    assert [plain_text(line) for line in text.lines(changed)] == [told]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Læge\u00a0Hansen", "Læge Hansen", "Læge⟨U+00A0⟩Hansen → Læge Hansen"),
        ("Cafe\u0301", "Café", "Cafe⟨U+0301⟩ → Café"),
        ("Læge\ufe0e", "Læge", "Læge⟨U+FE0E⟩ → Læge"),
        ("Læge \u3164x", "Læge x", "Læge ⟨U+3164⟩x → Læge x"),
    ],
)
def test_a_difference_that_nobody_sees_is_told_by_its_characters(
    before: str, after: str, said: str
) -> None:
    report = empty_report()
    text = ChangeText(report, Catalogue("da"))
    details = Difference(path="note", before=before, after=after)
    told = [
        *text.lines(renamed(before, after)),
        *text.lines(change("unit.details_changed", differences=(details,))),
    ]
    assert [plain_text(line) for line in told] == [said, f"bemærkning: {said}"]
