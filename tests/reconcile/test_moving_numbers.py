"""Lists held against a register in which numbers and units come, go and come again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from python_calamine import CalamineWorkbook

from sordiff.model import Day, SorId
from sordiff.reconcile import facts as known
from sordiff.render.reconcile.xlsx import write_workbook
from tests.cli.calling import events, good, said
from tests.making.plain import PlainUnit, valid_gln, valid_sor_id
from tests.reconcile.judging import judged, verdict
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.nights import Telling
from tests.scenarios.stories.trees import address, changed, clinic, number

if TYPE_CHECKING:
    from pathlib import Path

DAYS = [f"2024-03-0{day}" for day in range(1, 7)]
# The institutions, each with its owner before it and its doctor behind it.
ALFA, BETA, GAMMA, PI, QU, SPLIT, ONE, OTHER, LATE, BACKDATED, SHARED, JOINED, SHUT, HEIR, NAMED, FORMULA, POLISH, DEAD_END, THROUGH, SOLD, BUYER = range(1001, 1211, 10)  # fmt: skip
# Location numbers: what becomes of them is told by `stories` below.
TWICE, BACK, SHARED_NUMBER, LATE_NUMBER, SHUT_NUMBER, ONES_NUMBER = (
    valid_gln(901 + place) for place in range(6)
)
SOLD_NUMBER, SOLD_PROVIDER, OTHERS_PROVIDER = valid_gln(908), "019062", "021849"


def practice(sequence: int, gln: int | None = None) -> PlainUnit:
    name = f"Klinik {sequence}"
    return clinic(sequence - 1, f"{name} ejer", name, codes.ALMEN_PRAKSIS, address("Torvet", "4", "9800" if sequence == POLISH else "8600"), "Læge Holm", location_number=number(gln, "1082") if gln else None, on_institution=True)  # fmt: skip


class Register(Telling):
    """Practices without a number but for those that are given."""

    def give(self, sequence: int, gln: int | None, day: str, **said: Any) -> None:
        block = number(gln, "1082", since=day, **said) if gln else None
        changed(self[sequence], day).location_number = block

    def end(self, sequence: int, last: str, day: str, *replaced_by: int) -> None:
        for part in (sequence - 1, sequence, sequence + 1):
            changed(self[part], day).to = last
        self[sequence].replaced_by = [valid_sor_id(heir) for heir in replaced_by]

    def drop(self, sequence: int) -> None:
        gone = valid_sor_id(sequence - 1)
        self.units = [unit for unit in self.units if unit.sor_id != gone]


def stories() -> Telling:
    """TWICE goes from ALFA to BETA to GAMMA; BACK from PI to QU and back; LATE has its number for a night.

    SOLD gives its location number and its provider number to BUYER on one night.
    """
    given = {ALFA: 901, PI: 902, SHARED: 903, SHUT: 905, ONE: 906, SOLD: 908}
    every = range(ALFA, BUYER + 1, 10)
    story = Register(*(practice(sequence, given.get(sequence)) for sequence in every))
    story[SPLIT].replaced_by = [valid_sor_id(ONE), valid_sor_id(OTHER)]
    story[SOLD + 1].provider_number = SOLD_PROVIDER
    story[ONE + 1].provider_number = OTHERS_PROVIDER
    story.night(DAYS[0])
    story.give(SOLD, None, DAYS[1])
    story.give(BUYER, 908, DAYS[1])
    changed(story[SOLD + 1], DAYS[1]).provider_number = None
    changed(story[BUYER + 1], DAYS[1]).provider_number = SOLD_PROVIDER
    story.give(ALFA, None, DAYS[1])
    story.give(BETA, 901, DAYS[1])
    story.give(PI, None, DAYS[1])
    story.give(QU, 902, DAYS[1])
    story.give(SHUT, 905, DAYS[1], inactive=True)
    story.night(DAYS[1])
    story.give(BETA, None, DAYS[2])
    story.give(GAMMA, 901, DAYS[2])
    story.give(QU, None, DAYS[2])
    story.give(PI, 902, DAYS[2])
    story.drop(SPLIT)
    story.give(SHUT, None, DAYS[2])
    story.night(DAYS[2])
    story.give(LATE, 904, DAYS[3])
    story.night(DAYS[3])
    story.give(LATE, 907, DAYS[4])
    story.end(BACKDATED, "2023-12-31", DAYS[4])
    story.give(JOINED, 903, DAYS[4])
    story.give(HEIR, 905, DAYS[4], inactive=True)
    story.night(DAYS[4])
    story.end(OTHER, DAYS[4], DAYS[5], HEIR)
    story.end(DEAD_END, DAYS[4], DAYS[5], BACKDATED)
    story.end(THROUGH, DAYS[4], DAYS[5], NAMED)
    story[NAMED].replaced_by = [valid_sor_id(PI)]
    for sequence, name in ((NAMED, "Nyt navn"), (FORMULA, "=SUM(1)"), (POLISH, "Łódź")):
        changed(story[sequence], DAYS[5]).name = name
    story.night(DAYS[5])
    return story


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("moving")
    story = stories()
    for name, content in story.nights.items():
        (folder / name).write_bytes(content)
    good(folder, "ingest", *sorted(story.nights), "--accept", "--reason", "a story")
    return folder


def of_number(folder: Path, gln: str, *options: str) -> tuple[Any, ...]:
    row = verdict(folder, gln, heading="GLN", options=options)
    event = row["event"] or {"type": None}
    return row["verdict"], row["unit_id"], row["since"], event["type"]


def test_a_number_that_moved_twice_was_the_first_units(moving: Path) -> None:
    moved = "location_number.reassigned"
    first = ("number_moved", valid_sor_id(ALFA), DAYS[1], moved)
    assert of_number(moving, TWICE) == first
    assert of_number(moving, TWICE, "--as-of", DAYS[1]) == first
    second = ("number_moved", valid_sor_id(BETA), DAYS[2], moved)
    assert of_number(moving, TWICE, "--since", DAYS[1]) == second


def test_a_number_that_came_back_is_still_true(moving: Path) -> None:
    assert of_number(moving, BACK) == ("current", valid_sor_id(PI), None, None)
    assert of_number(moving, BACK, "--as-of", DAYS[1])[:2] == ("number_moved", valid_sor_id(PI))
    # To whom looked while another unit had it, it is that one's.
    found = of_number(moving, BACK, "--since", DAYS[1])
    assert found[:3] == ("number_moved", valid_sor_id(QU), DAYS[2])


def test_the_first_night_is_that_of_the_first_issue_of_its_day() -> None:
    """A day that was issued twice has two runs: who shared the number by the second had it later."""
    one, other, third = map(SorId, (valid_sor_id(ALFA), valid_sor_id(BETA), valid_sor_id(GAMMA)))
    held = [(one, 1, DAYS[0], None), (other, 2, DAYS[0], 3), (third, 3, DAYS[2], None)]
    holdings = tuple(
        known.Holding(unit, run, Day(day), known.Telling(Day(DAYS[2]), until) if until else None)
        for unit, run, day, until in held
    )
    facts = known.Facts(day=Day(DAYS[5]), units={}, gone={}, carriers={}, former={}, holdings={TWICE: holdings}, former_numbers={}, former_names={}, events={}, moves={})  # fmt: skip
    assert facts.holders_on(TWICE, None) == {one}
    assert facts.holders_on(TWICE, Day("2024-01-01")) == {one}
    assert facts.holders_on(TWICE, Day(DAYS[0])) == facts.holders_on(TWICE, Day(DAYS[1]))
    assert facts.holders_on(TWICE, Day(DAYS[1])) == {one, other}
    assert facts.holders_on(TWICE, Day(DAYS[2])) == {one, third}


def test_nobody_had_a_number_before_the_first_who_had_it(moving: Path) -> None:
    assert of_number(moving, LATE_NUMBER, "--as-of", DAYS[2])[0] == "unknown"
    assert of_number(moving, LATE_NUMBER, "--as-of", DAYS[3])[0] == "current"
    assert of_number(moving, LATE_NUMBER)[:3] == (
        "number_released",
        valid_sor_id(LATE),
        DAYS[4],
    )


@pytest.mark.parametrize(
    ("cells", "expected", "unit"),
    [
        ((SOLD_NUMBER, "", ""), "number_moved", SOLD),
        ((SOLD_NUMBER, SOLD_PROVIDER, ""), "number_moved", SOLD),
        ((SOLD_NUMBER, SOLD_PROVIDER, f"Klinik {SOLD}"), "number_moved", SOLD),
        # The name is that of who has them now: the line was written afterwards.
        ((SOLD_NUMBER, SOLD_PROVIDER, f"Klinik {BUYER}"), "current", BUYER),
        # A provider number goes with the practice, unless the name says who was meant.
        (("", SOLD_PROVIDER, ""), "current", BUYER + 1),
        (("", SOLD_PROVIDER, f"Klinik {SOLD}"), "number_moved", SOLD + 1),
        (("", SOLD_PROVIDER, f"Klinik {BUYER} ejer"), "current", BUYER + 1),
        (("", SOLD_PROVIDER, "Our doctor"), "current", BUYER + 1),
        # A number of a third one beside it: they never belonged together.
        ((SOLD_NUMBER, OTHERS_PROVIDER, ""), "ambiguous", BUYER),
    ],
)
def test_numbers_that_moved_together_are_no_longer_the_units(
    moving: Path, cells: tuple[str, ...], expected: str, unit: int
) -> None:
    row = verdict(moving, *cells, heading="GLN;Yder;Navn")
    assert (row["verdict"], row["unit_id"]) == (expected, valid_sor_id(unit))


def test_to_whom_looked_after_they_moved_they_are_the_buyers(moving: Path) -> None:
    row = verdict(
        moving, SOLD_NUMBER, SOLD_PROVIDER, heading="GLN;Yder", options=("--since", DAYS[1])
    )
    assert (row["verdict"], row["unit_id"]) == ("current", valid_sor_id(BUYER))


def test_the_same_number_in_two_columns_is_one_number(moving: Path) -> None:
    row = verdict(moving, TWICE, TWICE, heading="GLN;EAN")
    assert (row["verdict"], row["unit_id"]) == ("number_moved", valid_sor_id(ALFA))


def test_a_number_that_was_closed_under_another_unit_has_no_day(moving: Path) -> None:
    row = verdict(moving, valid_sor_id(HEIR), SHUT_NUMBER)
    assert (row["verdict"], row["since"], row["event"]) == ("number_closed", None, None)
    before = of_number(moving, SHUT_NUMBER, "--as-of", DAYS[1])
    assert before == ("number_closed", valid_sor_id(SHUT), DAYS[1], "location_number.closed")


@pytest.mark.parametrize(
    ("heading", "cell", "told"),
    [
        ("SOR", valid_sor_id(BACKDATED), "closed"),
        ("GLN", SHARED_NUMBER, "ambiguous"),
        ("SOR", valid_sor_id(SPLIT), None),
        ("GLN", valid_gln(999), None),
        ("GLN", "5790000000000", None),
    ],
)
def test_since_tells_what_was_not_false_on_that_day(
    moving: Path, heading: str, cell: str, told: str | None
) -> None:
    """A last valid day that is set backwards, and a number that came to be shared, are news."""
    content = f"{heading};Note\n{cell};\n"
    answer = judged(moving, content, "--since", DAYS[3], "--column", f"{heading}={KINDS[heading]}")
    assert [row["verdict"] for row in answer["rows"]] == ([told] if told else [])
    assert answer["earlier"] == (0 if told else 1)


KINDS = {"SOR": "sor_id", "GLN": "location_number"}


def fixed(folder: Path, content: str, encoding: str = "utf-8") -> str:
    (folder / "own.csv").write_bytes(content.encode(encoding))
    good(folder, "reconcile", "own.csv", "--fix")
    return (folder / "own.fixed.csv").read_bytes().decode(encoding)


@pytest.mark.parametrize(
    "line",
    [
        # Several units replace it, and it is gone.
        f"SOR\n{valid_sor_id(SPLIT)}\n",
        # The number beside it was never its own.
        f"SOR;GLN\n{valid_sor_id(ONE)};{LATE_NUMBER}\n",
        # Two units on a line: the heir of one must not be written over the other.
        f"SOR;Ejer\n{valid_sor_id(OTHER)};{valid_sor_id(NAMED)}\n",
        # A number alone does not say that its old owner was meant, although that has another one.
        f"GLN;Note\n{LATE_NUMBER};x\n",
        # What replaces it has closed, too.
        f"SOR\n{valid_sor_id(DEAD_END)}\n",
        # A name that a spreadsheet would obey.
        f"SOR;Navn\n{valid_sor_id(FORMULA)};Klinik {FORMULA}\n",
    ],
)
def test_nothing_uncertain_is_mended(moving: Path, line: str) -> None:
    assert fixed(moving, line) == line


def test_a_name_that_the_file_cant_hold_is_not_written(moving: Path) -> None:
    line = f"SOR;Navn;Note\n{valid_sor_id(POLISH)};Klinik {POLISH};æ\n"
    assert fixed(moving, line, "cp1252") == line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16-be", "utf-16-le"])
def test_all_but_the_mended_cell_stays_to_the_byte(moving: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    lines = (
        f'{mark}"SOR";Navn;Note;\r\n',
        f'="{valid_sor_id(NAMED)}";"Klinik {NAMED}";="007";"a ""b""; cæ"\r\n',
        "\r\n",
        f'"{valid_sor_id(PI)}";;  12" ;',
    )
    new = fixed(moving, "".join(lines), encoding)
    assert new == "".join(lines).replace(f"Klinik {NAMED}", "Nyt navn")


def test_a_guard_around_a_number_stays(moving: Path) -> None:
    line = f'SOR;Note\n="{valid_sor_id(OTHER)}";x\n'
    assert fixed(moving, line) == line.replace(valid_sor_id(OTHER), valid_sor_id(HEIR))


def test_an_heir_that_is_open_is_the_last_one(moving: Path) -> None:
    line = f"SOR;Note\n{valid_sor_id(THROUGH)};x\n"
    assert fixed(moving, line) == line.replace(valid_sor_id(THROUGH), valid_sor_id(NAMED))


def test_a_short_line_has_the_verdict_in_its_column(moving: Path) -> None:
    (moving / "own.csv").write_text(f"SOR;Note;Mere\n{valid_sor_id(PI)}\n")
    heading, line = good(moving, "reconcile", "own.csv", "--format", "csv").splitlines()
    place = heading.split(";").index("sordiff_verdict")
    assert line.split(";")[place] == "current"


def test_a_workbook_without_headings_gets_none(moving: Path) -> None:
    cells = [[valid_sor_id(PI), "Note"], [valid_sor_id(OTHER), "more"]]
    (moving / "own.xlsx").write_bytes(write_workbook((), cells))
    good(moving, "reconcile", "own.xlsx", "--fix")
    sheet = CalamineWorkbook.from_path(moving / "own.fixed.xlsx").get_sheet_by_index(0)
    assert sheet.to_python() == [cells[0], [valid_sor_id(HEIR), "more"]]


@pytest.mark.parametrize(
    "content",
    [
        f"sep=,\r\nGLN,Navn\r\n{ONES_NUMBER},Klinik\r\n",
        f"GLN,Navn\n{ONES_NUMBER}.0,Klinik\n",
        f"GLN;Navn\n{ONES_NUMBER},0;Klinik\n",
    ],
)
def test_what_programs_put_around_numbers_is_read(moving: Path, content: str) -> None:
    assert [row["verdict"] for row in judged(moving, content)["rows"]] == ["current"]


def test_a_rule_by_region_is_of_the_units_that_stand_there(moving: Path) -> None:
    good(moving, "list", "add", "north", "--region", "1081")
    assert said(events(moving, "--list", "north")) == [("unit.renamed", valid_sor_id(POLISH))]
