"""What every reader must keep: one small register, as the file of its kind, is read and judged alike.

A module that imports these tests defines the fixture `kind`: how the register is written as a file of the kind, how it
is read, and what the kind can say. What it can't say is left out of the comparison.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from sordiff.errors import SnapshotRefused
from sordiff.fields import flatten_unit
from sordiff.findings import find_findings
from sordiff.model import Day, Kind
from sordiff.service.ingest.read_snapshot import build_register
from tests.making.plain import (
    PlainAddress,
    PlainContact,
    PlainNumber,
    PlainRegister,
    valid_cvr,
    valid_gln,
)
from tests.unit.small import IDS, night, unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sordiff.errors import Problem
    from sordiff.snapshot import Snapshot

DAY = Day("2024-05-02")
OWNER, CLINIC, WARD, CLOSED = IDS[:4]
GLN = valid_gln(5)
# The path of a field -> its value, for each unit.
UNITS: dict[str, dict[str, object]] = {
    OWNER: {
        "kind": Kind.OWNER,
        "name": 'Region "Ø" & Å; nord',
        "unit_type": "71001",
        "address/postal/street_name": "Havnegade",
        "address/postal/post_code": "0800",
        "from": "2010-01-01",
        "first_from": "2010-01-01",
        "cvr": valid_cvr(1),
    },
    CLINIC: {
        "kind": Kind.INSTITUTION,
        "parent_id": OWNER,
        "name": "Klinik",
        "unit_type": "72001",
        "shak": "0123",
        "location_number/number": GLN,
        "location_number/internal_only": False,
        "location_number/inactive": False,
        "contact/email": "k@example.dk",
        "contact/phone": "86000000",
        "from": "2012-02-02",
        "first_from": "2011-01-01",
    },
    WARD: {
        "kind": Kind.ORGANIZATIONAL_UNIT,
        "parent_id": CLINIC,
        "name": "Afsnit",
        "unit_type": "73001",
        "shak": "012301A",
        "provider_number": "019062",
        "location_number_inherited": True,
        "from": "2012-02-02",
        "first_from": "2011-01-01",
        "to": "2031-12-31",
    },
    CLOSED: {
        "kind": Kind.ORGANIZATIONAL_UNIT,
        "parent_id": WARD,
        "name": "Lukket",
        "unit_type": "73001",
        "from": "2012-02-02",
        "first_from": "2011-01-01",
        "to": "2024-05-01",
    },
}


def small_register(day: str = DAY) -> PlainRegister:
    """Four units, one below the other, the last of them closed."""
    days = {"from_": "2012-02-02", "first_from": "2011-01-01"}
    closed = unit(
        3, "organizational_unit", name="Lukket", unit_type="73001", to="2024-05-01", **days
    )
    ward = unit(
        2,
        "organizational_unit",
        closed,
        name="Afsnit",
        unit_type="73001",
        shak="012301A",
        provider_number="019062",
        location_number_inherited=True,
        to="2031-12-31",
        **days,
    )
    clinic = unit(
        1,
        "institution",
        ward,
        name="Klinik",
        unit_type="72001",
        shak="0123",
        location_number=PlainNumber(number=GLN),
        contact=PlainContact(email="k@example.dk", phone="86000000"),
        **days,
    )
    owner = unit(
        0,
        "owner",
        clinic,
        name='Region "Ø" & Å; nord',
        unit_type="71001",
        postal=PlainAddress(street_name="Havnegade", post_code="0800"),
        cvr=valid_cvr(1),
        from_="2010-01-01",
        first_from="2010-01-01",
    )
    return night(owner, date=day)


@dataclass(frozen=True, kw_only=True)
class KindOfFile:
    """One kind of file, and one way to read it.

    `digest`: what a file of these bytes is known by. `says`: whether a file of the kind can say this path of this unit. `cuts`: the lengths at which a cut-off file can
    be told from a whole one. `places_lines`: whether a problem in a record has its line.
    """

    name: str
    version: str
    write: Callable[[PlainRegister], bytes]
    read: Callable[[Path], Snapshot]
    digest: Callable[[bytes], str] = field(
        default=lambda content: hashlib.sha256(content).hexdigest()
    )
    says: Callable[[str, str], bool] = field(default=lambda _, __: True)
    cuts: Callable[[bytes], Iterable[int]] = field(
        default=lambda content: range(0, len(content) - 2, 89)
    )
    places_lines: bool = True


def read(folder: Path, kind: KindOfFile, content: bytes, name: str = "file") -> Snapshot:
    path = folder / name
    path.write_bytes(content)
    return kind.read(path)


def refused(folder: Path, kind: KindOfFile, content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(SnapshotRefused) as caught:
        read(folder, kind, content)
    assert caught.value.exit_code == 5
    assert caught.value.advice.endswith("nothing was changed.")
    assert {problem.file for problem in caught.value.problems} == {str(folder / "file")}
    return caught.value.problems


def units_of(snapshot: Snapshot) -> dict[str, dict[str, object]]:
    return {sor_id: flatten_unit(unit) for sor_id, unit in build_register(snapshot).units.items()}


def expected(kind: KindOfFile) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for sor_id, fields in UNITS.items():
        found[sor_id] = {"sor_id": sor_id, "location_number_inherited": False}
        found[sor_id] |= {path: value for path, value in fields.items() if kind.says(sor_id, path)}
    return found


def test_the_header_tells_the_day_the_version_and_the_bytes(
    kind: KindOfFile, tmp_path: Path
) -> None:
    content = kind.write(small_register())
    header = read(tmp_path, kind, content).header
    assert (header.snapshot_date, header.version) == (DAY, kind.version)
    assert (header.size, header.sha256) == (len(content), kind.digest(content))
    assert header.created_at.startswith(DAY)
    assert header.instant.endswith("Z")


def test_the_units_are_those_of_the_register(kind: KindOfFile, tmp_path: Path) -> None:
    found = units_of(read(tmp_path, kind, kind.write(small_register())))
    assert {
        sor_id: {path: value for path, value in fields.items() if kind.says(sor_id, path)}
        for sor_id, fields in found.items()
    } == expected(kind)


def test_the_order_of_siblings_says_nothing(kind: KindOfFile, tmp_path: Path) -> None:
    def with_siblings(*, reverse: bool) -> PlainRegister:
        made = small_register()
        made.units += [unit(index, "owner", name=f"Ejer {index}") for index in (10, 11, 12)]
        made.units.sort(key=lambda each: each.sor_id, reverse=reverse)
        return made

    found = [
        units_of(read(tmp_path, kind, kind.write(with_siblings(reverse=reverse))))
        for reverse in (False, True)
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 7


def test_what_is_around_it_changes_nothing(kind: KindOfFile, tmp_path: Path) -> None:
    content = kind.write(small_register())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("any name", content)
        archive.writestr("readme.txt", "nothing")
    plain = read(tmp_path, kind, content)
    for packed in (gzip.compress(content), out.getvalue(), gzip.compress(out.getvalue())):
        found = read(tmp_path, kind, packed)
        assert (found.header, units_of(found)) == (plain.header, units_of(plain))


def test_the_same_findings_are_made(kind: KindOfFile, tmp_path: Path) -> None:
    made = small_register()
    clinic = made.units[0].children[0]
    assert clinic.location_number is not None
    clinic.location_number.number = GLN[:-1] + str((int(GLN[-1]) + 1) % 10)
    clinic.children[0].to = "2024-04-01"
    clinic.children[0].children[0].to = None
    found = find_findings(build_register(read(tmp_path, kind, kind.write(made))))
    wanted = {
        ("location_number.check_digit", CLINIC, "location_number/number"),
        ("unit.open_below_closed", CLOSED, "to"),
    }
    assert {(each.code, each.subject) for each in found} == {
        (code, subject) for code, subject, path in wanted if kind.says(subject, path)
    }


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(kind: KindOfFile, tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, kind, content)


def test_a_cut_off_file_is_refused(kind: KindOfFile, tmp_path: Path) -> None:
    content = kind.write(small_register())
    for length in kind.cuts(content):
        assert refused(tmp_path, kind, content[:length]), length


def test_two_units_with_one_id_are_refused(kind: KindOfFile, tmp_path: Path) -> None:
    made = small_register()
    made.units.append(unit(1, "owner", name="Den anden"))
    [found] = refused(tmp_path, kind, kind.write(made))
    assert CLINIC in found.message
    assert (found.line is not None) == kind.places_lines


def test_every_day_that_is_none_is_told_with_its_line(kind: KindOfFile, tmp_path: Path) -> None:
    made = small_register()
    clinic = made.units[0].children[0]
    clinic.from_ = "2011-02-30"
    clinic.children[0].to = "31. december"
    found = refused(tmp_path, kind, kind.write(made))
    assert len(found) == 2
    lines = [problem.line for problem in found]
    if kind.places_lines:
        assert None not in lines
        assert lines == sorted(set(lines), key=lambda line: line or 0)
    said = " ".join(problem.message for problem in found)
    assert "2011-02-30" in said
    assert "31. december" in said


def test_a_unit_without_an_id_is_refused(kind: KindOfFile, tmp_path: Path) -> None:
    made = small_register()
    made.units.append(unit(11, "owner", name="Uden id"))
    made.units[-1].sor_id = ""
    assert refused(tmp_path, kind, kind.write(made))
