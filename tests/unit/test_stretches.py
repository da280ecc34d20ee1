"""The plain road by stretches: what it leaves to the parser, what it looks up, and what a worker reads for it."""

import random
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest

from sordiff.snapshot import KnownRecords, ReadOptions
from sordiff.snapshot.fast import halves
from sordiff.snapshot.plain.stream_reader import read_xml_stream
from sordiff.snapshot.snapshot import SnapshotContent
from sordiff.snapshot.source.kept_stream import KeptStream
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.stretches import read_stretches
from sordiff.snapshot.stretches.read_stretches import read_xml_stretches
from sordiff.snapshot.stretches.stretch_reader import StretchReader
from tests.full_disk import no_file_larger_than
from tests.making.growing import random_register
from tests.making.plain import copy_register, walk
from tests.making.xml import Layout, write_snapshot
from tests.roads.roads import plainly, text_of, tomorrow

OWNER = "<InstitutionOwnerEntity>"
OWNER_END = "</InstitutionOwnerEntity>"
_A_UNIT = (
    "<OrganizationalUnitEntity><OrganizationalUnit><sor1:SorIdentifier>777</sor1:SorIdentifier>"
    "<Odd>1</Odd><Odd/></OrganizationalUnit></OrganizationalUnitEntity>"
)


def _stretches(
    content: bytes, options: ReadOptions | None = None, file: Path | None = None
) -> SnapshotContent:
    return read_xml_stretches(
        PeekedStream(BytesIO(content), file=file), "Sor.xml", options or ReadOptions(), None
    )


def _elements(content: bytes, options: ReadOptions | None = None) -> SnapshotContent:
    return read_xml_stream(
        PeekedStream(BytesIO(content)), "Sor.xml", options or ReadOptions(), None
    )


_LINES = ReadOptions(note_lines=True)


def _night(seed: int = 5, units: int = 120) -> str:
    return text_of(plainly(random_register(random.Random(seed), units=units)))


@pytest.fixture
def left_to_parser(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The owners that no stretch reader takes."""
    found: list[bytes] = []
    read = StretchReader.read

    def look(self: StretchReader, content: bytes, start: int, end: int, **how: int) -> object:
        owner = read(self, content, start, end, **how)  # type: ignore[arg-type]
        if owner is None:
            found.append(content[start:end])
        return owner

    monkeypatch.setattr(StretchReader, "read", look)
    return found


def _put(text: str, what: str, behind: str, nth: int = 2) -> str:
    parts = text.split(behind)
    assert len(parts) > nth + 1
    return behind.join(parts[: nth + 1]) + what + behind + behind.join(parts[nth + 1 :])


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize("indent", ["\t", None])
def test_nothing_of_an_ordinary_file_is_left_to_the_parser(
    left_to_parser: list[bytes], version: int, indent: str | None
) -> None:
    register = plainly(random_register(random.Random(1), units=80))
    content = write_snapshot(register, version=version, layout=Layout(indent=indent))  # type: ignore[arg-type]
    read = _stretches(content, _LINES)
    assert read == _elements(content, _LINES)
    assert read.lines.keys() == read.units.keys() == {unit.sor_id for unit in walk(register)}
    assert left_to_parser == []


@pytest.mark.parametrize(
    "odd",
    [
        "<!-- x -->",
        f"<!-- {OWNER_END}{OWNER} -->".replace(OWNER_END, ""),
        "<?x y?>",
        "<Note>x</Note>",
        "x",
        "<![CDATA[x]]>",
        '<Note xmlns="urn:other">x</Note>',
        _A_UNIT,
    ],
)
@pytest.mark.parametrize("place", [OWNER, "<InstitutionOwner>", OWNER_END, "</InstitutionOwner>"])
def test_what_is_odd_in_one_owner_costs_that_owner(
    left_to_parser: list[bytes], odd: str, place: str
) -> None:
    content = _put(_night(), odd, place).encode()
    if place == OWNER and odd in {"x", "<![CDATA[x]]>"}:
        pytest.skip("text beside the owners")
    assert _stretches(content, _LINES) == _elements(content, _LINES)
    assert len(left_to_parser) <= 1


@pytest.mark.parametrize("odd", ["<!-- made by hand -->", "<?x y?>", "\n\n"])
def test_the_head_may_have_what_is_odd(left_to_parser: list[bytes], odd: str) -> None:
    text = _night()
    for place in ("<SorTree", "<sor1:SnapshotDate>", OWNER):
        content = text.replace(place, odd + place, 1).encode()
        assert _stretches(content, _LINES) == _elements(content, _LINES)
    assert left_to_parser == []


@pytest.mark.parametrize(
    "hidden",
    [f"<!-- {OWNER_END} -->", f"<?x {OWNER_END}?>", f"<![CDATA[{OWNER_END}]]>"],
)
def test_an_end_that_is_none_is_left_to_the_elements(hidden: str) -> None:
    content = _put(_night(), hidden, OWNER_END).encode()
    with pytest.raises(UnsureError):
        _stretches(content)
    assert _elements(content).units


def test_text_beside_the_owners_is_left_to_the_elements() -> None:
    content = _put(_put(_night(), "x", OWNER), "y", OWNER, nth=5).encode()
    with pytest.raises(UnsureError):
        _stretches(content)
    assert _elements(content).header.other == {"text()": "x y"}


def test_the_parser_is_told_the_namespaces_as_they_are(left_to_parser: list[bytes]) -> None:
    """It sees a root of our own, whose declarations must say the same."""
    text = _night().replace("<SorTree ", """<SorTree xmlns:odd="urn:a&amp;'b'" """, 1)
    noted = _put(text, "<odd:Note>x</odd:Note>", "</InstitutionOwner>")
    content = _put(noted, "<!-- x -->", OWNER_END).encode()
    read = _stretches(content)
    assert read == _elements(content)
    assert len(left_to_parser) == 1
    said = [path for unit in read.units.values() for path in unit.other]
    assert said == ["{urn:a&'b'}Note"]


def test_what_is_unknown_of_known_records_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _night().replace("</InstitutionOwner>", "<Level>aaaaaaaaaa</Level></InstitutionOwner>")
    count = text.count("</InstitutionOwner>")
    monkeypatch.setattr(read_stretches, "MAX_UNKNOWN_TEXT", 25 * count)
    options = ReadOptions(known=KnownRecords())
    assert _stretches(text.encode(), options).units
    assert _stretches(text.encode(), options).units
    longer = text.replace(">aaaaaaaaaa<", f">{'b' * 10 * count}<", 1)
    with pytest.raises(UnsureError):
        _stretches(longer.encode(), options)


def test_a_finding_names_the_line_of_the_file(left_to_parser: list[bytes]) -> None:
    text = _night()
    place = text.index("OnlyInternalIndicator>false", len(text) // 2)
    text = text[:place] + text[place:].replace(">false", ">perhaps", 1)
    read = _stretches(text.encode())
    assert read.findings == _elements(text.encode()).findings
    line = text.count("\n", 0, place) + 1
    assert [f"line {line}: " in finding.message for finding in read.findings] == [True]
    assert len(left_to_parser) == 1


def test_a_finding_names_the_line_of_a_long_file() -> None:
    text = _night(units=300)
    begin, end = text.index(OWNER), text.rindex("</SorTree>")
    owners, ids = text[begin:end], 0
    many: list[str] = []
    while sum(part.count("\n") for part in many) < 140_000:
        many.append(owners.replace("000016", f"0{ids:03}16"))
        ids += 1
    many[-2] = many[-2].replace("OnlyInternalIndicator>false", "OnlyInternalIndicator>perhaps", 1)
    content = (text[:begin] + "".join(many) + text[end:]).encode()
    read = _stretches(content, _LINES)
    assert read.findings
    assert read == _elements(content, _LINES)


def _in_two_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halves, "_MIN_SIZE_FOR_WORKER", 0)
    monkeypatch.setattr(halves, "has_second_core", lambda: True)


def test_a_worker_reads_the_second_part(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _in_two_parts(monkeypatch)
    file = tmp_path / "Sor.xml"
    file.write_bytes(_night(units=400).encode())
    read_here: list[int] = []
    look = StretchReader.read

    def read(self: StretchReader, content: bytes, start: int, end: int, **how: int) -> object:
        read_here.append(end - start)
        return look(self, content, start, end, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(StretchReader, "read", read)
    assert _stretches(file.read_bytes(), file=file) == _elements(file.read_bytes())
    assert file.stat().st_size * 0.4 < sum(read_here) < file.stat().st_size * 0.9


@pytest.mark.parametrize("other", [None, b"", b"x" * 100_000, _night(seed=6, units=400).encode()])
def test_nothing_depends_on_the_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, other: bytes | None
) -> None:
    """The file is gone, or another one, when the worker comes to open it."""
    _in_two_parts(monkeypatch)
    content = _night(units=400).encode()
    file = tmp_path / "Sor.xml"
    file.write_bytes(content)
    stream = PeekedStream(BytesIO(content), file=file)
    if other is None:
        file.unlink()
        file.symlink_to("/dev/null")
    else:
        file.write_bytes(other)
    read = read_xml_stretches(stream, "Sor.xml", ReadOptions(), None)
    assert read == _elements(content)


def test_one_id_in_both_parts_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _in_two_parts(monkeypatch)
    text = _night(units=400)
    first, last = text.index(OWNER), text.rindex(OWNER)
    twice = text[first : text.index(OWNER_END, first) + len(OWNER_END)]
    file = tmp_path / "Sor.xml"
    file.write_text(text[:last] + twice + text[last:], encoding="utf-8")
    with pytest.raises(UnsureError):
        _stretches(file.read_bytes(), file=file)


def test_what_both_nights_have_is_read_once_and_kept_once(left_to_parser: list[bytes]) -> None:
    register = plainly(random_register(random.Random(5), units=120))
    second = tomorrow(register)
    for unit in [*walk(second)][::10]:
        unit.name = "Omdøbt"
    old, new = (text_of(night).encode() for night in (register, second))
    options = ReadOptions(known=KnownRecords())
    before, after = _stretches(old, options), _stretches(new, options)
    assert after == _elements(new)
    shared = {i for i, unit in after.units.items() if unit is before.units.get(i)}
    assert shared == {i for i, unit in after.units.items() if unit == before.units.get(i)}
    assert 0 < len(shared) < len(after.units)
    assert left_to_parser == []


def test_a_known_record_below_another_unit_has_that_parent() -> None:
    register = plainly(random_register(random.Random(7), units=60))
    other = copy_register(register)
    first, last = other.units[0], other.units[-1]
    last.children, first.children = first.children, last.children
    options = ReadOptions(known=KnownRecords())
    _stretches(text_of(register).encode(), options)
    content = text_of(other).encode()
    assert _stretches(content, options) == _elements(content)


@pytest.mark.parametrize("versions", [(1, 2), (2, 3), (2, 2)])
def test_under_another_root_nothing_is_known(versions: tuple[int, int]) -> None:
    register = plainly(random_register(random.Random(7), units=60))
    old, new = (
        write_snapshot(register, version=version, layout=Layout())  # type: ignore[arg-type]
        for version in versions
    )
    if versions == (2, 2):
        new = new.replace(b'kms="http://rep.oio.dk', b'kms="http://other.dk')
    options = ReadOptions(known=KnownRecords())
    _stretches(old, options)
    assert _stretches(new, options) == _elements(new)


def test_of_a_file_that_was_not_read_to_its_end_nothing_is_known() -> None:
    content = _night().encode()
    options = ReadOptions(known=KnownRecords())
    with pytest.raises(UnsureError):
        _stretches(content[:-20], options)
    assert _stretches(content, options) == _elements(content)


@pytest.mark.parametrize("sizes", [(1, 7), (4, 3), (100, 100), (7, 1)])
def test_a_kept_stream_gives_all_again(sizes: tuple[int, int]) -> None:
    content = bytes(range(50))
    for taken in range(60):
        with ExitStack() as stack:
            kept = KeptStream(stack, BytesIO(content))
            first = b""
            while len(first) < taken and (chunk := kept.read(sizes[0])):
                first += chunk
            kept.rewind()
            again = b"".join(iter(lambda: kept.read(sizes[1]), b""))  # noqa: B023  # used at once
            assert content.startswith(first)
            assert again == content


def test_a_kept_stream_needs_no_room() -> None:
    content = random.Random(1).randbytes(300_000)
    with ExitStack() as stack, no_file_larger_than(100_000):
        kept = KeptStream(stack, BytesIO(content))
        with pytest.raises(UnsureError):
            [*iter(lambda: kept.read(30_000), b"")]
        kept.rewind()
        assert b"".join(iter(lambda: kept.read(7_000), b"")) == content


class _Failing(BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        if not chunk:
            raise ValueError("damaged")
        return chunk


def test_a_stream_that_failed_fails_again_at_the_same_place() -> None:
    with ExitStack() as stack:
        kept = KeptStream(stack, _Failing(b"abc"))
        assert kept.read(10) == b"abc"
        with pytest.raises(ValueError, match="damaged"):
            kept.read(10)
        kept.rewind()
        assert kept.read(10) == b"abc"
        with pytest.raises(ValueError, match="damaged"):
            kept.read(10)
