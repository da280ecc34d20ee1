"""Both roads tell the same of any nights, byte for byte; the fast one is taken where it may be."""

import random
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sordiff.snapshot.touched import Touched
from tests.laws.pairs import VERSIONS, Version
from tests.making.growing import random_register
from tests.making.nights import random_night
from tests.making.plain import PlainRegister, copy_register, walk
from tests.making.strategies import chains, layouts
from tests.making.xml import Layout, write_snapshot
from tests.roads.roads import ingested, read_by_touched, same_by_both

LONG = settings(max_examples=25)
USUAL = Layout()
SCENARIOS = Path(__file__).parents[2] / "fixtures" / "scenarios"


def ordinary(register: PlainRegister) -> PlainRegister:
    """The same without what only the plain road reads: the unknown around the records."""
    night = copy_register(register)
    night.unknown = []
    for unit in walk(night):
        unit.unknown_in_wrapper, unit.wrapper_attributes = [], {}
    return night


def _written(folder: Path, nights: list[bytes]) -> list[Path]:
    files = [folder / f"{number}.xml" for number, _ in enumerate(nights)]
    for file, content in zip(files, nights, strict=True):
        file.write_bytes(content)
    return files


def _same(nights: list[bytes]) -> object:
    with TemporaryDirectory() as folder:
        return same_by_both(Path(folder), _written(Path(folder), nights))


@LONG
@given(chains(4), VERSIONS)
def test_a_chain_of_nights(registers: list[PlainRegister], version: Version) -> None:
    _same([write_snapshot(ordinary(night), version=version, layout=USUAL) for night in registers])


@LONG
@given(chains(3), VERSIONS)
def test_a_chain_with_the_unknown_around_records(
    registers: list[PlainRegister], version: Version
) -> None:
    _same([write_snapshot(night, version=version, layout=USUAL) for night in registers])


@LONG
@given(chains(4), st.lists(layouts(), min_size=8, max_size=8), st.lists(VERSIONS, min_size=8))
def test_a_chain_of_nights_each_written_otherwise(
    registers: list[PlainRegister], ways: list[Layout], versions: list[Version]
) -> None:
    _same(
        [
            write_snapshot(register, version=version, layout=layout)
            for register, layout, version in zip(registers, ways, versions, strict=False)
        ]
    )


@pytest.mark.parametrize("seed", range(12))
def test_large_random_nights(seed: int) -> None:
    rng = random.Random(seed)
    register = random_register(rng, units=120)
    nights = [register]
    for _ in range(4):
        nights.append(random_night(rng, nights[-1]))
    texts = [_text(ordinary(night)).encode() for night in nights]
    _same(texts)
    assert _touched(*texts[-2:]).count == len(list(walk(nights[-1])))


def test_the_stories() -> None:
    for story in sorted(SCENARIOS.iterdir()):
        files = sorted([*story.glob("*.xml"), *story.glob("*.zip")])
        with TemporaryDirectory() as folder:
            same_by_both(Path(folder), files)


def _register() -> PlainRegister:
    return ordinary(random_register(random.Random(5), units=60))


def _tomorrow(register: PlainRegister) -> PlainRegister:
    night = copy_register(register)
    night.snapshot_date = "2024-09-03"
    night.created_at = "2024-09-03T01:00:29.6269718+02:00"
    return night


def _text(register: PlainRegister) -> str:
    return write_snapshot(register, version=2, layout=USUAL).decode("utf-8-sig")


INSTITUTION = "HealthInstitutionEntity"
UNIT = "OrganizationalUnitEntity"


def _nth(text: str, pattern: str, n: int) -> re.Match[str]:
    return list(re.finditer(pattern, text, re.S))[n]


def _inserted(pattern: str, what: str, n: int = 1) -> Callable[[str], str]:
    """Something put behind the nth place that the pattern finds."""

    def change(text: str) -> str:
        place = _nth(text, pattern, n).end()
        return text[:place] + what + text[place:]

    return change


def _replaced(pattern: str, by: str, n: int = 1) -> Callable[[str], str]:
    def change(text: str) -> str:
        found = _nth(text, pattern, n)
        return text[: found.start()] + found.expand(by) + text[found.end() :]

    return change


def _blocks(text: str, tag: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"[ \t\r\n]*<{tag}>(?:(?!<{tag}>).)*?</{tag}>", text, re.S))


def _swapped(tag: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        found = _blocks(text, tag)
        one, other = found[1], found[-2]
        return (
            text[: one.start()]
            + other.group()
            + text[one.end() : other.start()]
            + one.group()
            + text[other.end() :]
        )

    return change


def _moved(tag: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        found = _blocks(text, tag)
        one, place = found[0], found[-1].end()
        return text[: one.start()] + text[one.end() : place] + one.group() + text[place:]

    return change


def _repeated(tag: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        one = _blocks(text, tag)[0]
        place = _blocks(text, tag)[-1].end()
        return text[:place] + one.group() + text[place:]

    return change


NAME = r"<sor1:EntityName>[^<]*"
AFTER = rf"</{INSTITUTION}>"
ODD: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "comment with an end tag between": _inserted(AFTER, f"<!-- </{INSTITUTION}> -->"),
    "comment with an end tag in a record": _inserted(NAME, f"<!-- </{INSTITUTION}> -->"),
    "comment with the end of a record": _inserted(NAME, "<!-- </OrganizationalUnit> -->"),
    "comment across records": _inserted(NAME, "<!-- "),
    "processing instruction with an end tag": _inserted(NAME, f"<?x </{INSTITUTION}> ?>"),
    "processing instruction between": _inserted(AFTER, f"<?x </{INSTITUTION}> ?>"),
    "CDATA with an end tag": _inserted(NAME, f"<![CDATA[</{INSTITUTION}>]]>"),
    "CDATA": _inserted(NAME, "<![CDATA[ & Søn]]>"),
    "attribute with a bracket": _replaced(r"<OrganizationalUnit>", '<OrganizationalUnit a="1>2">'),
    "attribute with an end tag": _replaced(
        r"<OrganizationalUnit>", f'<OrganizationalUnit a="</{INSTITUTION}>">'
    ),
    "attributes with quotes": _replaced(
        r"<OrganizationalUnit>", "<OrganizationalUnit a='\"' b=\"'\">"
    ),
    "attribute of a wrapper": _replaced(rf"<{UNIT}>", f'<{UNIT} level="2">'),
    "attribute of the first owner": _replaced(
        "<InstitutionOwnerEntity>", '<InstitutionOwnerEntity level="2">', 0
    ),
    "blank in an end tag": _replaced(AFTER, f"</{INSTITUTION} >"),
    "blank in a start tag": _replaced(rf"<{INSTITUTION}>", f"<{INSTITUTION} >"),
    "another prefix": lambda text: text.replace("sor1:", "s:").replace(":sor1", ":s"),
    "default namespace redeclared in a wrapper": _replaced(
        rf"<{UNIT}>", f'<{UNIT} xmlns="urn:oio:nsi:2.0.0">'
    ),
    "another default namespace in a wrapper": _replaced(
        rf"<{INSTITUTION}>", f'<{INSTITUTION} xmlns="urn:other">'
    ),
    "another default namespace in an owner": _replaced(
        r"<InstitutionOwnerEntity>", '<InstitutionOwnerEntity xmlns="urn:other">'
    ),
    "another default namespace in a record": _replaced(
        r"<OrganizationalUnit>", '<OrganizationalUnit xmlns="urn:other">'
    ),
    "a namespace more on the root": _replaced("<SorTree ", '<SorTree xmlns:more="urn:more" ', 0),
    "a namespace of the root changed": lambda text: re.sub(
        r'xmlns:kms="[^"]*"', 'xmlns:kms="urn:other"', text, count=1
    ),
    "two institutions swapped": _swapped(INSTITUTION),
    "two owners swapped": _swapped("InstitutionOwnerEntity"),
    "two leaves swapped": _swapped(UNIT),
    "an institution to another place": _moved(INSTITUTION),
    "a leaf to another place": _moved(UNIT),
    "an owner to the end": _moved("InstitutionOwnerEntity"),
    "an institution twice": _repeated(INSTITUTION),
    "a leaf twice": _repeated(UNIT),
    "an owner twice": _repeated("InstitutionOwnerEntity"),
    "an id twice": lambda text: text.replace(
        _nth(text, r"(?<=<sor1:SorIdentifier>)\d+", 7).group(),
        _nth(text, r"(?<=<sor1:SorIdentifier>)\d+", 2).group(),
        1,
    ),
    "an element beside a record": _inserted(r"</OrganizationalUnit>", "<Level>3</Level>"),
    "text beside a record": _inserted(r"</OrganizationalUnit>", " hov "),
    "an unknown element in a record": _inserted(NAME + "</sor1:EntityName>", "<Level>3</Level>"),
    "a bad date": _replaced(r"(?<=FromDate>)2\d{3}", "2x24"),
    "no id": _replaced(r"<sor1:SorIdentifier>\d+</sor1:SorIdentifier>", ""),
    "a record without its wrapper": _replaced(rf"<{UNIT}>", ""),
    "a wrapper without its record": _replaced(rf"</{UNIT}>", f"</{UNIT}><{UNIT}></{UNIT}>"),
    "a wrapper wrongly ended": _replaced(rf"</{UNIT}>", f"</{INSTITUTION}>"),
    "cut off": lambda text: text[: len(text) // 2],
    "cut off in the last tag": lambda text: text.rstrip()[:-2],
    "cut off between": lambda text: text[: _nth(text, AFTER, 2).end()],
    "text behind the root": lambda text: text + "x",
    "a comment behind the root": lambda text: text + "<!-- x -->",
    "a second root": lambda text: text + "<SorTree/>",
    "a control character": _replaced(NAME, r"\g<0>" + "\x01"),
    "a reference": _replaced(NAME, r"\g<0> &amp; &#211;"),
    "an unknown reference": _replaced(NAME, r"\g<0> &nbsp;"),
    "an ampersand": _replaced(NAME, r"\g<0> & "),
    "an empty record before a record": _replaced(
        r"<OrganizationalUnit>", '<OrganizationalUnit level="1"/><OrganizationalUnit>'
    ),
    "an empty record": _replaced(
        r"<OrganizationalUnit>.*?</OrganizationalUnit>", '<OrganizationalUnit level="1"/>'
    ),
    "a record that declares a prefix": _replaced(
        r"<OrganizationalUnit>", '<OrganizationalUnit xmlns:x="urn:x" x:level="1">'
    ),
    "a DOCTYPE": _replaced("<SorTree", "<!DOCTYPE SorTree><SorTree", 0),
    "the date missing": lambda text: re.sub(r"<sor1:SnapshotDate>.*?Date>", "", text, count=1),
    "the date at the end": lambda text: re.sub(
        r"(<sor1:SnapshotDate>.*?Date>)(.*)(</SorTree>)", r"\2\1\3", text, count=1, flags=re.S
    ),
    "an element beside the units": _inserted(r"</InstitutionOwnerEntity>", "<Note>x</Note>"),
    "no unit": lambda text: re.sub(
        r"<InstitutionOwnerEntity>.*</InstitutionOwnerEntity>", "", text, flags=re.S
    ),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "on one line": lambda text: re.sub(r">\s+<", "><", text),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("both", [False, True], ids=["tonight", "both nights"])
def test_odd_files(name: str, both: bool) -> None:
    """What is odd tonight, or on both nights, and again in an ordinary third."""
    change = ODD[name]
    rng = random.Random(1)
    first = _register()
    changed = ordinary(random_night(rng, first, days=1))
    second = _tomorrow(first if name == "nothing" else changed)
    old, new = _text(first), change(_text(second))
    if name != "nothing":
        assert new != _text(second)
    if both:
        old = change(old)
    _same([old.encode(), new.encode()])


def _touched(old: bytes, new: bytes) -> Touched:
    """What the fast road reads of a night."""
    with TemporaryDirectory() as folder:
        first, second = _written(Path(folder), [old, new])
        ingested(Path(folder), [first], plain=False)
        found = read_by_touched(Path(folder), second).touched
        assert found is not None
        return found


def test_a_night_costs_what_changed() -> None:
    first = ordinary(random_register(random.Random(9), units=200))
    second = _tomorrow(first)
    renamed = [unit for unit in walk(second) if unit.name][::40]
    for unit in renamed:
        unit.name = f"{unit.name} I/S"
    found = _touched(_text(first).encode(), _text(second).encode())
    assert found.read.keys() == {unit.sor_id for unit in renamed}
    assert (found.moved, found.come, found.gone) == ({}, frozenset(), frozenset())
    assert found.count == len(list(walk(first)))


@pytest.mark.parametrize("tag", ["InstitutionOwnerEntity", INSTITUTION])
def test_a_subtree_in_another_place_is_not_read(tag: str) -> None:
    """Among its siblings it costs nothing, and what it says is nothing."""
    text = _text(_register())
    blocks = _blocks(text, tag)
    together = [
        (one, other)
        for one, other in pairwise(blocks[1:-1])
        if not text[one.end() : other.start()].strip()
    ]
    one, other = together[0]
    changed = text[: one.start()] + other.group() + one.group() + text[other.end() :]
    assert changed != text
    found = _touched(text.encode(), changed.encode())
    assert (found.read, found.moved) == ({}, {})


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings(encoding: str) -> None:
    first = _register()
    layout = Layout(encoding=encoding, bom=encoding == "utf-16")  # type: ignore[arg-type]
    _same([write_snapshot(night, version=2, layout=layout) for night in (first, _tomorrow(first))])


def test_every_byte_counts() -> None:
    """A byte changed, taken out or put in, anywhere: both roads say the same of it."""
    rng = random.Random(3)
    first = ordinary(random_register(rng, units=12))
    old, new = _text(first).encode(), _text(_tomorrow(first)).encode()
    for _ in range(120):
        place = rng.randrange(len(new))
        byte = bytes([rng.choice(b"<>&/x1 \"'\xc3\n\x00")])
        cut = rng.choice([0, 0, 1, 1, 30])
        _same([old, new[:place] + rng.choice([byte, b""]) + new[place + cut :]])
