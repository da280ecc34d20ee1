"""Files made to do harm: a plain refusal in bounded time and under 1 GiB, and nothing else happens."""

from __future__ import annotations

import bz2
import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.product import assert_refused, environment, sordiff
from tests.making.archives import ENCRYPTED, Entry, deflated, gzip_repeated, repeated, zipped
from tests.unit.judged import GOOD, HEADER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SECONDS, MEGABYTES = 60, 1024
GIB_3 = 3 * 1024
MIB = b" " * 2**20
END = "</SorTree>"
UNIT = (
    "<InstitutionOwnerEntity><InstitutionOwner><sor1:SorIdentifier>{}</sor1:SorIdentifier>{}"
    "</InstitutionOwner></InstitutionOwnerEntity>"
)


def one_unit(junk: str) -> str:
    return HEADER + UNIT.format("1", junk) + END


def doctype(declarations: str, use: str) -> str:
    first, _, rest = one_unit(f"<sor1:EntityName>{use}</sor1:EntityName>").partition("\n")
    return f"{first}\n<!DOCTYPE SorTree [{declarations}]>\n{rest}"


def laughs() -> str:
    steps = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 20))
    return doctype(f"<!ENTITY l0 'ha'>{steps}", "&l19;")


def attributes() -> str:
    many = " ".join(f"a{n}='1'" for n in range(400_000))
    return one_unit(f"<a {many}/>")


def bzipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2, compresslevel=9) as archive:
        info = zipfile.ZipInfo("Sor.xml")
        info.compress_type = zipfile.ZIP_BZIP2
        with archive.open(info, "w") as entry:
            for _ in range(20):
                entry.write(MIB)
    return out.getvalue()


def lying_bomb() -> bytes:
    packed = repeated(HEADER.encode(), MIB, GIB_3)
    return zipped([Entry(name=b"Sor.xml", packed=packed, size=50_000_000)])


XML: dict[str, Callable[[], str]] = {
    "billion laughs": laughs,
    "quadratic entity": lambda: doctype(f"<!ENTITY a '{'a' * 100_000}'>", "&a;" * 100_000),
    "nested elements": lambda: one_unit("<a>" * 100_000 + "</a>" * 100_000),
    "nested elements, never closed": lambda: "<a>" * 100_000,
    "nested units": lambda: HEADER + "<OrganizationalUnitEntity>" * 100_000,
    "tiny elements in a unit": lambda: one_unit("<a/>" * 3_000_000),
    "tiny elements before the units": lambda: HEADER + "<a/>" * 3_000_000 + END,
    "tiny elements beside the units": lambda: (
        HEADER + (UNIT.format("", "") + "<a/>" * 9) * 99_999 + END
    ),
    "empty wrappers": lambda: HEADER + "<InstitutionOwnerEntity/>" * 1_000_000 + END,
    "one id thousands of times": lambda: HEADER + UNIT.format("1", "") * 100_000 + END,
    "megabytes in a unit": lambda: one_unit(f"<a>{'x' * 12_000_000}</a>"),
    "megabytes in an attribute": lambda: one_unit(f'<a b="{"x" * 12_000_000}"/>'),
    "attributes without end": attributes,
    "instructions without end": lambda: HEADER + "<?a?>" * 3_000_000 + END,
    "one name of megabytes": lambda: one_unit(f"<{'x' * 12_000_000}/>"),
    "nothing but a comment": lambda: f"<!--{' ' * 12_000_000}",
    "an encoding of megabytes": lambda: f'<?xml version="1.0" encoding="{"x" * 12_000_000}"?><a/>',
}
BYTES: dict[str, Callable[[], bytes]] = {
    "zip of 3 GiB": lambda: zipped(
        [Entry(name=b"Sor.xml", packed=repeated(HEADER.encode(), MIB, GIB_3))]
    ),
    "zip of 3 GiB that says 50 MB": lying_bomb,
    "zip of 3 GiB of data types": lambda: zipped(
        [
            Entry(name=b"Sor.xml", packed=deflated(GOOD.encode())),
            Entry(name=b"SorDataTypes.xml", packed=repeated(b"<a>", MIB, GIB_3)),
        ]
    ),
    "zip of 3 GiB of data types that says 1 MB": lambda: zipped(
        [
            Entry(name=b"Sor.xml", packed=deflated(GOOD.encode())),
            Entry(name=b"SorDataTypes.xml", packed=repeated(b"<a>", MIB, GIB_3), size=1_000_000),
        ]
    ),
    "zip by bzip2": bzipped,
    "gzip of 3 GiB": lambda: gzip_repeated(HEADER.encode(), MIB, GIB_3),
    "encrypted": lambda: zipped(
        [Entry(name=b"Sor.xml", packed=deflated(GOOD.encode()), flags=ENCRYPTED)]
    ),
    "an entry ../../x": lambda: zipped(
        [
            Entry(name=b"../../x", packed=deflated(b"x")),
            Entry(name=b"Sor.xml", packed=deflated(GOOD.encode())),
        ]
    ),
}


def ingest_is_refused(folder: Path, content: bytes) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "Sor.bin").write_bytes(content)
    done = sordiff(
        "ingest", "Sor.bin", folder=folder / "inner", limit=SECONDS, env=environment(bare=True)
    )
    print(f"{done.seconds:.1f} s, {done.megabytes:.0f} MB: {done.err[:100]}")
    assert_refused(done, "Sor.bin")
    assert done.err.count("\n") <= 22
    assert len(done.err) < 10_000
    assert done.seconds < SECONDS
    assert done.megabytes < MEGABYTES
    assert not list(folder.rglob("*.db")), "no changelog is made for it"
    assert not (folder / "x").exists()


@pytest.mark.parametrize("make", XML.values(), ids=XML.keys())
def test_hostile_xml_is_refused(tmp_path: Path, make: Callable[[], str]) -> None:
    ingest_is_refused(tmp_path, make().encode())


@pytest.mark.parametrize("make", BYTES.values(), ids=BYTES.keys())
def test_a_hostile_archive_is_refused(tmp_path: Path, make: Callable[[], bytes]) -> None:
    ingest_is_refused(tmp_path, make())


def test_a_hostile_file_of_data_types_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Sor.xml").write_text(GOOD, encoding="utf-8")
    for content in (
        gzip_repeated(b"<a>", MIB, 100),
        b"<a>" * 100_000,
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        bz2.compress(b"<a/>"),
    ):
        (tmp_path / "types").write_bytes(content)
        done = sordiff(
            "ingest",
            "Sor.xml",
            "--data-types",
            "types",
            folder=tmp_path,
            env=environment(bare=True),
        )
        assert_refused(done, "types")
        assert "root:" not in done.err
        assert done.megabytes < MEGABYTES
        assert not list(tmp_path.glob("*.db"))


def test_an_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hemmelig", encoding="utf-8")
    for use in ("&a;", "%a;"):
        kind = "% a" if use == "%a;" else "a"
        content = doctype(f'<!ENTITY {kind} SYSTEM "{secret.as_uri()}">', use)
        (tmp_path / "Sor.xml").write_text(content, encoding="utf-8")
        done = sordiff("check", "Sor.xml", folder=tmp_path)
        assert_refused(done, "Sor.xml:2", "DOCTYPE")
        assert "hemmelig" not in done.err + done.out
