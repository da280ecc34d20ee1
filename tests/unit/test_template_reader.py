"""The template reader reads what the plain road reads, or nothing, whatever the bytes are."""

import random
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import astuple

from sordiff.model import Kind, SorId, Unit
from sordiff.snapshot.fast import (
    record_layout,
    record_reader,
    tag_skeleton,
    template_reader,
    template_values,
)
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.root_frame import read_root_frame
from sordiff.snapshot.fast.template_reader import TemplateReader
from sordiff.snapshot.format.element_names import TEXTS
from sordiff.snapshot.format.text import NotSorError, fold_space
from sordiff.snapshot.plain.blocks import ReadContext
from sordiff.snapshot.plain.record_fields import read_record
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.unit_records import encode_unit
from tests.making.elements import Version
from tests.making.growing import DAY, random_register
from tests.making.plain import (
    PlainAddress,
    PlainContact,
    PlainNumber,
    PlainRegister,
    PlainUnit,
    twin,
)
from tests.making.strategies import registers
from tests.making.xml import Layout, random_layout, write_snapshot

DATA = Path(__file__).parents[2].parent / "shared" / "data"
FILES = [*sorted(DATA.glob("fragments/*.xml")), *sorted(DATA.glob("Sor-real-tree*.xml"))]
VERSIONS: tuple[Version, ...] = (1, 2, 3)
KINDS = {
    "InstitutionOwner": Kind.OWNER,
    "HealthInstitution": Kind.INSTITUTION,
    "OrganizationalUnit": Kind.ORGANIZATIONAL_UNIT,
}
RECORD = re.compile(rb"<((?:\w+:)?(%s))(?=[\s>]).*?</\1\s*>" % "|".join(KINDS).encode(), re.S)
ROOT = re.compile(rb"<(?:\w+:)?SorTree[^>]*>")
MORE = b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:x">'


class Root:
    """The root start tag of a file, and the template reader that is made from it."""

    def __init__(self, xml: bytes, *, without_layouts: int = 0) -> None:
        found = ROOT.search(xml)
        assert found
        self.start = found[0][:-1] + MORE
        name = found[0].split()[0][1:]
        self.end = b"</" + name + b">"
        root = etree.fromstring(self.start + self.end)
        self.tag = str(root.tag)
        self.templates = TemplateReader(self.tag, root.nsmap, without_layouts=without_layouts)


class Plain(NamedTuple):
    """What the plain road reads of a record; `sure` if it has no finding, `whole` if it also keeps nothing."""

    fields: dict[str, Any]
    sure: bool
    whole: bool


def well_formed(root: Root, record: bytes) -> etree._Element | None:
    parser = etree.XMLParser(remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(root.start + b"<w>" + record + b"</w>" + root.end, parser)[0]
    except etree.XMLSyntaxError:
        return None


def read_plainly(root: Root, record: bytes, kind: Kind) -> Plain | None:
    """None if it is refused, or is no record of this kind."""
    wrapper = well_formed(root, record)
    if (
        wrapper is None
        or len(wrapper) != 1
        or fold_space(wrapper.text)
        or fold_space(wrapper[0].tail)
    ):
        return None
    context = ReadContext("Sor.xml", root.tag)
    if KINDS.get(context.names[str(wrapper[0].tag)]) is not kind:
        return None
    try:
        fields = read_record(wrapper[0], kind, context)
    except NotSorError:
        return None
    return (
        None
        if context.problems
        else Plain(fields, not context.findings, not context.findings and not context.unknown_size)
    )


def summary_of(fields: dict[str, Any]) -> RecordSummary:
    number = fields["location_number"]
    return RecordSummary(
        sor_id=fields["sor_id"],
        to=fields.get("to"),
        first_from=fields.get("first_from"),
        number=number and number.number,
        number_to=number and number.to,
    )


def compare_roads(root: Root, record: bytes, kind: Kind) -> bool:
    """Compare the two roads; whether the template reader took the record."""
    unit = root.templates.read_unit(record, kind, SorId("7"))
    summary = root.templates.summarise(record, kind)
    if unit is None and summary is None:
        return False
    plain = read_plainly(root, record, kind)
    if unit is not None:
        assert plain is not None
        assert plain.sure
        expected = Unit(**plain.fields, parent_id=SorId("7"))
        assert unit == expected
        encoded = root.templates.encode_unit(record, kind, SorId("7"))
        assert encoded == (unit.sor_id, encode_unit(unit).encode())
        assert [*map(type, astuple(unit))] == [*map(type, astuple(expected))]
    if summary is not None and well_formed(root, record) is not None:
        assert plain is not None
        assert plain.sure
        assert summary == summary_of(plain.fields)
    return unit is not None and summary is not None


def records(xml: bytes) -> Iterator[tuple[bytes, Kind]]:
    for found in RECORD.finditer(xml):
        yield found[0], KINDS[found[2].decode()]


def share_taken(xml: bytes) -> float:
    """The share that is taken of the records of which the plain road keeps nothing and that declare no prefix."""
    root = Root(xml)
    taken = [
        compare_roads(root, record, kind)
        for record, kind in records(xml)
        if b"xmlns" not in record and (plain := read_plainly(root, record, kind)) and plain.whole
    ]
    return sum(taken) / len(taken)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_of_ordinary_records_nearly_all_are_taken(version: Version, newline: Any) -> None:
    register = random_register(random.Random(4), units=400)
    xml = write_snapshot(register, version=version, layout=Layout(newline=newline))
    assert share_taken(xml) >= 0.99


@pytest.mark.parametrize("layout", [Layout(indent=None), Layout(pad=True), Layout(prefixes="odd")])
def test_they_are_however_they_are_laid_out(layout: Layout) -> None:
    register = random_register(random.Random(5), units=300)
    assert share_taken(write_snapshot(register, layout=layout)) >= 0.99


def test_what_is_learnt_is_bounded_and_may_be_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in (
        (record_layout, "_MAX_LAYOUTS"),
        (template_reader, "_MAX_TEMPLATES"),
        (template_reader, "_MAX_DAYS"),
        (template_values, "_MAX_DAYS"),
    ):
        monkeypatch.setattr(module, name, 4)
    monkeypatch.setattr(tag_skeleton, "_MAX_TAGS", 4)
    xml = write_snapshot(random_register(random.Random(7), units=60))
    root = Root(xml)
    for record, kind in records(xml):
        compare_roads(root, record, kind)
    reader = root.templates
    learnt = (reader._templates, reader._days, reader._days_by_bytes, reader._skeletons._known)
    assert all(0 < len(kept) <= 4 for kept in (*learnt, reader._layouts._layouts))
    # A record's own days are put there at once.
    assert 0 < len(reader._sure_days) <= 8
    assert 0 < len(reader._layouts._sure_days) <= 8


def test_of_records_of_one_layout_only_the_texts_are_looked_at() -> None:
    for xml in RICH:
        root = Root(xml)
        layouts = root.templates._layouts
        for record, kind in records(xml):
            assert compare_roads(root, record, kind)
            other = record.replace(b">x y<", b'>"a" \\\\ &lt;c&gt; %b {} &amp;amp; \xc3\x98<')
            key, texts = layouts.split(other)
            layout = layouts.find(key)
            assert layout is not None
            unit = layouts.read_unit(layout, texts, SorId("7"))
            plain = read_plainly(root, other, kind)
            assert plain is not None
            assert unit == Unit(**plain.fields, parent_id=SorId("7"))
            assert layouts.read_unit(layout, texts[:-1], SorId("7")) is None


def test_who_reads_many_records_learns_their_layouts_behind_the_first_ones() -> None:
    xml = write_snapshot(random_register(random.Random(7), units=60))
    root = Root(xml, without_layouts=2 * 20)  # each is read as a unit and as its record
    learnt = []
    for record, kind in records(xml):
        compare_roads(root, record, kind)
        learnt.append(len(root.templates._layouts._layouts))
    assert set(learnt[:20]) == {0}
    assert learnt[-1] > 1


@pytest.mark.skipif(not FILES, reason="the genuine data do not lie beside the project")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_of_genuine_records_all_are_taken(path: Path) -> None:
    assert share_taken(path.read_bytes()) == 1


@given(registers(), st.sampled_from(VERSIONS), st.randoms(use_true_random=False))
def test_whatever_is_taken_is_right(
    register: PlainRegister, version: Version, rng: random.Random
) -> None:
    layout = random_layout(rng)
    xml = write_snapshot(register, version=version, layout=layout)
    if layout.encoding == "utf-8":
        root = Root(xml)
        for record, kind in records(xml):
            compare_roads(root, record, kind)


def rich(kind: Kind, version: Version) -> bytes:
    """A register whose last unit has every field there is."""
    days: dict[str, Any] = {
        "from_": "2020-02-29",
        "to": "2030-01-31",
        "updated": "2020-03-01",
        "first_from": DAY,
    }
    names = {field.name for field in fields(PlainAddress)} - {"unknown"}
    address = PlainAddress(**dict.fromkeys(names, "Ø 1"))  # type: ignore[arg-type]  # all are texts
    texts: dict[str, Any] = dict.fromkeys(
        (*TEXTS, "geographical_parent_relation", "geographical_parent_id"), "x y"
    )
    unit = PlainUnit(
        sor_id="3303",
        kind=kind.value,
        location_number=PlainNumber(
            number="5790000000012", inactive=True, network="1 a", note="ø", **days
        ),
        location_number_inherited=True,
        postal=address,
        visiting=twin(address),
        activity=PlainAddress(street_name="a", country_code="DK"),
        contact=PlainContact(email="a@b", website="b c", phone="1", fax="2"),
        specialities=[("1", "2"), ("3", None), ("1", "4")],
        replaces=["5", "6"],
        replaced_by=["8", "7"],
        ambulant_activity=True,
        patients_admitted=False,
        reporting_level=True,
        local_attributes={place: f"egen {place}" for place in range(1, 6)},
        **texts,
        **days,
    )
    for above in [one for one in Kind if [*Kind].index(one) < [*Kind].index(kind)][::-1]:
        unit = PlainUnit(sor_id=f"11{len(above)}", kind=above.value, children=[unit])
    register = PlainRegister(created_at=f"{DAY}T01:00:00+02:00", snapshot_date=DAY, units=[unit])
    return write_snapshot(register, version=version)


RICH = [rich(kind, version) for kind in Kind for version in VERSIONS]
MADE = [
    (Root(xml), [*records(xml)])
    for xml in [
        *(write_snapshot(random_register(random.Random(6), units=60), version=v) for v in VERSIONS),
        *RICH,
    ]
]
ODD_CODES = (0x85, 0xA0, 0x966, 0x2028, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFF, 0x1F600)
# In place of a text, beside an attribute, or anywhere at all.
ODD_BYTES = rb"""
< > / = " ' & ; ]]> /> <a &amp; &lt; &gt; &quot; &apos; &#13; &#32; &x; &amp 0 true maybe <!---->
<?x?> <![CDATA[x]]> <![CDATA[]]> 2024-01-01 2024-02-30 2024-02-29Z
""".split()
ODD_BYTES += [b" ", b"\t", b"  ", b"\n", b"\r", b"\r\n", b"x\ty", b"x\ny", b"x\ry", b"x  y"]
ODD_BYTES += [b"\0", b"\x0b", b"\x0c", b"\x1c", b"\x1f", b"\x7f", b"\xff", b"\xc3", b"\xc0\xbc"]
ODD_BYTES += [b"\xed\xa0\x80", b"\xf4\x90\x80\x80", *(chr(code).encode() for code in ODD_CODES)]
ODD_ATTRIBUTES = rb"""
scheme="x"| scheme=''| scheme="&amp;"| scheme="x" scheme=""| scheme=" a  b "|x:scheme="x"|nil="true"
xsi:nil="true"|x:nil="1"|x:a=" "|y:a=""|x:a="" x:a=""|xmlns=""|xmlns="urn:x"|xmlns:x="urn:y"
xml:lang="da"|xml:lang=""|x:a="1"|a="1" a="1"|a="<"|a=">"|a=|a|xsi:nil="true"/|a=""b=""
"""
ODD_ELEMENTS = rb"""
>x:New/>|<x/>|<x:New/>|<x:New>  </x:New>|<x:New>1</x:New>|<y:New/>|<x:New><a/></x:New>|<x:New a="1"/>
<!-- <a> -->|<a><b></a></b>|<SorIdentifier>1</SorIdentifier>|<SorIdentifier/>|<SorStatus/>
<SorStatus>|</SorStatus>|<ToDate>2024-02-30</ToDate>|<ToDate>2024-02-29</ToDate>|<ToDate/>
<x:ToDate>9</x:ToDate>|<SpecialityCode>1</SpecialityCode>|<SpecialityType>2</SpecialityType>
<a><SpecialityIdentifier>1</SpecialityIdentifier><SpecialityType>2</SpecialityType></a>
<a><b><SpecialityIdentifier>9</SpecialityIdentifier></b></a>|<a><SpecialityCode/></a>
<a><SpecialityCode>9</SpecialityCode><SpecialityType/></a>|<ShakIdentifier>1</ShakIdentifier>
<EanLocationCode>9</EanLocationCode>|<EanLocationCodeEntity/>|<RegionCode>1</RegionCode>
<EanLocationCodeEntity><EanLocationCode>9</EanLocationCode></EanLocationCodeEntity>
<EanLocationCodeEntity><SorStatus><ToDate>x</ToDate></SorStatus></EanLocationCodeEntity>
<EanLocationCodeOption><EntityInheritedIndicator>true</EntityInheritedIndicator></EanLocationCodeOption>
<EanLocationCodeOption><EntityInheritedIndicator> </EntityInheritedIndicator></EanLocationCodeOption>
<EntityInheritanceIndicator/>|<EntityInheritanceIndicator>true</EntityInheritanceIndicator>
<ReplacesEntityCollection><SorIdentifier>3</SorIdentifier></ReplacesEntityCollection>
<CountryIdentificationCode scheme='a'>DK</CountryIdentificationCode>|<AddressPostal>
"""
ATTRIBUTES = [b" " + odd.strip() for odd in re.split(rb"[|\n]", ODD_ATTRIBUTES) if odd]
ELEMENTS = [odd for odd in re.split(rb"[|\n]", ODD_ELEMENTS) if odd]
ODD = [*ODD_BYTES, *ATTRIBUTES, *ELEMENTS]


@pytest.mark.parametrize("xml", RICH, ids=range(len(RICH)))
def test_a_unit_that_has_everything_is_taken(xml: bytes) -> None:
    root = Root(xml)
    for record, kind in records(xml):
        assert compare_roads(root, record, kind)
        assert not any(compare_roads(root, record, other) for other in Kind if other is not kind)


BLOCK_ENDS = re.compile(
    rb"</(?:[\w-]+:)?(?:InstitutionOwner|HealthInstitution|OrganizationalUnit|SorStatus|AddressPostal"
    rb"|\w+AddressInformation|EanLocationCodeEntity|EanLocationCodeOption|OptionalEanLocationCode"
    rb"|GeographicalParent|OrganizationalUnitInformation|LocalAttributeCollection)>"
)
UNKNOWN = (
    b"<x:New>1 %s</x:New>",
    b"<Navn>&lt;a&gt; \xc3\xa6  b</Navn>",
    b"<x:W> <x:A>1</x:A> <B>2</B><B/><C><x:D>3</x:D></C></x:W>",
    b"<x:W><x:A> </x:A><B/></x:W>",
)


@pytest.mark.parametrize("xml", RICH, ids=range(len(RICH)))
def test_what_is_unknown_is_taken_wherever_it_stands(xml: bytes) -> None:
    root = Root(xml)
    *_, (record, kind) = records(xml)
    places = [found.start() for found in BLOCK_ENDS.finditer(record)]
    assert len(places) > 5
    for place in places:
        for unknown in UNKNOWN:
            for times in range(2):  # the second is read by the layout of the first
                odd = unknown.replace(b"1", b"4" * (times + 1))
                assert compare_roads(root, record[:place] + odd + record[place:], kind)
    every = record
    for place in reversed(places):
        every = every[:place] + b"".join(UNKNOWN[:3]) + every[place:]
    assert compare_roads(root, every, kind)
    plain = read_plainly(root, every, kind)
    assert plain is not None
    assert len(plain.fields["other"]) > len(UNKNOWN)


def test_of_unknown_siblings_of_one_name_none_is_taken() -> None:
    root = Root(RICH[-1])
    *_, (record, kind) = records(RICH[-1])
    place = record.rindex(b"</")
    for unknown in (b"<x:A>1</x:A>", b"<x:A><B>1</B></x:A>"):
        assert compare_roads(root, record[:place] + unknown + record[place:], kind)
        twice = record[:place] + unknown + unknown.replace(b"1", b"2") + record[place:]
        assert not compare_roads(root, twice, kind)
    named = b"<x:OrganizationalUnitEntity>1</x:OrganizationalUnitEntity>"
    assert not compare_roads(root, record[:place] + named + record[place:], kind)


def test_too_much_that_is_unknown_is_left_to_the_plain_road(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record_reader, "MAX_UNKNOWN_TEXT", 1_000)
    xml = RICH[-1]
    *_, (record, kind) = records(xml)
    place = record.rindex(b"</")
    odd = record[:place] + b"<Navn>" + b"a" * 100 + b"</Navn>" + record[place:]
    for summarises in (False, True):
        # One reader of a file has its context, which it counts in, too.
        reader = RecordReader(read_root_frame(xml, "Sor.xml"))
        taken = 0
        with pytest.raises(UnsureError):  # noqa: PT012  # in one of these
            for taken in range(20):  # noqa: B007  # how far it came
                if summarises:
                    reader.summarise(odd, kind)
                else:
                    reader.read(odd, kind, None)
        assert 3 <= taken <= 9


@pytest.mark.parametrize("xml", [RICH[0], RICH[-2]], ids=["owner", "organizational_unit"])
def test_whatever_odd_stands_anywhere_is_left_or_read_right(xml: bytes) -> None:
    root = Root(xml)
    *_, (record, kind) = records(xml)
    for found in re.finditer(rb"<[^/<>]*>(?=\s*<[^/])", record):
        for odd in ELEMENTS:
            compare_roads(root, record[: found.end()] + odd + record[found.end() :], kind)
    for found in re.finditer(rb"(?<=\w)(?= scheme|>\s*<[^/])", record):
        for odd in ATTRIBUTES:
            compare_roads(root, record[: found.start()] + odd + record[found.start() :], kind)
    number_ends = record.index(b"</EanLocationCodeEntity>")
    leaves = {
        (found[1], found.end() < number_ends): found
        for found in re.finditer(rb"<([\w:]+)[^<>]*>([^<>]*)</\1>", record)
    }
    for (name, _), found in leaves.items():
        for odd in [b"", *ODD]:
            compare_roads(root, record[: found.start(2)] + odd + record[found.end(2) :], kind)
        compare_roads(root, record[: found.start()] + found[0] * 2 + record[found.end() :], kind)
        start, end = found.start(), found.start(2) - 1
        for odd in ATTRIBUTES:
            compare_roads(root, record[:end] + odd + record[end:], kind)
        for empty in (
            b"<%b/>",
            b"<%b xsi:nil='true'/>",
            b"<%b a=' '></%b  >",
            b"<%b scheme='x'/>",
            b"<%b scheme='x'> </%b>",
        ):
            odd = empty.replace(b"%b", name)
            taken = compare_roads(root, record[:start] + odd + record[found.end() :], kind)
            needed = name.endswith((b"SorIdentifier", b"LocationCode", b"SpecialityCode"))
            country = name.endswith(b"CountryIdentificationCode")
            assert taken or needed or b"Speciality" in name or (b"scheme" in odd and not country)


def test_what_stands_around_a_record_or_is_cut_off_it_is_seen() -> None:
    root = Root(RICH[-2])
    *_, (record, kind) = records(RICH[-2])
    for odd in ODD:
        assert not compare_roads(root, odd + record, kind)
        assert not compare_roads(root, record + odd, kind)
    for place in range(len(record)):
        assert not compare_roads(root, record[:place], kind)
        assert not compare_roads(root, record[place + 1 :], kind)


@pytest.mark.parametrize("size", [65_537, 60_000])
def test_a_text_too_long_for_any_register_is_left(size: int) -> None:
    root = Root(RICH[-2])
    *_, (record, kind) = records(RICH[-2])
    long = record.replace(b"</sor1:EntityName>", b"x" * size + b"</sor1:EntityName>")
    assert (read_plainly(root, long, kind) is None) == (size > 65_536)
    assert compare_roads(root, long, kind) == (len(long) <= 65_536)


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[Root, bytes, Kind]:
    """A record in which a few things were put in, taken out, doubled or changed."""
    root, made = draw(st.sampled_from(MADE))
    record, kind = draw(st.sampled_from(made))
    for _ in range(draw(st.integers(1, 3))):
        edges = [0, *(found.end() for found in re.finditer(rb"[<>]", record)), len(record)]
        places = st.sampled_from(edges) | st.integers(0, len(record))
        start, end = sorted((draw(places), draw(places)))
        way = draw(st.sampled_from(["put", "put", "put", "flip", "cut", "double", "blank", "fill"]))
        if way == "put":
            record = record[:start] + draw(st.sampled_from(ODD)) + record[start:]
        elif way == "flip":
            record = record[:start] + draw(st.binary(max_size=2)) + record[start + 1 :]
        elif way == "cut":
            record = record[:start] + record[end:]
        elif way == "double":
            record = record[:end] + record[start:end] + record[end:]
        else:
            fills = [b"", *ODD] if way == "fill" else [b""]
            texts = [found.span(1) for found in re.finditer(rb">([^<>]*)<", record)]
            if texts:
                start, end = draw(st.sampled_from(texts))
                record = record[:start] + draw(st.sampled_from(fills)) + record[end:]
    return root, record, draw(st.sampled_from([kind, kind, kind, *Kind]))


@settings(max_examples=400)
@given(spoiled())
def test_what_is_spoiled_is_left_or_read_right(made: tuple[Root, bytes, Kind]) -> None:
    compare_roads(*made)
