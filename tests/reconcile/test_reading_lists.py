"""Lists as people have them: every dialect gives the same verdicts, and what is broken is refused with its line."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from sordiff.reconcile.identifiers import ColumnKind, parse_identifier
from tests.cli.calling import called, good
from tests.making.plain import valid_cvr, valid_sor_id
from tests.reconcile import judging as demo
from tests.reconcile.judging import judged, record_demo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


LINES = [
    ("Enhed", "SOR-kode", "Lokationsnr.", "Telefon"),
    ('Åhavn "æ"', demo.HOME_CARE, demo.HOME_CARE_OLD, "12345674"),
    ("x", demo.CLINIC, "", "87654321"),
]
EXPECTED = [("number_moved", demo.HOME_CARE_OLD), ("current", demo.CLINIC)]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nights")
    record_demo(folder)
    return folder


def found(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["verdict"], row["value"]) for row in answer["rows"]]


def as_csv(delimiter: str, *, guard: str = "{}", end: str = "\r\n") -> str:
    head, *rows = LINES
    cells = [
        [
            row[0].replace('"', '""'),
            guard.format(row[1]),
            guard.format(row[2]) if row[2] else "",
            row[3],
        ]
        for row in rows
    ]
    quoted = [delimiter.join([f'"{row[0]}"', *row[1:]]) for row in cells]
    return end.join([delimiter.join(head), *quoted]) + end


def as_xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("partners")
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        as_csv(";").encode("utf-8-sig"),
        as_csv(",").encode(),
        as_csv("\t").encode("utf-16"),
        as_csv("|", end="\n").encode("cp1252"),
        as_csv(";", guard='="{}"').encode("latin-1"),
        as_csv(";", guard='"=""{}"""').encode("utf-8-sig"),
        as_csv(";", guard="'{}").encode(),
        as_csv(";", guard=" {}\u00a0").encode(),
        as_xlsx(LINES),
        as_xlsx(
            [
                LINES[0],
                *(
                    (row[0], int(row[1]), int(row[2]) if row[2] else None, int(row[3]))
                    for row in LINES[1:]
                ),
            ]
        ),
        "\n".join(json.dumps(dict(zip(LINES[0], row, strict=True))) for row in LINES[1:]).encode(),
        json.dumps(
            [{"id": int(row[1]), "gln": int(row[2]) if row[2] else None} for row in LINES[1:]]
        ).encode(),
    ],
    ids=[
        "semicolon",
        "comma",
        "tab utf-16",
        "bar cp1252",
        "excel guard",
        "quoted guard",
        "apostrophe",
        "spaces",
        "xlsx texts",
        "xlsx numbers",
        "json lines",
        "json array",
    ],
)
def test_the_same_list_in_every_dialect(nights: Path, content: bytes) -> None:
    assert found(judged(nights, content)) == EXPECTED


def test_a_column_of_a_database(nights: Path) -> None:
    with closing(sqlite3.connect(nights / "own.db")) as connection, connection:
        connection.execute('CREATE TABLE "my partners" (id INTEGER, "the gln" TEXT)')
        connection.execute(
            'INSERT INTO "my partners" VALUES (1, ?), (2, NULL)', [demo.REMOVED_NUMBER]
        )
    answer = json.loads(good(nights, "reconcile", "own.db#my partners.the gln", "--format", "json"))
    assert found(answer) == [("number_released", demo.REMOVED_NUMBER), ("unknown", None)]
    for place in ("own.db#nothing.x", "own.db#my partners", "list.csv#a.b", "own.db"):
        done = called(nights, "reconcile", place)
        assert done.exit == 2, place
        assert "Traceback" not in done.stderr


def test_columns_are_told_by_their_values_and_their_headings(nights: Path) -> None:
    phones = "\n".join(f"a{n};{demo.CLINIC};{n:08d}" for n in range(10000000, 10000030))
    columns = judged(nights, f"kunde;a;b\n{phones}\n")["columns"]
    assert columns == [{"name": "a", "kind": "sor_id"}]
    cvr = "\n".join(f"{valid_cvr(n)};{demo.CLINIC}" for n in range(9))
    assert judged(nights, f"x;y\n{cvr}\n")["columns"][0] == {"name": "x", "kind": "cvr"}
    # Six digits are a provider number only where the register knows them, or a heading says so.
    known = f"{demo.NEW_PROVIDER};{demo.CLINIC}\n"
    assert judged(nights, f"x;y\n{known}")["columns"][0]["kind"] == "provider_number"
    # A dead number is known, too: a list of nothing else is still one of provider numbers.
    dead = judged(nights, f"{demo.OLD_PROVIDER}\n")
    assert found(dead) == [("number_released", demo.OLD_PROVIDER)]
    assert [c["kind"] for c in judged(nights, f"x;y\n123456;{demo.CLINIC}\n")["columns"]] == [
        "sor_id"
    ]
    named = judged(nights, f"Yder-nr.;y\n123456;{demo.CLINIC}\n")
    assert named["columns"][0]["kind"] == "provider_number"


def test_the_users_word_on_a_column_is_the_last_one(nights: Path) -> None:
    text = f"a;b\n{demo.CLINIC};{demo.REMOVED}\n"
    assert judged(nights, text)["rows"][0]["verdict"] == "removed"
    answer = judged(nights, text, "--column", "b=ignore")
    assert answer["rows"][0]["verdict"] == "current"
    assert called(nights, "reconcile", "list.csv", "--column", "b=gln").exit == 2
    assert called(nights, "reconcile", "list.csv", "--column", "c=cvr").exit == 2


def test_a_list_without_a_heading(nights: Path) -> None:
    answer = judged(nights, f"{demo.REMOVED}\n{demo.CLINIC}\n")
    assert [row["line"] for row in answer["rows"]] == [1, 2]
    assert found(answer)[0] == ("removed", demo.REMOVED)


def test_lines_are_counted_as_an_editor_does(nights: Path) -> None:
    answer = judged(nights, f'SOR;note\n\n{demo.CLINIC};"two\nlines"\n{demo.REMOVED};x\n')
    assert [row["line"] for row in answer["rows"]] == [3, 5]


def test_digits_that_a_spreadsheet_dropped_are_put_back_and_said(nights: Path) -> None:
    cut = "1424101000016000"  # 1424101000016009, of which fifteen digits were kept
    rows = [("SOR", "Ydernr"), (float(cut), None), (None, 21857)]
    answer = judged(nights, as_xlsx(rows))
    first, second = answer["rows"]
    assert (first["value"], first["verdict"]) == ("1424101000016009", "current")
    assert (second["value"], second["verdict"]) == (demo.NEW_PROVIDER, "current")
    assert first["notes"] == second["notes"] == ["digits_restored"]
    lost = judged(nights, "SOR;x\n1,42E+15;a\n")["rows"][0]
    assert (lost["verdict"], lost["notes"]) == ("invalid", ["digits_lost"])


@pytest.mark.parametrize(
    ("kind", "text", "is_valid"),
    [
        (ColumnKind.LOCATION_NUMBER, "5790008712009", True),
        (ColumnKind.LOCATION_NUMBER, "5790 0087 12009", True),
        (ColumnKind.LOCATION_NUMBER, "5.790.008.712.009", True),
        (ColumnKind.LOCATION_NUMBER, "5,790,008,712,009", True),
        (ColumnKind.LOCATION_NUMBER, "5.790,008.712,009", False),
        (ColumnKind.CVR, f"{int(valid_cvr(77)):,}", True),
        (ColumnKind.LOCATION_NUMBER, "0000000000000", False),
        (ColumnKind.LOCATION_NUMBER, "05790008712009", False),
        (ColumnKind.LOCATION_NUMBER, "５７９０００８７１２００９", False),
        (ColumnKind.LOCATION_NUMBER, "5790008712008", False),
        (ColumnKind.SOR_ID, valid_sor_id(12345), True),
        (ColumnKind.SOR_ID, valid_sor_id(12345)[:-1], False),
        (ColumnKind.CVR, "DK " + valid_cvr(77), True),
        (ColumnKind.PROVIDER_NUMBER, "019062", True),
        (ColumnKind.PROVIDER_NUMBER, "19062", True),
        (ColumnKind.PROVIDER_NUMBER, "62", False),
        (ColumnKind.SHAK, "3800d0e", True),
        (ColumnKind.SHAK, "38001", False),
        (ColumnKind.P_NUMBER, "1003418838", True),
        (ColumnKind.P_NUMBER, "0101701234", False),
    ],
)
def test_a_number_by_its_form(kind: ColumnKind, text: str, is_valid: bool) -> None:
    assert parse_identifier(kind, text).is_valid is is_valid


def refused(folder: Path, content: bytes) -> str:
    (folder / "bad").write_bytes(content)
    done = called(folder, "reconcile", "bad")
    assert done.exit == 2, done
    assert "Traceback" not in done.stderr
    assert "Please report" not in done.stderr
    assert done.stdout == ""
    return done.stderr


def test_what_is_broken_is_refused_with_its_line(nights: Path) -> None:
    half = f'SOR;note\n{demo.CLINIC};"cut of'.encode()
    assert "bad:2" in refused(nights, half)
    assert "bad:2" in refused(nights, b'{"gln": "1"}\n{"gln": \n')
    assert "bad:2" in refused(nights, b"SOR;x\n" + b"9" * 10_000_000 + b";1\n")
    assert "no lines" in refused(nights, b"\n\n")
    assert "holds numbers" in refused(nights, b"a;b\n1;2\n")
    assert "holds numbers" in refused(nights, "navn\nLægehuset\n".encode())


def packed(**entries: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in entries.items():
            book.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def test_a_workbook_that_would_fill_the_memory_is_refused(nights: Path) -> None:
    good_book = as_xlsx(LINES)
    assert "can't be read" in refused(nights, good_book[: len(good_book) // 2])
    assert "can't be read" in refused(nights, packed(a=b"b"))
    bomb = packed(**{"xl__worksheets__sheet1.xml": bytes(257 << 20)})
    assert len(bomb) < 2 << 20
    assert "larger than 256 MiB" in refused(nights, bomb)
    far = io.BytesIO()
    with xlsxwriter.Workbook(far) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "SOR")
        sheet.write(1_048_575, 16_383, "far away")
    assert "reaches to column 16384" in refused(nights, far.getvalue())
    assert "old kind" in refused(nights, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_random_bytes_are_refused_or_judged_and_never_a_crash(nights: Path) -> None:
    for content in (
        b"\x00\xff" * 40,
        b"\x81;\x8d\n\x90;1\n",
        b"[1, 2",
        b"{",
        b"PK\x03\x04",
        b'"',
        b"\xff\xfe;\x00",
    ):
        refused(nights, content)
