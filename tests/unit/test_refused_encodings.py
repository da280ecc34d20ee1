"""Only a file in its declared encoding, and one that can't hide a DOCTYPE, is read."""

import codecs
from pathlib import Path

import pytest

from tests.unit.small_snapshot import GOOD, UNITS, line_of, problems, read, said

BODY = GOOD.partition("?>")[2]
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
}


def written(declared: str, encoding: str, *, mark: bool = False) -> bytes:
    text = f'<?xml version="1.0" encoding="{declared}"?>{BODY}'
    return MARKS.get(encoding, b"") * mark + text.encode(encoding)


@pytest.mark.parametrize(
    "content",
    [
        written("utf-8", "utf-8"),
        written("UTF-8", "utf-8", mark=True),
        written("utf-16", "utf-16-le", mark=True),
        written("UTF-16", "utf-16-be", mark=True),
        written("iso-8859-1", "latin-1"),
        written("windows-1252", "cp1252"),
        BODY.strip().encode(),
        MARKS["utf-8"] + BODY.strip().encode(),
        GOOD.replace('"', "'").encode(),
    ],
    ids=[
        "utf-8",
        "utf-8 marked",
        "utf-16 le",
        "utf-16 be",
        "latin-1",
        "windows-1252",
        "undeclared",
        "marked, undeclared",
        "single quotes",
    ],
)
def test_these_encodings_are_read(tmp_path: Path, content: bytes) -> None:
    units = read(tmp_path, content).units
    assert units.keys() == UNITS
    assert "Lægehus Ærø" in {unit.name for unit in units.values()}


@pytest.mark.parametrize(
    "content",
    [
        written("utf-8", "latin-1"),
        written("us-ascii", "latin-1"),
        BODY.strip().encode("latin-1"),
        MARKS["utf-8"] + written("utf-8", "latin-1"),
        GOOD.encode().replace("Æ".encode(), b"\xed\xa0\x80"),
        GOOD.encode().replace("Æ".encode(), b"\xc0\x80"),
        GOOD.encode().replace("Æ".encode(), b"\xc3"),
        written("windows-1252", "cp1252").replace("Æ".encode("cp1252"), b"\x81"),
    ],
    ids=[
        "utf-8",
        "ascii",
        "undeclared",
        "marked",
        "surrogate",
        "overlong",
        "half a letter",
        "windows-1252",
    ],
)
def test_bytes_that_are_not_the_declared_encoding(tmp_path: Path, content: bytes) -> None:
    (found,) = problems(tmp_path, content)
    assert found.code == "encoding"
    # The parser decodes in blocks: the line is that of the block at the latest.
    assert found.line is not None
    assert found.line <= line_of("Ærø")


@pytest.mark.parametrize(
    "content",
    [
        written("iso-8859-1", "utf-8", mark=True),
        written("windows-1252", "utf-8", mark=True),
        written("utf-16", "utf-8", mark=True),
        written("utf-7", "utf-8", mark=True),
        written("utf-8", "utf-16-le", mark=True),
        written("utf-8", "utf-16-be", mark=True),
        written("iso-8859-1", "utf-16-le", mark=True),
        written("utf-8", "utf-16-le"),
        written("utf-16", "utf-8"),
        written("utf-16-le", "utf-16-be", mark=True),
    ],
)
def test_a_mark_that_contradicts_the_declaration_is_refused(tmp_path: Path, content: bytes) -> None:
    assert problems(tmp_path, content)[0].code in {"encoding", "not_well_formed"}


@pytest.mark.parametrize(
    "name",
    [
        "utf-7",
        "UTF7",
        "klingon",
        "hz-gb-2312",
        "iso-2022-jp",
        "iso-2022-kr",
        "ebcdic-cp-us",
        "utf-32",
        "ucs-4",
        "",
        "x" * 1000,
        "utf-8;q=1",
    ],
)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_other_encodings_are_refused_by_name(tmp_path: Path, name: str, quote: str) -> None:
    declared = f"<?xml version={quote}1.0{quote}\n  encoding = {quote}{name}{quote}?>"
    found = problems(tmp_path, declared + BODY)
    assert [problem.code for problem in found] == ["encoding"]
    assert found[0].line in {1, 2}


def test_an_encoding_declared_far_behind_is_found(tmp_path: Path) -> None:
    declared = f'<?xml version="1.0"{" " * 200_000}encoding="utf-7"?>'
    assert said(tmp_path, declared + BODY)[0][0] == "encoding"


HIDDEN = "<!DOCTYPE SorTree [<!ENTITY a 'b'>]>"


def test_markup_hidden_by_utf_7_is_never_markup(tmp_path: Path) -> None:
    hidden = "+ADwAIQ-DOCTYPE SorTree+AD4-"
    for declared in ("utf-7", "UTF-7", "unicode-1-1-utf-7"):
        content = f'<?xml version="1.0" encoding="{declared}"?>{hidden}{BODY}'
        assert said(tmp_path, content)[0][0] == "encoding"


@pytest.mark.parametrize(
    "encoding", ["utf-32-le", "utf-32-be", "utf-32", "cp037", "cp500", "utf-7"]
)
def test_a_doctype_in_an_encoding_that_nobody_expects(tmp_path: Path, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{HIDDEN}{BODY}'
    codes = {code for code, _ in said(tmp_path, text.encode(encoding, "xmlcharrefreplace"))}
    assert codes & {"doctype", "encoding", "not_well_formed"}
