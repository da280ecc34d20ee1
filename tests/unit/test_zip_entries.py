"""Which entry of a zip is the register, and which entries no archive of SOR has."""

import gzip
import zipfile
from pathlib import Path

import pytest

from sordiff.errors import SnapshotRefused
from sordiff.render.language import catalogue
from sordiff.snapshot import read_snapshot
from tests.making.archives import ENCRYPTED, STORED, Entry, Packed, deflated, zipped
from tests.unit.small_snapshot import GOOD, UNITS, problems, read, said

SOR = deflated(GOOD.encode())
OTHER = deflated(b"nothing to do with it")

PACKED_TWICE = "What is in it is packed once more: unpack the zip file, and give the file in it;"


def archive(*names: str, **more: Packed) -> bytes:
    entries = [Entry(name=name.encode(), packed=SOR) for name in names]
    return zipped([*entries, *(Entry(name=name.encode(), packed=p) for name, p in more.items())])


@pytest.mark.parametrize(
    "name", ["Sor.xml", "SOR.XML", "2024/Sor.xml", "./Sor.xml", "SORXMLv3.xml", "Sor.txt", "x"]
)
def test_the_entry_is_found_by_its_content(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, archive(name, readme=OTHER)).units.keys() == UNITS


@pytest.mark.parametrize("file", ["Sor.zip", "Sor.xml", "Sor.gz", "download", "Sor.ZIP"])
def test_a_zip_is_told_by_its_first_bytes(tmp_path: Path, file: str) -> None:
    assert read(tmp_path, archive("Sor.xml"), file).units.keys() == UNITS


@pytest.mark.parametrize(
    "names",
    [
        ("Sor.xml", "SOR.XML"),
        ("Sor.xml", "Sor.xml"),
        ("a/Sor.xml", "b/sor.xml"),
        ("Sor.xml", "2024/Sor.xml"),
    ],
)
def test_two_registers_in_one_zip_are_refused(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert said(tmp_path, archive(*names)) == [("archive.ambiguous", None)]


def test_two_files_of_data_types_are_refused(tmp_path: Path) -> None:
    both = archive("Sor.xml", **{"SorDataTypes.xml": OTHER, "sordatatypes.XML": OTHER})
    assert said(tmp_path, both) == [("archive.ambiguous", None)]


def test_a_zip_without_a_register_is_refused_with_what_is_in_it(tmp_path: Path) -> None:
    page = b"<!DOCTYPE html>\n<html><head><TITLE>Adgang\n n\xc3\xa6gtet &amp; slut</TITLE></head>"
    entries = {
        "Sor.html": page,
        "Sor.xsd": b"<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'/>",
        "more/types.xml": b"<Types/>",
        "Sor.pdf": b"%PDF-1.7",
        "inner.zip": zipped([]),
        "inner.gz": gzip.compress(b""),
        "units.csv": b"SorId;Name;ShakId\n1;a;b\n",
        "empty": b" \n",
        "one.json": b'{"a": 1}',
        "raw": b"MZ\x00\x01",
        "readme": b"nothing; to do with it",
    }
    (found,) = problems(tmp_path, archive(**{name: deflated(c) for name, c in entries.items()}))
    assert found.code == "archive.no_snapshot"
    assert found.message == (
        "no entry of the zip file is a snapshot; "
        "Sor.html: an HTML page with the title Adgang nægtet & slut; Sor.xsd: an XML schema; "
        "more/types.xml: XML with the root element Types; Sor.pdf: a PDF document; "
        "inner.zip: a zip file; inner.gz: a gzip file; "
        "units.csv: a table with the columns SorId, Name, ShakId; empty: empty; "
        "one.json: JSON; raw: binary data; readme: text"
    )
    assert catalogue("da").sentence(found.message) == (
        "ingen fil i zip-filen er et udtræk; "
        "Sor.html: en HTML-side med titlen Adgang nægtet & slut; Sor.xsd: et XML-skema; "
        "more/types.xml: XML med rodelementet Types; Sor.pdf: et PDF-dokument; "
        "inner.zip: en zip-fil; inner.gz: en gzip-fil; "
        "units.csv: en tabel med kolonnerne SorId, Name, ShakId; empty: tom; "
        "one.json: JSON; raw: binære data; readme: tekst"
    )


def test_an_empty_zip_and_a_workbook_are_refused(tmp_path: Path) -> None:
    assert said(tmp_path, archive()) == [("archive.no_snapshot", None)]
    (found,) = problems(tmp_path, archive(**{"xl/workbook.xml": OTHER}))
    assert found.message == "the file is an Excel workbook"


def test_two_registers_are_told_with_what_else_is_there(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, archive("Sor.xml", "Sor_v3.xml", readme=OTHER))
    assert found.message == (
        "2 entries of the zip file could be the snapshot; Sor.xml: the XML of SOR; "
        "Sor_v3.xml: the XML of SOR; readme: text"
    )


def test_an_older_copy_does_not_stand_for_a_broken_register(tmp_path: Path) -> None:
    both = archive("old/Sor_2023.xml", **{"Sor.xml": deflated(b"")})
    assert said(tmp_path, both) == [("archive.ambiguous", None)]


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        "../Sor.xml",
        "a/../../Sor.xml",
        "/etc/cron.d/x",
        "/Sor.xml",
        "//server/share/Sor.xml",
        "..\\..\\x",
        "a\\..\\..\\x",
        "\\Sor.xml",
        "C:\\Windows\\x",
        "C:x",
        "..",
    ],
)
def test_an_entry_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    content = archive(name) if "Sor" in name else archive("Sor.xml", **{name: OTHER})
    before = sorted(tmp_path.rglob("*"))
    assert said(tmp_path, content) == [("archive.path", None)]
    assert sorted(tmp_path.rglob("*")) == [*before, tmp_path / "Sor.xml"]
    assert not (tmp_path.parent / "x").exists()


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    content = zipped([Entry(name=b"Sor.xml", packed=SOR, flags=ENCRYPTED)])
    assert said(tmp_path, content) == [("archive.encrypted", None)]
    with pytest.raises(SnapshotRefused) as caught:
        read(tmp_path, content)
    assert "with its password" in caught.value.advice
    beside = [Entry(name=b"readme", packed=OTHER, flags=ENCRYPTED), Entry(name=b"S", packed=SOR)]
    assert said(tmp_path, zipped(beside)) == [("archive.encrypted", None)]


def test_directory_and_header_must_agree(tmp_path: Path) -> None:
    assert problems(tmp_path, zipped([Entry(name=b"Sor.xml", packed=SOR, local_name=b"Sor.xmm")]))
    assert problems(tmp_path, zipped([Entry(name=b"Sor.xml", packed=SOR, offset=7)]))
    assert problems(tmp_path, zipped([Entry(name=b"Sor.xml", packed=SOR, offset=2**31)]))
    utf8 = 0x800
    assert problems(tmp_path, zipped([Entry(name=b"Sor\xff.xml", packed=SOR, flags=utf8)]))


def test_a_folder_or_an_empty_entry_of_that_name_is_no_register(tmp_path: Path) -> None:
    nothing = Packed(data=b"", size=0, crc=0)
    for name in (b"Sor.xml", b"Sor.xml/"):
        assert problems(tmp_path, zipped([Entry(name=name, packed=nothing, method=STORED)]))


def test_a_zip_of_thousands_of_entries_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as many:
        for number in range(5000):
            many.writestr(f"{number}.txt", b"")
        many.writestr("Sor.xml", GOOD)
    assert said(tmp_path, path.read_bytes()) == [("archive.entries", None)]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (archive("Sor.xml", "Sor_v3.xml"), "Unpack the one that is meant, and give that file;"),
        (archive(**{"xl/workbook.xml": OTHER}), "Give the file as the register delivers it;"),
        (archive(), "Fetch the file again;"),
        (archive(readme=OTHER), "Fetch the file again;"),
        (
            archive(table=deflated(b"SorId,SorType\n"), readme=OTHER),
            "Give the file as the register delivers it;",
        ),
        *(
            (archive(**{"Sor.xml.gz": deflated(packed), "readme": OTHER}), PACKED_TWICE)
            for packed in (gzip.compress(GOOD.encode()), archive("Sor.xml"))
        ),
    ],
)
def test_what_to_do_is_what_helps(tmp_path: Path, content: bytes, advice: str) -> None:
    path = tmp_path / "given.zip"
    path.write_bytes(content)
    with pytest.raises(SnapshotRefused) as refused:
        read_snapshot(path)
    assert refused.value.advice == f"{advice} nothing was changed."
