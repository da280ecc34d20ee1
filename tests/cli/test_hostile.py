"""Files made to harm: a plain refusal, in bounded time and memory, by the product as a process of its own."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.hostile import (
    END,
    FIRST,
    GOOD_BYTES,
    HEAD,
    MIB,
    UNIT_END,
    Entry,
    Pieces,
    deflated,
    gzipped,
    opened_units,
    stored,
    unit,
    zipped,
)
from tests.cli.running import Ran, sordiff
from tests.unit.small_snapshot import GOOD, spoiled

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "laugh">' for n in range(10)
)
SECONDS, MEMORY, SAID = 60, 1024**3, 10_000


def written(name: str, content: bytes | str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def with_doctype(inside: str, used: str) -> Callable[[Path], Path]:
    text = spoiled("<SorTree", f"<!DOCTYPE SorTree [{inside}]>\n<SorTree")
    return written("Sor.xml", spoiled(">Klinik<", f">{used}<", text))


def packed(*pieces: tuple[bytes, int]) -> Callable[[Path], Path]:
    return lambda folder: gzipped(folder / "Sor.xml.gz", list(pieces))


def archive(*entries: Entry) -> Callable[[Path], Path]:
    return lambda folder: zipped(folder / "Sor.zip", *entries)


def named(*names: bytes) -> Callable[[Path], Path]:
    return archive(*(stored(name, GOOD_BYTES) for name in names))


def zip_of(content: bytes, method: int = zipfile.ZIP_DEFLATED, name: str = "Sor.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        file.writestr(name, content)
    return out.getvalue()


def broken(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def lying(size: int, real: Pieces) -> Callable[[Path], Path]:
    return archive(Entry(name=b"Sor.xml", packed=deflated(real)[0], size=size))


ATTRIBUTES = b"".join(b" a%06d='1'" % n for n in range(500_000))
JUNK = (b"<y>junk</y>" * 100_000)[:MIB]
MANY = b"<x/>" * 100_000
SPECIALITY = b"<w><SpecialityCode a='1'>1</SpecialityCode></w>"
NESTED = b"<d>" * 200, b"</d>" * 200
DEEP = b"<OrganizationalUnitEntity>"
XML = {
    "billion laughs": (with_doctype(LAUGHS, "&l9;"), "DOCTYPE"),
    "an external entity": (
        with_doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"),
        "DOCTYPE",
    ),
    "a parameter entity": (
        with_doctype('<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;', "Klinik"),
        "DOCTYPE",
    ),
    "an entity that nobody declared": (
        written("Sor.xml", spoiled(">Klinik<", ">&x;<")),
        "not well-formed",
    ),
    "100,000 nested elements": (
        packed((HEAD + FIRST, 1), (b"<d>" * 1000, 100), (b"</d>" * 1000, 100), (UNIT_END + END, 1)),
        "nested",
    ),
    "100,000 nested units": (packed((HEAD, 1), (DEEP * 1000, 100)), "nested"),
    "millions of elements before the units": (
        packed((HEAD, 1), (MANY, 50), (unit(1101) + END, 1)),
        "SOR",
    ),
    "millions of elements among the units": (
        packed((HEAD, 1), (MANY * 19 + unit(1101), 2), (END, 1)),
        "",
    ),
    "a unit with megabytes of elements": (
        packed((HEAD + FIRST, 1), (JUNK, 20), (UNIT_END + END, 1)),
        "SOR|not well-formed",
    ),
    "a unit with megabytes of text": (
        packed((HEAD + FIRST + b"<y>", 1), (b"a" * MIB, 20), (b"</y>" + UNIT_END + END, 1)),
        "SOR|not well-formed",
    ),
    "500,000 attributes": (
        written("Sor.xml", HEAD + FIRST + b"<y" + ATTRIBUTES + b"/>" + UNIT_END + END),
        "attributes|SOR",
    ),
    "50,000 attributes": (
        written(
            "Sor.xml", HEAD + FIRST + b"<y" + ATTRIBUTES[: 12 * 50_000] + b"/>" + UNIT_END + END
        ),
        "attributes",
    ),
    "500,000 attributes on the root": (
        written("Sor.xml", GOOD_BYTES.replace(b"<SorTree", b"<SorTree" + ATTRIBUTES)),
        "attributes|SOR",
    ),
    "2,000,000 empty wrappers": (
        packed((HEAD, 1), (b"<InstitutionOwnerEntity/>\n" * 10_000, 200), (END, 1)),
        "SOR id",
    ),
    "one id 200,000 times": (packed((HEAD, 1), (unit(1101) * 10_000, 20), (END, 1)), "1101"),
    "dates of half a megabyte": (
        lambda folder: gzipped(
            folder / "Sor.xml.gz",
            opened_units(
                50,
                (b"<sor1:SorStatus><sor1:FromDate>", b"</sor1:FromDate></sor1:SorStatus>"),
                500,
            ),
        ),
        "date|text",
    ),
    "a huge comment before the root": (
        packed((b"<?xml version='1.0'?><!--", 1), (b"a" * MIB, 200), (b"-->", 1), (GOOD_BYTES, 1)),
        "root",
    ),
    "white space without end": (packed((b" " * MIB, 100)), ""),
    "nothing without end": (packed((b"\0" * MIB, 100)), ""),
    "a gzip file of more than 2 GiB": (packed((HEAD, 1), (b" " * 4 * MIB, 513)), "without a unit"),
    "UTF-8 with a mark, declared UTF-16": (
        written("Sor.xml", b"\xef\xbb\xbf" + GOOD.replace('"utf-8"', '"utf-16"').encode()),
        "declared encoding",
    ),
    "UTF-8 with a mark, declared Latin-1": (
        written("Sor.xml", b"\xef\xbb\xbf" + GOOD.replace('"utf-8"', '"iso-8859-1"').encode()),
        "declared encoding",
    ),
    "UTF-8 with a mark, declared UTF-7": (
        written("Sor.xml", b"\xef\xbb\xbf" + GOOD.replace('"utf-8"', '"utf-7"').encode()),
        "encoding",
    ),
    "UTF-16 declared UTF-8": (written("Sor.xml", GOOD.encode("utf-16")), "declared encoding"),
    "Latin-1 declared UTF-8": (written("Sor.xml", GOOD.encode("latin-1")), "declared encoding"),
}
ARCHIVES = {
    "3 GiB by the header": (lying(3 * 1024**3, [(GOOD_BYTES, 1)]), "3,221,225,472|GiB"),
    "2.5 GiB though the header says 1 KB": (lying(1000, [(b"<x/>" * MIB, 640)]), ""),
    "2.5 GiB though the header says 2 GB": (lying(2_000_000_000, [(HEAD, 1), (b" " * MIB, 2560)]), ""),
    "../../x": (named(b"../../x", b"Sor.xml"), "outside"),
    "../../Sor.xml": (named(b"../../Sor.xml"), "outside"),
    "an absolute path": (named(b"/tmp/Sor.xml"), "outside"),
    "a backslash path": (named(b"..\\..\\Sor.xml"), "outside"),
    "a drive": (named(b"C:\\Sor.xml"), "outside"),
    "two in different case": (named(b"Sor.xml", b"SOR.XML"), "2 entries"),
    "two with one name": (named(b"Sor.xml", b"Sor.xml"), "2 entries"),
    "no register": (archive(stored(b"Other.txt", b"Dear sir")), "Other.txt: text"),
    "no entry at all": (named(), "no entries"),
    "an encrypted entry": (archive(stored(b"Sor.xml", GOOD_BYTES, flags=1)), "encrypted"),
    "bzip2": (written("Sor.zip", zip_of(GOOD_BYTES, zipfile.ZIP_BZIP2)), "deflated"),
    "lzma": (written("Sor.zip", zip_of(GOOD_BYTES, zipfile.ZIP_LZMA)), "deflated"),
    "an unknown method": (archive(Entry(name=b"Sor.xml", packed=[(GOOD_BYTES, 1)], method=97)), ""),
    "a cut zip": (written("Sor.zip", zip_of(GOOD_BYTES)[:-200]), "cut off"),
    "a zip cut to its first bytes": (written("Sor.zip", zip_of(GOOD_BYTES)[:10]), "cut off"),
    "a zip broken inside": (written("Sor.zip", broken(zip_of(GOOD_BYTES), 300)), "damaged"),
    "a zip with a wrong sum": (
        archive(Entry(name=b"Sor.xml", packed=[(GOOD_BYTES, 1)], method=0, size=len(GOOD_BYTES))),
        "damaged",
    ),
    "a cut gzip file": (written("Sor.xml.gz", gzip.compress(GOOD_BYTES)[:-100]), "cut off"),
    "a gzip file cut in its head": (written("Sor.xml.gz", gzip.compress(GOOD_BYTES)[:5]), "cut off"),
    "a gzip file with a wrong sum": (
        written("Sor.xml.gz", broken(gzip.compress(GOOD_BYTES), -6)),
        "damaged",
    ),
    "gzip in gzip": (
        written("Sor.xml.gz", gzip.compress(gzip.compress(GOOD_BYTES))),
        "gzip file inside",
    ),
    "zip in zip": (written("Sor.zip", zip_of(zip_of(GOOD_BYTES))), ""),
    "bz2 alone": (written("Sor.xml.bz2", bz2.compress(GOOD_BYTES)), "a bzip2 file"),
    "xz alone": (written("Sor.xml.xz", lzma.compress(GOOD_BYTES)), "an xz file"),
    "a page": (
        written("Sor.zip", "<html><title>Request\x1b[31m Rejected</title></html>"),
        r"an HTML page with the title Request⟨U\+001B⟩\[31m Rejected",
    ),
}  # fmt: skip
HARMLESS = {
    "zip in gzip": written("Sor.zip.gz", gzip.compress(zip_of(GOOD_BYTES))),
    "another name": written("Sor.zip", zip_of(GOOD_BYTES, name="SORXMLv3")),
    "SOR.XML in a folder": written("Sor.zip", zip_of(GOOD_BYTES, name="natlig/SOR.XML")),
    "stored": written("Sor.zip", zip_of(GOOD_BYTES, zipfile.ZIP_STORED)),
    "UTF-16": written("Sor.xml", GOOD.replace('"utf-8"', '"utf-16"').encode("utf-16")),
    "200 nested unknown elements": written(
        "Sor.xml", HEAD + FIRST + NESTED[0] + b"t" + NESTED[1] + UNIT_END + END
    ),
    "200 nested unknown elements, two of each": written(
        "Sor.xml", HEAD + FIRST + b"<d>1</d><d>".join([b""] * 200) + b"</d>" * 199 + UNIT_END + END
    ),
    "10,000 specialities that are more than a code": written(
        "Sor.xml", HEAD + FIRST + SPECIALITY * 10_000 + UNIT_END + END
    ),
    "a long comment": written("Sor.xml", spoiled("<SorTree", f"<!--{'a' * 500_000}--><SorTree")),
}


def check(folder: Path, make: Callable[[Path], Path]) -> Ran:
    ran = sordiff(folder, "check", make(folder).name, env={"TMPDIR": str(folder)}, forked=True)
    assert ran.seconds < SECONDS
    assert ran.memory < MEMORY
    assert "Traceback" not in ran.stderr
    assert "unexpected" not in ran.stderr
    return ran


@pytest.mark.parametrize(
    ("make", "words"), [*XML.values(), *ARCHIVES.values()], ids=[*XML, *ARCHIVES]
)
def test_a_plain_refusal(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    ran = check(tmp_path, make)
    assert ran.exit == 5, ran.stderr[:SAID]
    assert not ran.stdout
    assert len(ran.stderr) < SAID, ran.stderr[:500]
    first, *others = ran.stderr.splitlines()
    assert re.match(
        r"sordiff: error: .*\bSor\.[a-z.0-9]+.*\. [^.]+; nothing was changed\.$",
        first,
    )
    assert all(line.startswith("sordiff:   ") for line in others)
    assert len(others) in range(22)
    assert re.search(words, ran.stderr), ran.stderr
    assert "root:" not in ran.stderr, "nothing of /etc/passwd is told"
    # Nothing is unpacked to disk, here or where an entry would lead.
    assert len(list(tmp_path.iterdir())) == 1
    assert not (tmp_path.parent.parent / "x").exists()


@pytest.mark.parametrize("make", HARMLESS.values(), ids=HARMLESS)
def test_odd_but_harmless(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    ran = check(tmp_path, make)
    assert (ran.exit, ran.stderr) == (0, "")


@pytest.mark.parametrize("command", ["check", "ingest"])
def test_a_file_name_that_is_not_utf_8(tmp_path: Path, command: str) -> None:
    name = os.fsdecode(b"S\xe6r.xml")
    (tmp_path / name).write_bytes(GOOD_BYTES)
    for more in ((), ("--format", "json")) if command == "check" else ((), ("--dry-run",)):
        ran = sordiff(tmp_path, command, name, *more, forked=True)
        assert ran.exit == 0
        # The register is of 2024, so that its second coming is told of as late.
        assert ran.stderr == "" or "already recorded" in ran.stderr
        assert ran.stdout
    (tmp_path / name).write_bytes(GOOD_BYTES[:-20])
    ran = sordiff(tmp_path, command, name, forked=True)
    assert ran.exit == 5
    assert "S\\xe6r.xml" in ran.stderr
