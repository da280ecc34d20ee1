"""What a file is, told by its first bytes: every kind, in every encoding and with every decoration."""

import time

import pytest

from sordiff.snapshot.source.content_kind import REWRITTEN, TABLES, ContentKind, recognise
from sordiff.snapshot.source.streams import HEAD_LENGTH

DANISH = (
    "Enhedsnavn;Enhedstype;SOR-type;Gaeldende_fra_dato;SOR-kode;Parent-SOR-kode\nLægehus;praksis;SI"
)
SOR2 = 'SorId;SorType;EntityName;EntityTypeId\n"=""1""";SI;Lægehus;2'
KINDS = {
    "<SorTree xmlns='urn:oio:nsi:2.0.0'>": ContentKind.SOR_XML,
    "<?xml version='1.0'?>\n<!-- a -->\r\n<s:SorTree xmlns:s='urn:x:3'>": ContentKind.SOR_XML,
    "<!DOCTYPE SorTree [<!ENTITY a 'b'>]>\n<SorTree>": ContentKind.SOR_XML,
    "<!DOCTYPE html><SorTree/>": ContentKind.SOR_XML,
    "<SorDataTypes><A/></SorDataTypes>": ContentKind.OTHER_XML,
    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>": ContentKind.XML_SCHEMA,
    f"<!--{' ' * 70_000}--><SorTree/>": ContentKind.UNTOLD_XML,
    "<!-- maintenance --><html lang='da'><body>": ContentKind.HTML,
    "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html xmlns='z'>": ContentKind.HTML,
    "\n <Script>location = 'x'</Script>": ContentKind.HTML,
    DANISH: ContentKind.SOR_CSV,
    DANISH.upper(): ContentKind.SOR_CSV,
    DANISH.replace("\n", "\r\n"): ContentKind.SOR_CSV,
    SOR2: ContentKind.SOR2_ENTITIES,
    SOR2.replace("SorId", '"SorId"').replace("EntityName", '"entityname "'): (
        ContentKind.SOR2_ENTITIES
    ),
    SOR2.replace(";", ","): ContentKind.COMMA_TABLE,
    DANISH.replace(";", "\t"): ContentKind.TAB_TABLE,
    SOR2.replace("\n", "\r"): ContentKind.RETURN_TABLE,
    "sep=;\n" + SOR2: ContentKind.SEPARATOR_TABLE,
    '"sep=;"\r\n' + DANISH: ContentKind.SEPARATOR_TABLE,
    "Sep=,\n" + SOR2.replace(";", ","): ContentKind.COMMA_TABLE,
    "sep=;": ContentKind.TEXT,
    "ReplacedSorId;ReplacingSorId;Date;\n1;2;3;": ContentKind.OTHER_TABLE,
    '{"a": 1}': ContentKind.JSON,
    "Dear sir; or madam": ContentKind.TEXT,
    " \r\n": ContentKind.EMPTY,
    "": ContentKind.EMPTY,
}
ENCODINGS = ("utf-8", "utf-8-sig", "latin-1", "utf-16")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", KINDS)
def test_each_kind_in_each_encoding(text: str, encoding: str) -> None:
    kind = KINDS[text]
    if encoding == "utf-16" and kind in TABLES | REWRITTEN:
        kind = ContentKind.UTF16_TABLE  # which no table of the register is written in
    assert recognise(text.encode(encoding)[:HEAD_LENGTH]).kind is kind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04\x14", ContentKind.ZIP),
        (b"\x1f\x8b\x08", ContentKind.GZIP),
        (b"BZh91AY", ContentKind.BZIP2),
        (b"\xfd7zXZ\x00\x00", ContentKind.XZ),
        (b"\x28\xb5\x2f\xfd\x04", ContentKind.ZSTANDARD),
        (b"7z\xbc\xaf\x27\x1c\x00", ContentKind.SEVEN_ZIP),
        (b"Rar!\x1a\x07", ContentKind.RAR),
        (b"%PDF-1.7\n", ContentKind.PDF),
        (b"SQLite format 3\x00\x10", ContentKind.SQLITE),
        (b"MZ\x00\x00", ContentKind.BINARY),
    ],
)
def test_what_is_no_text(head: bytes, kind: ContentKind) -> None:
    assert recognise(head).kind is kind


def test_columns_are_told_as_written_without_quotes() -> None:
    assert recognise(SOR2.encode()).columns == ("SorId", "SorType", "EntityName", "EntityTypeId")
    quoted = SOR2.replace("SorType", '" SorType "').encode("utf-8-sig")
    assert recognise(quoted).columns == ("SorId", "SorType", "EntityName", "EntityTypeId")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        (b"<title>Request Rejected</title>", "Request Rejected"),
        (b"<TITLE lang='da'>\n Adgang\r\n n\xc3\xa6gtet </TITLE>", "Adgang nægtet"),
        (b"<title>Adgang n\xe6gtet</title>", "Adgang nægtet"),
        (b"<title>K&oslash; &amp; vent</title>", "Kø & vent"),
        (b"<title>\x1b[31mred\xe2\x80\xae</title>", "⟨U+001B⟩[31mred⟨U+202E⟩"),
        (b"<title> </title>", None),
        (b"<title>never ended", None),
        (b"<h1>none</h1>", None),
    ],
)
def test_the_title_of_a_page(title: bytes, told: str | None) -> None:
    assert recognise(b"<html><head>" + title).title == told


def test_a_character_cut_off_at_the_end_of_the_head_spoils_nothing() -> None:
    page = "<html><title>Kø</title>".encode()
    filled = page + b" " * (HEAD_LENGTH - len(page) - 1) + "ø".encode()
    assert recognise(filled[:HEAD_LENGTH]).title == "Kø"


@pytest.mark.parametrize(
    "head",
    [
        b"<title" * 11_000,
        b"<html><title>" * 5_000,
        b"<!DOCTYPE a[" + b"] ]" * 21_000,
        b"a;" * 32_768,
        b"<!--" * 16_384,
        b"<?a ?>" * 10_922,
        b"<!DOCTYPE " * 6_500,
    ],
)
def test_no_head_takes_long(head: bytes) -> None:
    began = time.process_time()
    recognise(head[:HEAD_LENGTH])
    assert time.process_time() - began < 0.5
