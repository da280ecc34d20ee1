"""How the cells of a table are written: guards, quotes, encodings, days, columns."""

from __future__ import annotations

from mmap import mmap
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sordiff.model import SorId
from sordiff.snapshot.tables.dialect import strip_guard
from sordiff.snapshot.tables.table_file import TableFile
from tests.cli.calling import called
from tests.making.tables import BOM, write_old, write_sor2
from tests.tables.rows import (
    HOSPITAL,
    NEW,
    OWNER,
    WARD,
    hospital,
    old,
    problems,
    read,
    sor2,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAILY = write_sor2(hospital())


def test_guarded_ids_are_read_however_they_are_guarded(tmp_path: Path) -> None:
    raw = DAILY.replace(b'"=""', b'="').replace(b'"""', b'"')
    bare = raw.replace(b'="', b"").replace(b'"', b"")
    assert raw != DAILY
    assert bare != raw
    units = [read(tmp_path, content).units for content in (DAILY, raw, bare)]
    assert units[0] == units[1] == units[2]
    assert units[0][SorId(WARD)].parent_id == HOSPITAL


def test_a_raw_guard_may_hold_the_delimiter(tmp_path: Path) -> None:
    content = DAILY.replace(b";Afsnit;", b';="Afsnit; 3";')
    assert read(tmp_path, content).units[SorId(WARD)].name == "Afsnit; 3"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"Klinik ""Nord""; Syd"', 'Klinik "Nord"; Syd'),
        ('"To\r\nlinjer"', "To linjer"),
        ('Klinik "Nord"', 'Klinik "Nord"'),
        ('"Klinik "Nord""', 'Klinik "Nord"'),
        (" =Klinik ", "=Klinik"),
    ],
)
def test_quotes_of_sor2(tmp_path: Path, written: str, name: str) -> None:
    content = DAILY.replace(b";Afsnit;", f";{written};".encode())
    assert read(tmp_path, content).units[SorId(WARD)].name == name


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["a", "", '"=""1"""', '="1"', '"=""1""', '=""1"""', '"=""', '"""', '"a"']),
        min_size=2,
        max_size=2,
    )
)
def test_a_row_that_is_split_in_passing_is_split_as_csv_splits_it(cells: list[str]) -> None:
    header = DAILY.partition(b"\r\n")[0]
    width = header.count(b";") + 1
    line = ";".join([*cells, *["x"] * (width - len(cells))]).encode() + b"\r\n"
    with mmap(-1, len(header) + 2 + len(line)) as content:
        content[:] = header + b"\r\n" + line
        table = TableFile(content, "daily.csv", {})
        for row in table.read_rows():  # none where the quotes make it no row
            again = table.read_row(row.line, row.start, row.end)
            # What stays as written is a guard, and that is taken off alike.
            assert [*map(strip_guard, again.cells)] == [*map(strip_guard, row.cells)]


@pytest.mark.parametrize("name", ['"Klinik" ApS', 'Klinik "Nord', '"Nord"', 'A "B" C "D'])
def test_quotes_of_sor_csv_are_part_of_the_name(tmp_path: Path, name: str) -> None:
    rows = [old(1, "IE", "Region"), old(2, "SI", name, 1), old(3, "OE", "Afsnit", 2)]
    units = read(tmp_path, write_old(rows)).units
    assert units[SorId(HOSPITAL)].name == name
    assert len(units) == 3


def test_sor_csv_saved_with_quotes_is_read_without_them(tmp_path: Path) -> None:
    rows = [old(1, "IE", "Region; Nord"), old(2, "SI", 'A "B"', 1)]
    quoted = ['"' + cell.replace('"', '""') + '"' for row in rows for cell in row.values()]
    width = len(rows[0])
    header = ";".join(f'"{name}"' for name in rows[0])
    lines = [header, *(";".join(quoted[at : at + width]) for at in (0, width))]
    units = read(tmp_path, "".join(f"{line}\n" for line in lines).encode("latin-1")).units
    assert [unit.name for unit in units.values()] == ["Region; Nord", 'A "B"']


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8", "utf-8-sig"])
def test_sor_csv_is_read_in_the_encoding_of_all_its_bytes(tmp_path: Path, encoding: str) -> None:
    content = write_old([old(1, "IE", "Region Sjælland Ø")], encoding)
    assert read(tmp_path, content).units[SorId(OWNER)].name == "Region Sjælland Ø"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_marks_and_line_ends_are_no_part_of_a_cell(tmp_path: Path, end: str) -> None:
    content = write_sor2(hospital(), end=end)
    units = read(tmp_path, content).units
    assert units == read(tmp_path, content.removeprefix(BOM)).units
    assert all(unit.to is None for unit in units.values())


@pytest.mark.parametrize(
    "written", ["2026-11-28", "28-11-2026", "28.11.2026", "2026-11-28T00:00:00", "28-11-2026 00:00"]
)
def test_a_column_of_days_is_read_as_it_is_written_throughout(tmp_path: Path, written: str) -> None:
    rows = [row | {"ToDate": written} for row in hospital()]
    assert {unit.to for unit in read(tmp_path, write_sor2(rows)).units.values()} == {"2026-11-28"}


def test_a_column_that_mixes_ways_to_write_a_day_is_refused(tmp_path: Path) -> None:
    rows = hospital(ToDate="03-04-2027")
    rows[3]["ToDate"] = "2027-03-04"
    assert problems(tmp_path, write_sor2(rows)) == [("date.mixed", 5)]
    # Another column may be written in another way.
    rows[3]["ToDate"] = ""
    assert read(tmp_path, write_sor2(rows)).units[SorId(WARD)].to == "2027-04-03"


@pytest.mark.parametrize(
    ("days", "line", "said"),
    [
        # Told by what most rows have, and not by the first one.
        (["2027-03-04", "03-04-2027", "03-04-2027"], 2, "dd-mm-yyyy (2 of 3 days)"),
        (["03-04-2027", "03-04-2027", "03/04/2027"], 4, "dd-mm-yyyy (2 of 3 days)"),
        (["03-04-2027", "", "2027-03-04"], 4, "dd-mm-yyyy (1 of 2 days)"),
        (["03/04/2027", "03-04-2027", "2027-04-03", "2027-04-03"], 2, "yyyy-mm-dd (2 of 4 days)"),
    ],
)
def test_the_first_line_that_breaks_the_order_of_a_column_is_named(
    tmp_path: Path, days: list[str], line: int, said: str
) -> None:
    rows = [*hospital(), sor2(5, "OE", "Klinik", 2)][: len(days)]
    rows = [row | {"ToDate": day} for row, day in zip(rows, days, strict=True)]
    (tmp_path / "f").write_bytes(write_sor2(rows))
    history = ("ingest", "f", "--history", "2020-01-01..2020-01-02")
    for command in (("check", "f@2026-11-27"), history):  # row by row, and column by column
        found = called(tmp_path, *command)
        assert found.exit == 5
        assert f"f:{line}: {days[line - 2]} is written" in found.stderr.replace("'", "")
        assert f"and the column ToDate otherwise {said}" in found.stderr


@pytest.mark.parametrize("written", ["04/31/2027", "2027-13-01", "i morgen", "20270304"])
def test_what_is_no_day_is_refused_with_its_line(tmp_path: Path, written: str) -> None:
    assert problems(tmp_path, write_sor2(hospital(ToDate=written))) == [("date.malformed", 4)]


def test_columns_are_known_without_case_and_unknown_ones_kept(tmp_path: Path) -> None:
    content = DAILY.replace(b"ParentSorId", b"PARENTSORID").replace(b"SorType", b"sortype")
    assert read(tmp_path, content).units == read(tmp_path, DAILY).units
    rows = [row | {"Nyt_Felt": str(place)} for place, row in enumerate(hospital())]
    assert read(tmp_path, write_sor2(rows)).units[SorId(WARD)].other == {"nyt_felt": "2"}


def test_a_decimal_comma_is_a_point(tmp_path: Path) -> None:
    rows = hospital(PostalAddressCoordETRS89z32EMeasure="557481,680")
    address = read(tmp_path, write_sor2(rows)).units[SorId(WARD)].address
    assert address is not None
    assert address.postal is not None
    assert address.postal.coordinate_east == "557481.680"


def test_columns_of_another_name_are_mapped(tmp_path: Path) -> None:
    rows = [
        row | {"Ydernr": "019062" if place == 2 else ""} for place, row in enumerate(hospital())
    ]
    columns = {"sor2-daily": {"provider_number": ("ydernr",), "name": ("Kaldenavn",)}}
    renamed = write_sor2(rows).replace(b"EntityName", b"Kaldenavn", 1)
    assert problems(tmp_path, renamed) == [("columns", 1)]
    ward = read(tmp_path, renamed, columns=columns).units[SorId(WARD)]
    assert ward.name == "Afsnit"
    assert (ward.provider_number, ward.other) == ("019062", {})


@pytest.mark.parametrize(
    ("rewrite", "told"),
    [
        (lambda text: text.replace(";", ","), "a table of SOR with commas between its columns"),
        (lambda text: text.replace(";", "\t"), "a table of SOR with tabs between its columns"),
        (lambda text: text.replace("\r\n", "\r"), "whose lines end with carriage returns alone"),
        (lambda text: text.encode("utf-16"), "a table of SOR in UTF-16"),
    ],
)
def test_a_table_that_another_program_wrote_is_told_as_such(
    tmp_path: Path, rewrite: Callable[[str], str | bytes], told: str
) -> None:
    text = rewrite(DAILY.decode("utf-8-sig"))
    (tmp_path / "f").write_bytes(text if isinstance(text, bytes) else text.encode())
    refused = called(tmp_path, "check", "f@2026-11-26")
    assert refused.exit == 5
    assert told in refused.stderr
    assert "Give the file as the register delivers it" in refused.stderr


@pytest.mark.parametrize("mark", [b"", BOM])
@pytest.mark.parametrize("line", [b"sep=;\r\n", b'"sep=;"\n', b"SEP=;\r\n\r\n", b"sep=;\r\n" + BOM])
def test_a_line_for_excel_before_the_header_is_told(
    tmp_path: Path, mark: bytes, line: bytes
) -> None:
    (tmp_path / "f").write_bytes(mark + line + DAILY.removeprefix(BOM))
    history = ("ingest", "f", "--history", "2020-01-01..2020-01-02")
    for arguments in (("check", "f@2026-11-26"), history):
        refused = called(tmp_path, *arguments)
        assert refused.exit == 5
        assert "a table of SOR with the line sep= of Excel before its header" in refused.stderr
        assert "Delete its first line" in refused.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Navn, adresse\r\nA, B\r\n", "it is text, not a snapshot"),
        (b"MZ\x00\x01", "it is binary data, not a snapshot"),
        (b"SorId;Navn;By\r\n1;A;B\r\n", "it is a table with the columns SorId, Navn, By"),
    ],
)
def test_what_is_no_table_of_sor_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "f").write_bytes(content)
    refused = called(tmp_path, "check", "f@2026-11-26")
    assert (refused.exit, told in refused.stderr) == (5, True)
    # Who gives a list of their own has nothing to fetch again.
    assert ("sordiff reconcile" in refused.stderr) == ("table" in told)


def test_two_files_of_different_kinds_are_not_compared(tmp_path: Path) -> None:
    (tmp_path / "daily").write_bytes(DAILY)
    (tmp_path / "old").write_bytes(write_old([old(1, "IE", "Region Prøve")]))
    refused = called(tmp_path, "diff", "daily@2026-11-26", "old@2026-11-27")
    assert refused.exit == 5
    assert "Compare two files of one kind." in refused.stderr


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = DAILY.replace(b"EntityTypeName", b"EntityTypeId", 1)
    assert problems(tmp_path, twice) == [("columns", 1)]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda c: c[:-2], [("cut_off", 5)]),
        (lambda c: c[:-20], [("cut_off", 5)]),
        (lambda c: c.replace(b";Afsnit;", b";Afsnit;;"), [("row.width", 4)]),
        (lambda c: c.replace(b";Afsnit;", b";"), [("row.width", 4)]),
        (lambda c: c[:-13] + b'"' + c[-13:], [("date.malformed", 5), ("cut_off", 5)]),
        (lambda c: c.replace(b";2010-01-01;\r\n", b';"2010-01-01;\r\n', 1), [("row.width", 2)]),
        (lambda c: c.replace("ø".encode(), b"\xf8", 1), [("encoding", 2)]),
        (lambda c: c.replace(b";OE;Afsnit", b";XX;Afsnit"), [("kind.unknown", 4)]),
        (lambda c: c.replace(WARD.encode(), b"", 1), [("sor_id.missing", 4)]),
        (lambda c: c.replace(WARD.encode(), b"12 34", 1), [("sor_id.malformed", 4)]),
        (lambda c: c.split(b"\r\n")[0] + b"\r\n", [("empty_tree", None)]),
        (lambda c: c.replace(b"ParentSorId", b"Something"), [("columns", 1)]),
    ],
)
def test_a_damaged_table_is_refused_whole(
    tmp_path: Path, damage: Callable[[bytes], bytes], expected: list[tuple[str, int | None]]
) -> None:
    damaged = damage(DAILY)
    assert damaged != DAILY
    assert problems(tmp_path, damaged) == expected


def test_two_rows_of_one_unit_and_day_are_refused(tmp_path: Path) -> None:
    rows = [*hospital(), sor2(3, "OE", "Afsnit", 2)]
    assert problems(tmp_path, write_sor2(rows)) == [("sor_id.duplicate", 6)]
    twice = [old(1, "IE", "Region"), old(1, "IE", "Region", Gaeldende_fra_dato="2011-01-01")]
    assert problems(tmp_path, write_old(twice)) == [("sor_id.duplicate", 3)]


def test_units_below_each_other_are_refused(tmp_path: Path) -> None:
    rows = [*hospital(), sor2(5, "OE", "A", 6), sor2(6, "OE", "B", 5)]
    assert problems(tmp_path, write_sor2(rows)) == [("parent.cycle", 6)]


def test_without_a_day_a_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(DAILY)
    done = called(tmp_path, "check", "table")
    assert done.exit == 5
    assert "--snapshot-date" in done.stderr
    assert called(tmp_path, "check", "table", "--snapshot-date", "2026-11-27").exit == 0
    assert called(tmp_path, "check", "table@2026-11-27").exit == 0
    for day in ("2026-13-27", "27-11-2026", "20261127", "i dag"):
        refused = called(tmp_path, "check", f"table@{day}")
        assert refused.exit == 2
        assert f"{day} is not a day of the calendar. Write it as YYYY-MM-DD." in refused.stderr
    assert (
        "The day is missing. Write it as YYYY-MM-DD." in called(tmp_path, "check", "table@").stderr
    )
    for day in ("20261127", "2026-W48-5"):
        assert called(tmp_path, "check", "table", "--snapshot-date", day).exit == 2
    (tmp_path / "nightly@home").write_bytes(DAILY)  # a file of that name is itself
    assert called(tmp_path, "check", "nightly@home").exit == 5
    assert "No such file" in called(tmp_path, "check", "none@home").stderr
    assert called(tmp_path, "ingest", "table", "table", "--snapshot-date", "2026-11-27").exit == 2


def test_two_different_days_of_one_file_are_refused(tmp_path: Path) -> None:
    """Neither of them wins: the other one would be taken for the day of the night."""
    (tmp_path / "table").write_bytes(DAILY)
    for command in (
        ["check"],
        ["check", "--coverage"],
        ["ingest"],
        ["ingest", "--dry-run"],
        ["run"],
    ):
        given = (*command, "table@2026-11-26", "--snapshot-date")
        refused = called(tmp_path, *given, "2026-11-27")
        assert refused.exit == 2, command
        assert (
            "table is given for 2026-11-26, and --snapshot-date says 2026-11-27" in refused.stderr
        )
        assert not (tmp_path / "sordiff.db").exists()
    assert called(tmp_path, "check", "table@2026-11-26", "--snapshot-date", "2026-11-26").exit == 0
    assert called(tmp_path, "ingest", "table@2026-11-26", "--snapshot-date", "2026-11-26").exit == 0


def test_a_history_has_no_day_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "table").write_bytes(DAILY)
    refused = called(tmp_path, "ingest", "table@2026-11-26", "--history", "2020-01-01..2020-01-02")
    assert refused.exit == 2
    assert "FILE@DAY: does not go with --history" in refused.stderr.replace("'", "")


def test_a_header_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    """Its kind is known by then: the names that are looked for are ASCII."""
    header, rest = DAILY.split(b"\r\n", 1)
    assert problems(tmp_path, header + b";Kommune\xe6\r\n" + rest) == [("encoding", 1)]


def test_two_columns_for_one_field_are_refused_with_what_helps(tmp_path: Path) -> None:
    """A line of [columns] helps where one is missing; where two say the same, there is one too many."""
    header, _, below = DAILY.partition(b"\n")
    (tmp_path / "twice").write_bytes(
        header.replace(b"EntityTypeName", b"EntityName") + b"\n" + below
    )
    (tmp_path / "both").write_bytes(header.replace(b"EntityTypeName", b"Navn") + b"\n" + below)
    for name, advice in (
        ("twice", "Fetch the file again"),
        ("both", "Take one of them out of [columns.sor2-daily] of sordiff.toml"),
    ):
        (tmp_path / "sordiff.toml").write_text('[columns.sor2-daily]\nname = ["Navn"]\n')
        refused = called(tmp_path, "check", f"{name}@{NEW}")
        assert refused.exit == 5
        assert "say the same (name)" in refused.stderr
        assert advice in refused.stderr
        assert "Name them" not in refused.stderr
