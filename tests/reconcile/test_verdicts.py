"""One line, one verdict: by the three bundled nights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.reconcile import judging as demo
from tests.reconcile.judging import judged, record_demo, verdict

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nights")
    record_demo(folder)
    return folder


def said(row: dict[str, Any]) -> tuple[str, str | None, str | None]:
    event = row["event"]
    return row["verdict"], row["since"], event and event["type"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((demo.CLINIC, "", "", ""), ("current", None, None)),
        ((demo.CLOSED, "", "", ""), ("closed", "2024-03-06", "unit.closed")),
        ((demo.REMOVED, "", "", ""), ("removed", "2024-03-05", "unit.removed")),
        ((demo.CLOSING, "", "", ""), ("closing", "2024-04-01", "unit.closure_scheduled")),
        (("999991000016008", "", "", ""), ("unknown", None, None)),
        (("600341000016007", "", "", ""), ("invalid", None, None)),
        (("", "", "Somebody", ""), ("unknown", None, None)),
        (
            ("", demo.REMOVED_NUMBER, "", ""),
            ("number_released", "2024-03-05", "location_number.released"),
        ),
        (
            ("", demo.CLOSED_NUMBER, "", ""),
            ("number_closed", "2024-03-06", "location_number.closed"),
        ),
        (("", demo.HOME_CARE_OLD, "", ""), ("current", None, None)),
        (
            (demo.HOME_CARE, demo.HOME_CARE_OLD, "", ""),
            ("number_moved", "2024-03-06", "unit.effective_location_number_changed"),
        ),
        (
            (demo.DENTIST, demo.DENTIST_NUMBER, "", ""),
            ("number_moved", "2024-03-06", "location_number.reassigned"),
        ),
        ((demo.DENTIST_BELOW, demo.DENTIST_NUMBER, "", ""), ("current", None, None)),
        ((demo.CLINIC, demo.DENTIST_NUMBER, "", ""), ("ambiguous", None, None)),
        (
            (demo.DOCTOR, "", "", demo.OLD_PROVIDER),
            ("number_released", "2024-03-06", "unit.provider_number_changed"),
        ),
        ((demo.DOCTOR, "", "", demo.NEW_PROVIDER), ("current", None, None)),
        ((demo.RENAMED, "", "Medicinsk Afdeling", ""), ("renamed", "2024-03-06", "unit.renamed")),
        ((demo.RENAMED, "", "MEDICINSK AFD.", ""), ("renamed", "2024-03-06", "unit.renamed")),
        ((demo.RENAMED, "", "Our own name for it", ""), ("current", None, None)),
        ((demo.RENAMED, "", "Medicinske  sygdomme", ""), ("current", None, None)),
    ],
)
def test_a_line(nights: Path, cells: tuple[str, ...], expected: tuple[str, str, str]) -> None:
    assert said(verdict(nights, *cells)) == expected


def test_the_unit_beside_a_number_that_moved_has_another_one_now(nights: Path) -> None:
    row = verdict(nights, demo.HOME_CARE, demo.HOME_CARE_OLD, "", "")
    assert row["value"] == demo.HOME_CARE_OLD
    assert row["kind"] == "location_number"
    assert row["suggestion"] == {
        "unit_id": demo.HOME_CARE,
        "number": demo.HOME_CARE_NEW,
        "name": "Sygeplejeteam Nord",
        "score": 1.0,
        "reasons": ["unit_has_number"],
    }


def test_the_registers_own_word_is_certain(nights: Path) -> None:
    row = verdict(nights, demo.CLOSING, "", "", "")
    assert row["suggestion"]["unit_id"] == demo.HEIR
    assert row["suggestion"]["number"] == demo.HEIR_NUMBER
    assert row["suggestion"]["score"] == 1
    assert row["suggestion"]["reasons"] == ["register"]


def test_a_new_provider_number_is_suggested_for_the_old_one(nights: Path) -> None:
    row = verdict(nights, demo.DOCTOR, "", "", demo.OLD_PROVIDER)
    assert row["suggestion"]["number"] == demo.NEW_PROVIDER


def test_a_dead_number_that_was_never_the_units_says_whose_it_was(nights: Path) -> None:
    row = verdict(nights, demo.CLINIC, "", "", demo.OLD_PROVIDER)
    assert (row["verdict"], row["unit_id"]) == ("number_released", demo.CLINIC)
    assert (row["candidates"], row["suggestion"]) == ([demo.DOCTOR], None)
    own = verdict(nights, demo.DOCTOR, "", "", demo.OLD_PROVIDER)
    assert own["candidates"] == []
    assert own["suggestion"]["number"] == demo.NEW_PROVIDER


def test_the_gravest_fault_of_a_line_is_its_verdict(nights: Path) -> None:
    row = verdict(nights, demo.CLOSED, demo.REMOVED_NUMBER, "", "")
    assert row["verdict"] == "closed"
    assert verdict(nights, demo.CLINIC, "5790008714066", "", "")["verdict"] == "invalid"


def test_a_faulty_number_beside_a_good_id_is_answered_with_the_units_own(nights: Path) -> None:
    row = verdict(nights, demo.HOME_CARE, "5790008712024", "", "")
    assert row["suggestion"]["number"] == demo.HOME_CARE_NEW


def test_as_of_an_earlier_day_nothing_had_happened_yet(nights: Path) -> None:
    for cells in (
        (demo.REMOVED,),
        (demo.HOME_CARE, demo.HOME_CARE_OLD),
        (demo.RENAMED, "", "Medicinsk Afdeling"),
    ):
        row = verdict(nights, *cells, options=("--as-of", "2024-03-04"))
        assert row["verdict"] in {"current", "closed"}, row
    assert (
        verdict(nights, demo.DOCTOR, "", "", demo.OLD_PROVIDER, options=("--as-of", "2024-03-05"))[
            "verdict"
        ]
        == "current"
    )
    assert (
        verdict(nights, "1424101000016009", options=("--as-of", "2024-03-04"))["verdict"]
        == "unknown"
    )


def test_since_tells_only_what_became_false_after_that_day(nights: Path) -> None:
    lines = f"SOR\n{demo.REMOVED}\n{demo.CLOSED}\n{demo.CLINIC}\n600341000016007\n"
    answer = judged(nights, lines, "--since", "2024-03-05")
    assert [row["verdict"] for row in answer["rows"]] == ["closed", "current"]
    assert answer["earlier"] == 2
    assert answer["counts"] == {"closed": 1, "current": 1}
    assert answer["lines"] == 4
