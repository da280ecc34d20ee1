"""Who goes on: right where it is told as nearly sure, and as likely as it says."""

from __future__ import annotations

import pytest

from benchmarks.succession import MEASURED_ON, PRACTICES, Measured, draw, measure
from benchmarks.successions import iterate_cases
from sordiff.reconcile.names import is_same_name, name_likeness
from sordiff.reconcile.succession import score_candidates
from tests.scenarios.telling import ROOT


@pytest.fixture(scope="module")
def measured() -> Measured:
    return measure(iterate_cases(range(40, 44), 500))


def test_the_documents_say_what_is_measured() -> None:
    """The table and the picture of docs/reconcile.md, from the same towns as the benchmark's."""
    found = measure(iterate_cases(MEASURED_ON, PRACTICES))
    text = " ".join((ROOT / "docs" / "reconcile.md").read_text("utf-8").split())
    assert f"{found.cases:,} closings, {found.with_heir:,} of them with a successor" in text
    assert f"| 0.9 and above | {found.sure:,} | {found.precision:.1%} |".replace("%", " %") in text
    for low, high in ((0.7, 0.9), (0.5, 0.7)):
        inside = [one for one in found.bins if low <= one.low < high]
        count = sum(one.count for one in inside)
        right = sum(one.right * one.count for one in inside) / count
        assert f"| {low} to {high} | {count} | {right:.0%} |".replace("%", " %") in text
    assert f"{found.recall:.1%} of the successors".replace("%", " %") in text
    picture = ROOT / "docs" / "pictures" / "succession-reliability.svg"
    assert picture.read_text("utf-8") == draw(found)


def test_what_is_told_as_nearly_sure_is_right(measured: Measured) -> None:
    assert measured.with_heir > 500
    assert measured.precision >= 0.98
    assert measured.recall >= 0.85


def test_scores_are_as_often_right_as_they_say(measured: Measured) -> None:
    """In thirds, for few suggestions are in between; never much less often right than told."""
    for low, high in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.01)):
        inside = [one for one in measured.bins if low <= one.low < high]
        count = sum(one.count for one in inside)
        said = sum(one.score * one.count for one in inside) / count
        right = sum(one.right * one.count for one in inside) / count
        chance = 3 * (said * (1 - said) / count) ** 0.5
        assert said - chance - 0.02 <= right <= said + chance + 0.2, (low, said, right)


def test_nobody_is_suggested_where_nobody_goes_on(measured: Measured) -> None:
    assert measured.of_kind["closing"] > 50
    assert measured.wrong["closing"] <= 0.02 * measured.of_kind["closing"]
    assert measured.wrong["ward, closing"] == 0


def test_two_that_look_the_same_halve_the_score() -> None:
    alone, *both = (*score_candidates([4.0]), *score_candidates([4.0, 4.0]))
    assert alone > 0.98
    assert both[0] == both[1] == pytest.approx(0.4955, abs=0.001)
    assert score_candidates([]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lægehuset Åparken", "Laegehuset Aaparken"),
        ("Lægerne Søgade I/S", "LÆGERNE  SØGADE"),
        ("Tandlæge v/ Åse Kjær ApS", "tandl. v. Aase Kjaer"),
        ("Medicinsk Afd.", "Medicinsk Afdeling"),
    ],
)
def test_one_name_in_two_hands(one: str, other: str) -> None:
    assert is_same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lægehuset 1", "Lægehuset 2"), ("Lægehuset 1", "Lægehuset"), ("Øst", "Vest"), ("", "A")],
)
def test_names_that_only_look_alike(one: str, other: str) -> None:
    assert not is_same_name(one, other)
    assert name_likeness(one, other) < 0.88


def test_a_doctor_behind_the_name_makes_it_no_other_place() -> None:
    assert 0.88 <= name_likeness("Lægerne Torvet", "Lægerne Torvet v/ Hansen ApS") < 1
