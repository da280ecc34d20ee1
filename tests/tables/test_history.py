"""SOREntity.csv and Sor_complete.zip: one row for each state, and the nights of years in one file."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from sordiff.errors import SnapshotRefused, SordiffError
from sordiff.model import Day, Gln, SorId, Unit
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.every import Every
from sordiff.service.ingest.history import HistorySpan, ingest_history
from sordiff.settings import Settings
from sordiff.snapshot.tables import second_part
from sordiff.store.changelog import SqliteChangelog
from tests.cli.calling import called, events, good, said
from tests.making.numbers import valid_gln, valid_sor_id
from tests.making.tables import BOM, Row, guarded, write_complete, write_sor2
from tests.tables.rows import (
    CLINIC,
    HOSPITAL,
    NUMBER,
    OTHER_NUMBER,
    WARD,
    hospital,
    problems,
    read,
    sor2,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.report import IngestReport

SPAN = "2020-01-01..2020-01-20"
LATER = valid_sor_id(5)


def states() -> list[Row]:
    """The hospital is renamed and moves on 10 January, the ward with it; one unit comes, one goes."""
    before = hospital()
    after = hospital(OTHER_NUMBER, "Nygade", ToDate="2020-01-15")
    for row in (before[1], before[2], before[3]):
        row["ToDate"] = "2020-01-09"
    for row in after:
        row["FromDate"] = "2020-01-10"
    after[1]["EntityName"] = "Nyt Hospital"
    later = sor2(5, "OE", "Senere", 2, FromDate="2020-01-12", EanLocationCode=OTHER_NUMBER)
    return [before[0], after[2], *before[1:], after[1], after[3], later]


EXPECTED = [
    ("unit.renamed", HOSPITAL),
    ("unit.address_changed", HOSPITAL),
    ("unit.closure_scheduled", WARD),
    ("unit.details_changed", CLINIC),
    ("location_number.released", NUMBER),
    ("location_number.assigned", OTHER_NUMBER),
    ("unit.effective_location_number_changed", HOSPITAL),
    ("unit.effective_location_number_changed", WARD),
    ("unit.effective_location_number_changed", CLINIC),
    ("unit.created", LATER),
    ("unit.closed", WARD),
]


def test_the_state_on_a_day_is_the_newest_row(tmp_path: Path) -> None:
    content = write_sor2(states())
    early, late = (read(tmp_path, content, day) for day in ("2020-01-09", "2020-01-16"))
    assert early.header.version == late.header.version == "sor2-complete"
    assert early.units[SorId(HOSPITAL)].name == "Prøve Hospital"
    assert LATER not in early.units
    assert late.units[SorId(HOSPITAL)].name == "Nyt Hospital"
    # The end of a state that another follows closes no unit.
    assert early.units[SorId(HOSPITAL)].to is None
    assert late.units[SorId(WARD)].to == "2020-01-15"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2020-01-09", []),
        ('"2020-01-09"', []),  # a row that is split by itself
        ("09-01-2020", ["date.mixed"]),
        ("2020-01-32", ["date.malformed"]),
        ("2020-01-09;", ["row.width"]),
    ],
)
def test_a_table_of_states_is_scanned_alike_on_one_core_and_on_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, told: list[str]
) -> None:
    before, mark, last = write_sor2(states()).rpartition(b"2020-01-09")
    assert mark
    content = before + written.encode() + last
    one = _read_or_refuse(tmp_path, content)
    monkeypatch.setattr(second_part, "_MIN_SIZE_FOR_WORKER", 0)
    monkeypatch.setattr(second_part, "has_second_core", lambda: True)
    two = _read_or_refuse(tmp_path, content)
    assert one == two
    assert (two if isinstance(two, list) else []) == told
    assert told or len(two) == 5


def _read_or_refuse(folder: Path, content: bytes) -> dict[SorId, Unit] | list[str]:
    try:
        return dict(read(folder, content, "2020-01-16").units)
    except SnapshotRefused as refused:
        return [problem.code for problem in refused.problems]


def test_a_unit_that_was_closed_for_a_while(tmp_path: Path) -> None:
    states = [*hospital(ToDate="2020-01-05"), sor2(3, "OE", "Afsnit", 2, FromDate="2020-01-10")]
    (tmp_path / "f").write_bytes(write_sor2(states))
    good(tmp_path, "ingest", "f", "--history", "2020-01-02..2020-01-12")
    assert [each for each in said(events(tmp_path)) if each[0].startswith("unit.")][:2] == [
        ("unit.closed", WARD),
        ("unit.reopened", WARD),
    ]


def test_an_end_that_is_none_closes_no_state(tmp_path: Path) -> None:
    """Another state follows, also behind the last day that there is."""
    for end in ("9999-12-31", "9999-12-30", ""):
        first, later = hospital(ToDate=end), sor2(3, "OE", "Nyt afsnit", 2, FromDate="2020-01-10")
        content = write_sor2([*first, later])
        assert read(tmp_path, content, "2020-01-09").units[SorId(WARD)].to is None, end


@pytest.mark.parametrize(("every", "runs"), [("day", 20), ("change", 4)])
def test_the_nights_of_a_history(tmp_path: Path, every: str, runs: int) -> None:
    (tmp_path / "f").write_bytes(write_sor2(states()))
    good(tmp_path, "ingest", "f", "--history", SPAN, "--every", every)
    found = events(tmp_path)
    assert said(found) == EXPECTED
    assert {event["time"][:10] for event in found} == {"2020-01-10", "2020-01-12", "2020-01-16"}
    assert good(tmp_path, "runs").count("2020-01-") >= runs
    assert "Prøve Hospital" in good(tmp_path, "show", HOSPITAL, "--as-of", "2020-01-09")
    # The same again records nothing; a file of one night goes on from there.
    again = good(tmp_path, "ingest", "f", "--history", SPAN, "--every", every)
    assert again.count("already recorded") == runs
    good(tmp_path, "ingest", "f@2020-01-21")
    assert said(events(tmp_path)) == EXPECTED


def test_days_on_which_nothing_changes_are_not_missing(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(write_sor2(states()))
    said_of = ("ingest", "f", "--every", "change", "--history")
    assert "missing" not in good(tmp_path, *said_of, "2020-01-02..2020-01-12")
    # But those before it are, and those behind it, of which nobody has asked the file.
    assert "missing in between: 3" in good(tmp_path, *said_of, "2020-01-16..2020-01-20")
    assert "missing in between: 3" in good(tmp_path, "ingest", "f@2020-01-20")
    assert "8 nights" not in good(tmp_path, "runs")


def test_a_history_that_is_broken_off_goes_on(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(write_sor2(states()))
    span = HistorySpan(first=Day("2020-01-01"), last=Day("2020-01-20"))
    changelog = SqliteChangelog(tmp_path / "sordiff.db")
    options = IngestOptions(recorded_at="2030-01-01T00:00:00+00:00", user="tester", history=True)
    nights = ingest_history(tmp_path / "f", span, changelog, Settings(), options)
    assert [next(nights).run_id for _ in range(10)] == [*range(1, 11)]
    del nights
    marked = json.loads((tmp_path / "sordiff.db.mark").read_bytes())
    assert (marked["runs"][-1]["id"], marked["sequence"]) == (10, 9)
    again = good(tmp_path, "ingest", "f", "--history", SPAN)
    assert again.count("already recorded") == 10
    assert said(events(tmp_path)) == EXPECTED


def test_a_night_that_is_refused_ends_a_history(tmp_path: Path) -> None:
    """What came before it stays, and the mark knows of it."""
    ring = sor2(2, "SI", "A", 3, FromDate="2020-01-05")
    (tmp_path / "f").write_bytes(write_sor2([*hospital(), ring]))
    refused = called(tmp_path, "ingest", "f", "--history", "2020-01-02..2020-01-08")
    assert (refused.exit, "below itself" in refused.stderr) == (5, True)
    assert "3" in good(tmp_path, "runs").splitlines()[-1].split()[:1]
    marked = json.loads((tmp_path / "sordiff.db.mark").read_bytes())
    assert marked["runs"][-1]["id"] == 3


def test_nights_read_one_by_one_tell_the_same(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(write_sor2(states()))
    for day in ("2020-01-01", "2020-01-10", "2020-01-12", "2020-01-16"):
        good(tmp_path, "ingest", f"f@{day}")
    assert said(events(tmp_path)) == EXPECTED
    diff = good(tmp_path, "diff", "f@2020-01-11", "f@2020-01-12")
    assert "Senere" in diff


def test_a_history_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(write_sor2(states()))
    good(tmp_path, "ingest", "f", "--history", SPAN, "--every", "change")
    good(tmp_path, "publish", "--to", "ndjson:out")
    told = [
        line
        for path in (tmp_path / "out").rglob("*.ndjson")
        for line in path.read_text().split("\n")
    ]
    assert not [line for line in told if "sordiff.unit." in line]


def test_what_is_published_begins_with_the_night_after_a_history(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(write_sor2(states()))
    good(tmp_path, "ingest", "f", "--history", SPAN)
    last = [*states(), sor2(4, "OE", "Ny klinik", 2, FromDate="2020-01-22")]
    (tmp_path / "f").write_bytes(write_sor2(last))
    good(tmp_path, "ingest", "f@2020-01-23")
    night = said(events(tmp_path, "--run", "21"))
    assert len(night) == 4
    for folder in ("out", "another"):  # also where all runs are sent anew
        good(tmp_path, "publish", "--to", f"ndjson:{folder}")
        files = sorted((tmp_path / folder).glob("[!.]*.ndjson"))
        assert [path.name for path in files] == ["00000021-2020-01-23-run-21.ndjson"]
        sent = [json.loads(line) for line in files[0].read_text().splitlines()]
        assert [e for e in said(sent) if not e[0].startswith("run.")] == night


def test_a_night_that_is_held_is_followed_by_one_that_is_read_whole(tmp_path: Path) -> None:
    wards = [sor2(n, "OE", f"Afsnit {n}", 2, ShakId=f"38{n}") for n in range(10, 40)]
    without = [row | {"FromDate": "2020-01-10", "ShakId": ""} for row in wards]
    others = [row | {"ShakId": ""} for row in hospital()]
    named = [sor2(3, "OE", "Navn", 2, ShakId="", FromDate="2020-01-11")]
    (tmp_path / "f").write_bytes(write_sor2([*others, *wards, *without, *named]))
    done = called(tmp_path, "ingest", "f", "--history", "2020-01-08..2020-01-12")
    assert done.stdout.count("Held") == 3
    assert done.exit == 3
    assert called(tmp_path, "release", "5", "--reason", "SHAK is over").exit == 0
    kinds = [kind for kind, _ in said(events(tmp_path))]
    assert (kinds.count("unit.shak_changed"), kinds.count("unit.renamed")) == (30, 1)


def test_what_is_no_history_is_refused(tmp_path: Path) -> None:
    rows = states()
    (tmp_path / "f").write_bytes(write_sor2(rows))
    for arguments in (
        ("--history", "2020-01-01"),
        ("--history", "2020-01-02..2020-01-01"),
        ("--history", "2020-01-01..2020-02-30"),
        ("--history", SPAN, "--snapshot-date", "2020-01-01"),
        ("--history", SPAN, "--rebaseline"),
        ("f", "--history", SPAN),
    ):
        assert called(tmp_path, "ingest", "f", *arguments).exit == 2, arguments
    for row in rows:
        del row["FromDate"]
    (tmp_path / "f").write_bytes(write_sor2(rows[:4]))
    assert called(tmp_path, "ingest", "f", "--history", SPAN).exit == 5
    assert not (tmp_path / "sordiff.db").exists()


def test_nights_that_have_not_come_are_no_history(tmp_path: Path) -> None:
    """Also of a file that is not there: nothing is read. Tomorrow is, as a snapshot of it is."""
    now = "2026-11-26T23:30:00+00:00"  # in Denmark, 27 November has begun
    options = IngestOptions(recorded_at=now, user="tester", history=True)
    changelog = SqliteChangelog(tmp_path / "sordiff.db")

    def take(last: str, every: Every = Every.DAY) -> list[IngestReport]:
        span = HistorySpan(first=Day("2026-11-26"), last=Day(last), every=every)
        return list(ingest_history(tmp_path / "f", span, changelog, Settings(), options))

    for every in Every:
        with pytest.raises(SordiffError) as refused:
            take("2026-11-29", every)
        assert str(refused.value) == "2026-11-29 is later than tomorrow (2026-11-28)."
        assert refused.value.advice == "Name an earlier day as the last one."
    (tmp_path / "f").write_bytes(write_sor2(states()))
    with_end = called(tmp_path, "ingest", "f", "--history", "2020-01-01..9999-12-31")
    assert (with_end.exit, "is later than tomorrow" in with_end.stderr) == (2, True)
    assert not (tmp_path / "sordiff.db").exists()
    assert len(take("2026-11-28")) == 3


def test_a_daily_file_has_no_nights_before_its_own(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(write_sor2(hospital(ToDate="2020-02-01")))
    refused = called(tmp_path, "ingest", "f", "--history", "2020-01-02..2020-01-05")
    assert refused.exit == 5
    assert "no states in it" in refused.stderr
    assert "Give SOREntity.csv or Sor_complete.zip" in refused.stderr
    assert not (tmp_path / "sordiff.db").exists()


def test_two_rows_of_one_state_are_refused(tmp_path: Path) -> None:
    rows = [*states(), states()[1]]
    assert problems(tmp_path, write_sor2(rows)) == [("sor_id.duplicate", 10)]
    bad = [*states(), sor2(9, "??", "Ukendt", 2, FromDate="2099-01-01")]
    assert problems(tmp_path, write_sor2(bad)) == [("kind.unknown", 10)]


def _table(header: str, *rows: str, end: str = "\r\n") -> bytes:
    return BOM + "".join(f"{line}{end}" for line in (header, *rows)).encode()


def _complete(**beside: bytes) -> bytes:
    return write_complete(states(), **beside)


@pytest.mark.parametrize(
    "header",
    [
        "SorId;ReplacedBySorId;FromDate",
        "ReplacedSorId;ReplacingSorId;FromDate",
        "OldSorId;NewSorId;FromDate",
    ],
)
def test_replaced_units_stand_beside_the_units(tmp_path: Path, header: str) -> None:
    row = f"{guarded(WARD)};{guarded(LATER)};2020-01-12"
    content = _complete(SORReplacedEntities=_table(header, row))
    before, after = (read(tmp_path, content, f"2020-01-{day}") for day in (11, 12))
    assert before.units[SorId(WARD)].replaced_by == ()
    assert after.units[SorId(WARD)].replaced_by == (LATER,)
    (tmp_path / "f").write_bytes(content)
    good(tmp_path, "ingest", "f", "--history", SPAN)
    assert [e for e in said(events(tmp_path)) if e[0] == "unit.replaced"] == [
        ("unit.replaced", WARD)
    ]


def test_classifications_stand_beside_the_units(tmp_path: Path) -> None:
    rows = (
        "EntityType;2;Hospitalet",
        "EntityType;3;Afsnittet",
        "Speciality;7;Kirurgi",
        "Speciality;8;Medicin",
    )
    snapshot = read(tmp_path, _complete(SORClassifications=_table("ListName;Code;Name", *rows)))
    texts = {
        name: {c: e.text for c, e in listed.entries.items()}
        for name, listed in snapshot.lists.items()
    }
    assert texts == {
        "EntityType": {"2": "Hospitalet", "3": "Afsnittet"},
        "Speciality": {"7": "Kirurgi", "8": "Medicin"},
    }


@pytest.mark.parametrize(
    ("since", "until", "turn"),
    [
        ("2010-01-01", "2020-01-05", "2020-01-06"),
        ("01-01-2010", "05-01-2020", "06-01-2020"),
        ("1.1.2010 00:00:00", "5.1.2020 00:00:00", "6.1.2020 00:00:00"),
    ],
)
def test_an_entry_of_a_list_is_valid_for_a_time(
    tmp_path: Path, since: str, until: str, turn: str
) -> None:
    """Also in a history, whose lists are read once for all nights on which they are the same."""
    rows = (
        f"EntityType;2;Hospitalet;{since};{until}",
        f"EntityType;2;Sygehuset;{turn};",
        "EntityType;3;Afsnittet;;",
        "EntityType;4;Klinikken;;",
    )
    table = _table("ListName;Code;Name;FromDate;ToDate", *rows)
    (tmp_path / "f").write_bytes(_complete(SORClassifications=table))
    good(tmp_path, "ingest", "f", "--history", "2020-01-02..2020-01-09")
    found = events(tmp_path)
    assert {kind for kind, _ in said(found)} == {
        "classification.text_changed",
        "classification.entry_changed",
    }
    assert {event["time"][:10] for event in found} == {"2020-01-06"}
    assert (found[0]["data"]["before"], found[0]["data"]["after"]) == ("Hospitalet", "Sygehuset")


def test_details_of_numbers_stand_beside_the_units(tmp_path: Path) -> None:
    header = "EanLocationCode;OnlyInternalIndicator;SystemTypeId;RegionCode;ToDate"
    rows = (f'="{NUMBER}";true;225;1081;', f"{OTHER_NUMBER};false;226;1082;2020-12-31")
    snapshot = read(tmp_path, _complete(LocationsCodes=_table(header, *rows)), "2020-01-16")
    number = snapshot.units[SorId(HOSPITAL)].location_number
    assert number is not None
    found = (number.internal_only, number.system, number.region, number.to)
    assert found == (False, "226", "1082", "2020-12-31")
    assert number.number == Gln(OTHER_NUMBER)
    assert snapshot.units[SorId(WARD)].location_number is None
    twice = _complete(LocationsCodes=_table(header, *rows, rows[0]))
    assert "several rows" in " ".join(read(tmp_path, twice).warnings)


def test_a_list_with_rows_of_units_is_told_and_not_read(tmp_path: Path) -> None:
    """It says which codes a unit has, or is no list at all."""
    content = _complete(
        SORClassifications=_table("SorId;Code;Name", f"{WARD};2;x", f"{CLINIC};3;y"),
        EDITypes=_table("EdiTypeId;Name", "1;a", "2;b"),
    )
    snapshot = read(tmp_path, content)
    assert snapshot.warnings == (
        "SORClassifications.csv is not read: its rows are of units, and no entries of a list",
    )
    assert "EDITypes" in snapshot.lists


def test_tables_that_do_not_fit_are_told_and_not_read(tmp_path: Path) -> None:
    content = _complete(
        SORReplacedEntities=_table("SorId;Remark", f"{WARD};x"),
        LocationsCodes=_table("Gln;Remark", f"{valid_gln(3)};x"),
        SHAKSORMap=_table("Shak;SorId", f"3800;{WARD}"),
    )
    snapshot = read(tmp_path, content)
    assert [warning.split(" is ")[0] for warning in snapshot.warnings] == [
        "SORReplacedEntities.csv",
        "LocationsCodes.csv",
    ]


def test_further_tables_are_told_and_make_no_other_kind(tmp_path: Path) -> None:
    """Of a daily file, too, and also where it is read only in part."""
    further = {"readme": b"Read me", "2020/EDITypes2": _table("Code;Name", "1;A")}

    def pack(name: str, **beside: bytes) -> bytes:
        rows = hospital()
        rows[2]["EntityName"] = name
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("SorEntity_daily.csv", write_sor2(rows))
            for table, content in beside.items():
                archive.writestr(f"{table}.csv", content)
        return out.getvalue()

    told = [
        "readme.csv is not read: no table of this name is known",
        "EDITypes2.csv is not read: no table of this name is known",
    ]
    alone, with_further = read(tmp_path, pack("A")), read(tmp_path, pack("A", **further))
    assert with_further.warnings == (*alone.warnings, *told)
    assert (with_further.header, with_further.units) == (alone.header, alone.units)
    assert with_further.header.version == "sor2-daily"
    known = read(tmp_path, pack("A", geolocation=_table("SorId;X;Y", "1;2;3")))
    assert (known.header.version, known.warnings) == ("sor2-complete", alone.warnings)
    for day, name in (("2026-11-26", "A"), ("2026-11-27", "B")):
        (tmp_path / "f").write_bytes(pack(name, **further))
        done = called(tmp_path, "ingest", f"f@{day}")
        assert (done.exit, told[0] in done.stderr, told[1] in done.stderr) == (0, True, True)
    assert said(events(tmp_path)) == [("unit.renamed", WARD)]
    refused = called(tmp_path, "ingest", "f", "--history", SPAN, "--db", "other.db")
    assert (refused.exit, "no states in it" in refused.stderr) == (5, True)
    states_of = read(tmp_path, _complete(**further), "2020-01-09")
    assert [warning for warning in states_of.warnings if "not read" in warning] == told


def test_a_table_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    cut = _table("SorId;ReplacedBySorId", f"{WARD};{LATER}")[:-3]
    assert problems(tmp_path, _complete(SORReplacedEntities=cut)) == [("cut_off", 2)]
    wide = _table("SorId;ReplacedBySorId", f"{WARD};{LATER};")
    assert problems(tmp_path, _complete(SORReplacedEntities=wide)) == [("row.width", 2)]
    mixed = _table(
        "SorId;ReplacedBySorId;FromDate", f"{WARD};{LATER};2020-01-01", f"{WARD};{LATER};02-01-2020"
    )
    assert problems(tmp_path, _complete(SORReplacedEntities=mixed)) == [("date.mixed", 3)]


def test_nights_that_are_recorded_are_not_said_to_come_too_late(tmp_path: Path) -> None:
    """No new night is awaited from a history."""
    (tmp_path / "SOREntity.csv").write_bytes(write_sor2(states()))
    good(tmp_path, "ingest", "SOREntity.csv", "--history", SPAN)
    again = called(tmp_path, "ingest", "SOREntity.csv", "--history", SPAN)
    assert again.exit == 0
    assert again.stdout.count("already recorded") == 20
    assert again.stderr == ""
    alone = called(tmp_path, "ingest", "SOREntity.csv@2020-01-20")
    assert "expected a new snapshot" in alone.stderr


def test_a_history_before_what_is_recorded_says_where_it_can_go(tmp_path: Path) -> None:
    """The last run has no wrong day, so that no correction is proposed."""
    (tmp_path / "f").write_bytes(write_sor2(states()))
    good(tmp_path, "ingest", "f@2020-01-21")
    refused = called(tmp_path, "ingest", "f", "--history", SPAN)
    assert refused.exit == 5
    assert "--correct" not in refused.stderr
    assert "in a changelog of its own, with --db" in refused.stderr
    good(tmp_path, "ingest", "f", "--history", SPAN, "--db", "own.db")


def test_a_history_after_another_kind_says_how_it_can_follow(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(write_sor2(states()))
    (tmp_path / "daily").write_bytes(write_sor2(hospital()))
    good(tmp_path, "ingest", "daily@2019-12-31")
    refused = called(tmp_path, "ingest", "f", "--history", SPAN)
    assert refused.exit == 5
    words = "sordiff ingest --rebaseline FILE@2020-01-01"
    assert f"`{words}`, and then the days after it" in refused.stderr
    good(tmp_path, *words.replace("FILE", "f").split()[1:])
    good(tmp_path, "ingest", "f", "--history", SPAN)
    assert said(events(tmp_path)) == EXPECTED


def test_what_lies_beside_the_units_has_days_of_its_own(tmp_path: Path) -> None:
    """The last day of a number passes, an entry of a list gives way to another: no state begins."""
    content = _complete(
        LocationsCodes=_table("EanLocationCode;ToDate", f"{NUMBER};2020-01-04"),
        SORClassifications=_table(
            "ListName;Code;Name;FromDate;ToDate",
            "EntityType;2;Hospitalet;2010-01-01;2020-01-06",
            "EntityType;2;Sygehuset;2020-01-07;",
            "EntityType;3;Afsnittet;;",
            "EntityType;4;Klinikken;;",
        ),
    )
    (tmp_path / "f").write_bytes(content)
    found = {}
    for every in ("day", "change"):
        good(tmp_path, "ingest", "f", "--history", SPAN, "--every", every, "--db", f"{every}.db")
        told_of = events(tmp_path, "--db", f"{every}.db")
        found[every] = [
            (event["time"][:10], *one) for event, one in zip(told_of, said(told_of), strict=True)
        ]
    assert found["change"] == found["day"]
    assert {("2020-01-05", "location_number.closed", NUMBER)} <= {*found["change"]}
    assert ("2020-01-07", "classification.text_changed") in {each[:2] for each in found["change"]}
