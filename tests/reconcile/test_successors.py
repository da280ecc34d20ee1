"""Who is suggested in place of a unit that closed, by a changelog: above the floor, and by what links the two."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sordiff.reconcile.succession import LEAST_SCORE
from tests.cli.calling import good
from tests.making.plain import PlainUnit, valid_cvr, valid_sor_id
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.nights import Telling
from tests.scenarios.stories.trees import address, changed, clinic, number, phone

FIRST, LONG_AGO, LAST, AFTER = "2017-01-01", "2017-03-01", "2018-01-04", "2018-01-05"
# Of each kind the institution that closes, and those that open.
ALONE, SHARED, BY_CVR, BY_NAME, BY_NUMBER, TOO_LATE = 1001, 1101, 1201, 1301, 1401, 1501

CLOSED = (ALONE, SHARED, BY_CVR, BY_NAME, BY_NUMBER, TOO_LATE)


def practice(
    sequence: int, name: str, street: str, *, cvr: int = 0, calls: str | None = None, **said: Any
) -> PlainUnit:
    where = address(street, "4", "8600")
    return clinic(sequence - 1, f"Ejer {sequence}", name, codes.ALMEN_PRAKSIS, where, f"Læge {sequence}", cvr=valid_cvr(cvr or sequence), contact=phone(calls) if calls else None, **said)  # fmt: skip


def close(story: Telling, sequence: int) -> None:
    for part in (sequence - 1, sequence, sequence + 1):
        changed(story[part], AFTER).to = LAST


def hand_over(story: Telling, sequence: int, gln: int, day: str) -> None:
    """The location number goes to a practice that is there already."""
    changed(story[sequence], day).location_number = None
    changed(story[sequence + 10], day).location_number = number(gln, "1082", since=day)


@pytest.fixture(scope="module")
def suggestions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any] | None]:
    """What is suggested in place of each, by its SOR id."""
    folder = tmp_path_factory.mktemp("successors")
    story = Telling(
        practice(ALONE, "Klinik Alfa", "Torvet", calls="86810001"),
        practice(SHARED, "Klinik Beta", "Bakken", calls="86810002"),
        practice(BY_CVR, "Lægerne Engen", "Engen"),
        practice(BY_NAME, "Lægehuset Åparken", "Parken", cvr=77),
        practice(BY_NUMBER, "Klinik Gamma", "Havnen", location_number=number(941, "1082"), on_institution=True),
        practice(BY_NUMBER + 10, "Lægerne Lunden", "Lunden"),
        practice(TOO_LATE, "Klinik Delta", "Søgade", location_number=number(951, "1082"), on_institution=True),
        practice(TOO_LATE + 10, "Lægerne Heden", "Heden"),
    )  # fmt: skip
    story.night(FIRST)
    hand_over(story, TOO_LATE, 951, LONG_AGO)
    story.night(LONG_AGO)
    hand_over(story, BY_NUMBER, 941, AFTER)
    for sequence in CLOSED:
        close(story, sequence)
    story.units += [
        practice(ALONE + 10, "Klinik Alfa", "Torvet", calls="86810001", since=AFTER),
        practice(SHARED + 10, "Klinik Beta", "Bakken", calls="86810002", since=AFTER),
        practice(SHARED + 20, "Klinik Beta", "Bakken", calls="86810002", since=AFTER),
        practice(BY_CVR + 10, "Lægerne Engen Vest", "Skolegade", cvr=BY_CVR, since=AFTER),
        practice(BY_NAME + 10, "Laegehuset Aaparken", "Ringvejen", cvr=77, since=AFTER),
    ]
    story.night(AFTER)
    for name, content in story.nights.items():
        (folder / name).write_bytes(content)
    good(folder, "ingest", *sorted(story.nights), "--accept", "--reason", "a story")
    wanted = [valid_sor_id(one) for one in CLOSED]
    (folder / "list.csv").write_text("SOR\n" + "\n".join(wanted) + "\n")
    rows = json.loads(good(folder, "reconcile", "list.csv", "--format", "json"))["rows"]
    assert [row["verdict"] for row in rows] == ["closed"] * len(CLOSED)
    return {row["value"]: row["suggestion"] for row in rows}


def test_of_two_that_look_the_same_neither_is_suggested(
    suggestions: dict[str, dict[str, Any] | None],
) -> None:
    """They share the score, and each has less than the floor."""
    alone = suggestions[valid_sor_id(ALONE)]
    assert alone is not None
    assert alone["unit_id"] == valid_sor_id(ALONE + 10)
    assert 0.9 <= alone["score"] < 1
    assert LEAST_SCORE == 0.5
    assert suggestions[valid_sor_id(SHARED)] is None


def test_a_company_that_goes_on_elsewhere_is_found_by_its_cvr_number(
    suggestions: dict[str, dict[str, Any] | None],
) -> None:
    found = suggestions[valid_sor_id(BY_CVR)]
    assert found is not None
    assert found["unit_id"] == valid_sor_id(BY_CVR + 10)
    assert LEAST_SCORE <= found["score"] < 0.9
    assert "same_cvr" in found["reasons"]


def test_a_name_written_with_other_letters_is_the_same_name(
    suggestions: dict[str, dict[str, Any] | None],
) -> None:
    found = suggestions[valid_sor_id(BY_NAME)]
    assert found is not None
    assert found["unit_id"] == valid_sor_id(BY_NAME + 10)
    assert {"same_name", "same_cvr"} <= set(found["reasons"])


def test_the_number_that_a_unit_gave_up_when_it_closed_goes_on_with_who_has_it(
    suggestions: dict[str, dict[str, Any] | None],
) -> None:
    """When it is recorded as closed, the unit itself no longer has it."""
    found = suggestions[valid_sor_id(BY_NUMBER)]
    assert found is not None
    assert found["unit_id"] == valid_sor_id(BY_NUMBER + 10)
    assert "same_location_number" in found["reasons"]
    # What was given up most of a year before says nothing.
    assert suggestions[valid_sor_id(TOO_LATE)] is None
