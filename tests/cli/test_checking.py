"""`sordiff check`: what it tells of a good snapshot, and every finding by a register that has the fault."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.making.plain import PlainEntry, PlainNumber, PlainUnit, valid_gln, valid_sor_id
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.trees import institution, number, organizational_unit, owner

from .calling import called, good
from .practice import (
    CLINIC,
    DOCTOR,
    GLN,
    MONDAY,
    OWNER,
    REGION,
    clinic,
    doctor,
    night,
    practice,
    second,
    types,
    xml,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.making.plain import PlainList


def _checked(folder: Path, file: str, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(good(folder, "check", file, "--format", "json", *options))
    return found


def _found(folder: Path, *units: PlainUnit, lists: list[PlainList] | None = None) -> list[Any]:
    """(code, subject, line) of what check finds in these units."""
    file = night(folder, MONDAY, *units, lists=lists)
    findings = _checked(folder, file)["findings"]
    text = good(folder, "check", file)
    for finding in findings:
        assert finding["code"] in text
        assert finding["subject"] in text
    return [(finding["code"], finding["subject"]) for finding in findings]


def _digit_off(number_: str) -> str:
    return number_[:-1] + str((int(number_[-1]) + 1) % 10)


def test_a_good_snapshot_has_no_findings(tmp_path: Path) -> None:
    file = night(tmp_path, MONDAY, practice(clinic()), second(to="2020-01-01"), lists=[types()])
    report = _checked(tmp_path, file)
    assert report["findings"] == []
    assert (report["units"], report["location_numbers"]) == (3, 1)
    assert report["kinds"] == {"owner": 2, "institution": 1}
    assert report["states"] == {"open": 2, "closed": 1}
    assert report["lists"] == {"EntityType": 3}
    assert report["header"]["snapshot_date"] == MONDAY
    text = good(tmp_path, "check", file)
    for word in (file, MONDAY, "No findings", "2 owners", "EntityType 3", "2 open, 1 closed"):
        assert word in text
    assert sorted(path.name for path in tmp_path.iterdir()) == [file]


def test_without_lists_it_says_so(tmp_path: Path) -> None:
    assert "none delivered" in good(tmp_path, "check", night(tmp_path, MONDAY))


FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
WRONG_ID = _digit_off(valid_sor_id(7021))
FAULTS: dict[str, tuple[list[PlainUnit], list[tuple[str, str]]]] = {
    "sor id": (
        [PlainUnit(sor_id=WRONG_ID, kind="owner", name="x")],
        [("sor_id.check_digit", WRONG_ID)],
    ),
    "gln digit": (
        [practice(clinic(location_number=PlainNumber(number=_digit_off(GLN))))],
        [("location_number.check_digit", CLINIC)],
    ),
    "gln length": (
        [practice(clinic(location_number=PlainNumber(number="73513537")))],
        [("location_number.check_digit", CLINIC)],
    ),
    "gln in full-width digits": (
        [practice(clinic(location_number=PlainNumber(number=GLN.translate(FULL_WIDTH))))],
        [("location_number.check_digit", CLINIC)],
    ),
    "gln with a hyphen": (
        [practice(clinic(location_number=PlainNumber(number="036000-291452")))],
        [("location_number.check_digit", CLINIC)],
    ),
    "cvr": ([practice(cvr="12345678")], [("cvr.check_digit", OWNER)]),
    "p number": ([practice(p_number="123456789")], [("p_number.form", OWNER)]),
    "p number's letters": ([practice(p_number="12345678x0")], [("p_number.form", OWNER)]),
    "name encoded twice": (
        [practice(name="LÃ¦gerne Ã…byhÃ¸j â€“ nord")],
        [("name.double_encoded", OWNER)],
    ),
    "names with such letters": ([practice(name="Ãrsted »Ø« São Â & Ångström")], []),
    "invisible character in a name": (
        [practice(name="Lægerne\u00a0I/S")],
        [("name.invisible_character", OWNER)],
    ),
    "accent behind its letter": ([practice(name="Cafe\u0301")], []),
    "open below closed parent": (
        [practice(clinic(doctor(), to="2020-01-01"))],
        [("unit.open_below_closed", DOCTOR)],
    ),
    "closed and future below closed": (
        [practice(clinic(doctor(first_from="2030-01-01"), to="2020-01-01"), to="2020-01-01")],
        [],
    ),
    "nothing to inherit": (
        [practice(clinic(doctor(), location_number=None))],
        [("location_number.nothing_to_inherit", DOCTOR)],
    ),
    "shared number": (
        [practice(), second(location_number=number(711, REGION))],
        [("location_number.shared", GLN)],
    ),
    "shared provider number": (
        [practice(), second(provider_number="019062")],
        [("provider_number.shared", "019062")],
    ),
    "shared provider number, one closed": (
        [practice(), second(provider_number="019062", to="2020-01-01")],
        [],
    ),
    "hidden provider number": (
        [practice(clinic(doctor(provider_number="99019062"))), second(provider_number="99019062")],
        [],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_suspicious_is_found(tmp_path: Path, fault: str) -> None:
    units, expected = FAULTS[fault]
    assert _found(tmp_path, *units) == expected


def test_a_unit_type_in_no_list_is_found(tmp_path: Path) -> None:
    short = types()
    short.entries = [entry for entry in short.entries if entry.code != codes.ALMEN_PRAKSIS.code]
    other = types()
    other.name = "Speciality"
    bare = practice(clinic())
    assert _found(tmp_path, bare, lists=[short]) == [
        ("unit_type.not_in_classification", CLINIC),
    ]
    assert _found(tmp_path, bare, lists=[other]) == []


def test_a_code_twice_in_a_list_is_found(tmp_path: Path) -> None:
    twice = types()
    twice.entries.append(PlainEntry(code=codes.PRIVAT.code, text="noget andet"))
    assert _found(tmp_path, practice(clinic()), lists=[twice]) == [
        ("classification.code_twice", f"EntityType/{codes.PRIVAT.code}")
    ]


def test_a_field_twice_and_a_word_that_is_no_boolean_are_found(tmp_path: Path) -> None:
    content = xml(MONDAY).decode("utf-8-sig")
    assert content.count(">019062<") == 1
    start = content.rindex("<", 0, content.index(">019062<"))
    end = content.index(">", content.index("019062")) + 1
    (tmp_path / "twice.xml").write_text(
        content[:end] + content[start:end].replace("62", "63") + content[end:]
    )
    (finding,) = _checked(tmp_path, "twice.xml")["findings"]
    assert finding["code"] == "field.repeated"
    odd = content.replace(">false<", ">nej<", 1)
    assert odd != content
    (tmp_path / "odd.xml").write_text(odd)
    (finding,) = _checked(tmp_path, "odd.xml")["findings"]
    assert finding["code"] == "boolean.malformed"
    assert "nej" in good(tmp_path, "check", "odd.xml")


def test_a_unit_at_the_wrong_level_is_found(tmp_path: Path) -> None:
    """Written as a unit below an owner, where an institution stands."""
    below = organizational_unit(7031, "x", codes.SUPPLERENDE)
    file = night(tmp_path, MONDAY, owner(7030, "y", codes.PRIVAT, below))
    findings = _checked(tmp_path, file)["findings"]
    assert [(f["code"], f["subject"]) for f in findings] == [("unit.misplaced", below.sor_id)]


def test_findings_have_the_line_of_their_unit(tmp_path: Path) -> None:
    file = night(tmp_path, MONDAY, practice(clinic(doctor(), to="2020-01-01")))
    (finding,) = _checked(tmp_path, file)["findings"]
    text = (tmp_path / file).read_text(encoding="utf-8-sig").splitlines()
    # The record of the unit begins within the lines just before its id.
    place = next(n for n, line in enumerate(text, start=1) if DOCTOR in line)
    assert place - 2 <= finding["line"] <= place
    assert f"line {finding['line']}" in good(tmp_path, "check", file)


def test_of_many_findings_the_text_shows_the_first(tmp_path: Path) -> None:
    units = [owner(n, "x", codes.PRIVAT, cvr="12345678") for n in range(1, 31)]
    file = night(tmp_path, MONDAY, *units)
    assert len(_checked(tmp_path, file)["findings"]) == 30
    text = good(tmp_path, "check", file)
    assert "cvr.check_digit (30)" in text
    assert text.count("is not a CVR number") == 20
    assert "10 more" in text


def test_many_owners_of_one_number_are_counted(tmp_path: Path) -> None:
    units = [
        owner(
            n,
            "x",
            codes.PRIVAT,
            institution(100 + n, "y", codes.APOTEK, location_number=number(5, REGION)),
        )
        for n in range(1, 8)
    ]
    assert _found(tmp_path, *units) == [("location_number.shared", valid_gln(5))]
    assert "2 more" in good(tmp_path, "check", f"{MONDAY}.xml")


def test_a_refused_snapshot_is_refused_by_check_too(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_bytes(xml(MONDAY, practice(), practice()))
    done = called(tmp_path, "check", "bad.xml")
    assert (done.exit, done.stdout) == (5, "")
    for sor_id in (OWNER, CLINIC, DOCTOR):
        assert sor_id in done.stderr
