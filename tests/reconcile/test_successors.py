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
from tests.scenarios.stories.trees import address, changed, clinic, phone

BEFORE, LAST, AFTER = "2018-01-01", "2018-01-04", "2018-01-05"
# Of each kind the institution that closes, and those that open.
ALONE, SHARED, BY_CVR, BY_NAME = 1001, 1101, 1201, 1301


def practice(
    sequence: int, name: str, street: str, *, cvr: int = 0, number: str | None = None, **said: Any
) -> PlainUnit:
    where = address(street, "4", "8600")
    return clinic(sequence - 1, f"Ejer {sequence}", name, codes.ALMEN_PRAKSIS, where, f"Læge {sequence}", cvr=valid_cvr(cvr or sequence), contact=phone(number) if number else None, **said)  # fmt: skip


def close(story: Telling, sequence: int) -> None:
    for part in (sequence - 1, sequence, sequence + 1):
        changed(story[part], AFTER).to = LAST


@pytest.fixture(scope="module")
def suggestions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any] | None]:
    """What is suggested in place of each, by its SOR id."""
    folder = tmp_path_factory.mktemp("successors")
    story = Telling(
        practice(ALONE, "Klinik Alfa", "Torvet", number="86810001"),
        practice(SHARED, "Klinik Beta", "Bakken", number="86810002"),
        practice(BY_CVR, "Lægerne Engen", "Engen"),
        practice(BY_NAME, "Lægehuset Åparken", "Parken", cvr=77),
    )
    story.night(BEFORE)
    for sequence in (ALONE, SHARED, BY_CVR, BY_NAME):
        close(story, sequence)
    story.units += [
        practice(ALONE + 10, "Klinik Alfa", "Torvet", number="86810001", since=AFTER),
        practice(SHARED + 10, "Klinik Beta", "Bakken", number="86810002", since=AFTER),
        practice(SHARED + 20, "Klinik Beta", "Bakken", number="86810002", since=AFTER),
        practice(BY_CVR + 10, "Lægerne Engen Vest", "Skolegade", cvr=BY_CVR, since=AFTER),
        practice(BY_NAME + 10, "Laegehuset Aaparken", "Ringvejen", cvr=77, since=AFTER),
    ]
    story.night(AFTER)
    for name, content in story.nights.items():
        (folder / name).write_bytes(content)
    good(folder, "ingest", *sorted(story.nights), "--accept", "--reason", "a story")
    wanted = [valid_sor_id(one) for one in (ALONE, SHARED, BY_CVR, BY_NAME)]
    (folder / "list.csv").write_text("SOR\n" + "\n".join(wanted) + "\n")
    rows = json.loads(good(folder, "reconcile", "list.csv", "--format", "json"))["rows"]
    assert [row["verdict"] for row in rows] == ["closed"] * 4
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
