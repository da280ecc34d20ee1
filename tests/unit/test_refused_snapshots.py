"""A snapshot is checked whole: every problem has its code and line, and no half register is read."""

from pathlib import Path

import pytest

from tests.unit.small_snapshot import GOOD, HEADER, UNITS, line_of, problems, read, said, spoiled

OWNER = line_of("1101")
INSTITUTION = line_of("1202")
SECOND_UNIT = """\
  <InstitutionOwnerEntity><InstitutionOwner><sor1:SorIdentifier>{}</sor1:SorIdentifier>
    </InstitutionOwner>
  </InstitutionOwnerEntity>
</SorTree>"""


def with_another(sor_id: str, text: str = GOOD) -> str:
    return spoiled("</SorTree>", SECOND_UNIT.format(sor_id), text)


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).units.keys() == UNITS


@pytest.mark.parametrize("start", range(0, 97, 24))
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, start: int) -> None:
    whole = GOOD.rstrip().encode()
    for length in range(start, len(whole), 97):
        (found,) = problems(tmp_path, whole[:length])
        expected = {"cut_off", "not_well_formed"} if length else {"empty"}
        assert found.code in expected, length


def test_a_cut_file_is_refused_at_the_line_where_it_ends(tmp_path: Path) -> None:
    upto = GOOD[: GOOD.index("<sor1:EntityName>Klinik")]
    assert said(tmp_path, upto) == [("cut_off", line_of("<sor1:EntityName>Klinik"))]


def test_not_well_formed(tmp_path: Path) -> None:
    bad = spoiled(">Klinik</sor1:EntityName>", ">Klinik & Co</sor1:EntityName>")
    assert said(tmp_path, bad) == [("not_well_formed", line_of("Klinik"))]
    assert said(tmp_path, GOOD + "<more/>")[0][0] == "not_well_formed"
    assert said(tmp_path, GOOD + GOOD)[0][0] == "not_well_formed"
    assert said(tmp_path, spoiled("sor1:EntityName>Klinik", "sor9:EntityName>Klinik"))
    assert said(tmp_path, spoiled("Klinik", "Klinik\x01"))[0] == (
        "not_well_formed",
        line_of("Klinik"),
    )


def test_two_units_with_one_id_name_both_lines(tmp_path: Path) -> None:
    bad = with_another("1303")
    (found,) = problems(tmp_path, bad)
    assert (found.code, found.line) == ("sor_id.duplicate", line_of("1303", bad, nth=2))
    assert "1303" in found.message
    assert str(line_of("1303")) in found.message


def test_a_parent_and_its_child_with_one_id(tmp_path: Path) -> None:
    bad = spoiled("1202", "1101")
    (found,) = problems(tmp_path, bad)
    assert found.code == "sor_id.duplicate"
    assert found.line in {OWNER, INSTITUTION}
    assert str({OWNER, INSTITUTION} - {found.line})[1:-1] in str(found)


def test_an_id_is_the_same_with_white_space_around_it(tmp_path: Path) -> None:
    assert said(tmp_path, with_another("\t 1101 "))[0][0] == "sor_id.duplicate"


def test_one_id_three_times_is_two_problems(tmp_path: Path) -> None:
    assert [code for code, _ in said(tmp_path, with_another("1303", with_another("1303")))] == [
        "sor_id.duplicate"
    ] * 2


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<sor1:SorIdentifier>1202</sor1:SorIdentifier>", "", "sor_id.missing"),
        ("<sor1:SorIdentifier>1202</sor1:SorIdentifier>", "<SorId>1202</SorId>", "sor_id.missing"),
        ("1202", "", "sor_id.missing"),
        ("1202", " \t ", "sor_id.missing"),
        ("1202", "1202</sor1:SorIdentifier><sor1:SorIdentifier>1203", "sor_id.twice"),
        (
            "1202",
            "1202</sor1:SorIdentifier><SorIdentifier>1203</SorIdentifier><sor1:SorIdentifier>1204",
            "sor_id.twice",
        ),
    ],
    ids=["none", "by another name", "empty", "blank", "two", "three, one in another namespace"],
)
def test_a_unit_has_exactly_one_sor_id(tmp_path: Path, old: str, new: str, code: str) -> None:
    found = said(tmp_path, spoiled(old, new))
    assert found
    assert set(found) == {(code, INSTITUTION)}


def test_the_ids_of_other_units_are_not_the_units_own(tmp_path: Path) -> None:
    without = spoiled("<sor1:SorIdentifier>1202</sor1:SorIdentifier>", "")
    for place in ("ReplacesEntityCollection", "ReplacedByEntityCollection"):
        other = f"<{place}><sor1:SorIdentifier>1909</sor1:SorIdentifier></{place}>"
        bad = spoiled("<sor1:EntityName>Klinik", f"{other}<sor1:EntityName>Klinik", without)
        assert said(tmp_path, bad) == [("sor_id.missing", INSTITUTION)]


def test_a_wrapper_without_its_record(tmp_path: Path) -> None:
    bad = spoiled("</SorTree>", "<InstitutionOwnerEntity/>\n</SorTree>")
    assert said(tmp_path, bad) == [("sor_id.missing", line_of("<InstitutionOwnerEntity/>", bad))]
    empty = spoiled(
        "</SorTree>",
        "<InstitutionOwnerEntity><InstitutionOwner/></InstitutionOwnerEntity>\n</SorTree>",
    )
    assert said(tmp_path, empty) == [("sor_id.missing", line_of("<InstitutionOwner/>", empty))]


def test_two_records_in_one_wrapper(tmp_path: Path) -> None:
    again = "<HealthInstitution><sor1:SorIdentifier>1909</sor1:SorIdentifier></HealthInstitution>"
    bad = spoiled("</HealthInstitution>", f"</HealthInstitution>{again}")
    assert said(tmp_path, bad) == [("record.twice", INSTITUTION)]


@pytest.mark.parametrize("name", ["SnapshotDate", "CreatedAtTime"])
def test_the_header_is_there_exactly_once(tmp_path: Path, name: str) -> None:
    field = {"SnapshotDate": "snapshot_date", "CreatedAtTime": "created_at"}[name]
    line = next(line for line in GOOD.splitlines(keepends=True) if name in line)
    root = line_of("<SorTree")
    assert said(tmp_path, spoiled(line, "")) == [(f"{field}.missing", root)]
    assert said(tmp_path, spoiled(line, f"<sor1:{name}> </sor1:{name}>\n"))[0][0] == (
        f"{field}.missing"
    )
    twice = spoiled(line, line * 2)
    assert said(tmp_path, twice) == [(f"{field}.twice", line_of(name, twice, nth=3))]
    below = spoiled("</SorTree>", line + "</SorTree>")
    assert said(tmp_path, below) == [(f"{field}.twice", line_of("</SorTree>"))]


def test_a_header_in_a_foreign_namespace_is_none(tmp_path: Path) -> None:
    foreign = '<SnapshotDate xmlns="urn:elsewhere">2024-09-02</SnapshotDate>'
    assert "snapshot_date.missing" in dict(
        said(tmp_path, spoiled("<sor1:SnapshotDate>2024-09-02</sor1:SnapshotDate>", foreign))
    )


def test_a_tree_without_a_unit_is_refused(tmp_path: Path) -> None:
    assert said(tmp_path, HEADER + "</SorTree>") == [("empty_tree", line_of("<SorTree"))]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert said(tmp_path, b"") == [("empty", None)]
    for nearly in (b"\xef\xbb\xbf", b" \r\n\t\n", b'<?xml version="1.0"?>', b"<!-- nothing -->"):
        assert problems(tmp_path, nearly)


def test_all_problems_come_in_one_refusal_by_line(tmp_path: Path) -> None:
    bad = with_another("1303", GOOD)
    for old, new in (
        ("2001-01-01", "2001-02-30"),
        ("2034-12-31", "never"),
        ("1202", ""),
        ("2024-09-02T01:00:29.6269718+02:00", "soon"),
        ("2002-02-02", "2.2.2002"),
    ):
        bad = spoiled(old, new, bad)
    bad = spoiled("  <sor1:SnapshotDate>2024-09-02</sor1:SnapshotDate>", "", bad)
    assert said(tmp_path, bad) == [
        ("snapshot_date.missing", 2),
        ("time.malformed", 3),
        ("date.malformed", line_of("2001-02-30", bad)),
        ("date.malformed", line_of("2.2.2002", bad)),
        ("sor_id.missing", INSTITUTION),
        ("date.malformed", line_of("never", bad)),
        ("sor_id.duplicate", line_of("1303", bad, nth=2)),
    ]


def test_what_came_before_the_break_is_told_with_it(tmp_path: Path) -> None:
    bad = spoiled("2034-12-31", "2034-02-30")
    bad = bad[: bad.index("  </InstitutionOwnerEntity>")]
    assert [code for code, _ in said(tmp_path, bad)] == ["date.malformed", "cut_off"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_are_right_beyond_the_65535th(tmp_path: Path, newline: str) -> None:
    bad = with_another("1303", spoiled("2001-01-01", "\n 2001-02-30\n"))
    bad = spoiled("<sor1:SorIdentifier>1202</sor1:SorIdentifier>", "\n", bad)
    near = said(tmp_path, bad)
    assert [code for code, _ in near] == ["date.malformed", "sor_id.missing", "sor_id.duplicate"]
    later = bad.replace("  <sor1:SnapshotDate>", "\n" * 70_000 + "  <sor1:SnapshotDate>")
    far = said(tmp_path, later.replace("\n", newline))
    assert far == [(code, (line or 0) + 70_000) for code, line in near]
