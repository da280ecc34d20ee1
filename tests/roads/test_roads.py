"""All roads tell the same of any nights, byte for byte; the fast one is taken where it may be."""

import random
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.pairs import VERSIONS, Version
from tests.making.growing import random_register
from tests.making.nights import random_night
from tests.making.plain import PlainRegister, walk
from tests.making.strategies import chains, layouts
from tests.making.xml import Layout, write_snapshot
from tests.roads.mutations import compare_roads, mutate
from tests.roads.odd import INSTITUTION, ODD, UNIT, blocks
from tests.roads.roads import ordinary, plainly, same, same_by_all, text_of, tomorrow, touched

LONG = settings(max_examples=25)
USUAL = Layout()
SCENARIOS = Path(__file__).parents[2] / "fixtures" / "scenarios"


@LONG
@given(chains(4), VERSIONS)
def test_a_chain_of_nights(registers: list[PlainRegister], version: Version) -> None:
    same([write_snapshot(ordinary(night), version=version, layout=USUAL) for night in registers])


@LONG
@given(chains(3), VERSIONS)
def test_a_chain_with_the_unknown_around_records(
    registers: list[PlainRegister], version: Version
) -> None:
    same([write_snapshot(night, version=version, layout=USUAL) for night in registers])


@LONG
@given(chains(4), st.lists(layouts(), min_size=8, max_size=8), st.lists(VERSIONS, min_size=8))
def test_a_chain_of_nights_each_written_otherwise(
    registers: list[PlainRegister], ways: list[Layout], versions: list[Version]
) -> None:
    same(
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
    texts = [text_of(ordinary(night)).encode() for night in nights]
    same(texts)
    assert touched(*texts[-2:]).count == len(list(walk(nights[-1])))


def test_the_stories() -> None:
    for story in sorted(SCENARIOS.iterdir()):
        files = sorted([*story.glob("*.xml"), *story.glob("*.zip")])
        with TemporaryDirectory() as folder:
            same_by_all(Path(folder), files)


def _register() -> PlainRegister:
    return ordinary(random_register(random.Random(5), units=60))


@cache
def _two_nights() -> tuple[str, str]:
    """Two ordinary nights, as they are written."""
    first = _register()
    return text_of(first), text_of(
        tomorrow(ordinary(random_night(random.Random(1), first, days=1)))
    )


@cache
def _two_nights_alike() -> tuple[str, str]:
    first = _register()
    return text_of(first), text_of(tomorrow(first))


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("both", [False, True], ids=["tonight", "both nights"])
def test_odd_files(name: str, both: bool) -> None:
    """What is odd tonight, or on both nights, and again in an ordinary third."""
    change = ODD[name]
    old, ordinary_new = _two_nights_alike() if name == "nothing" else _two_nights()
    new = change(ordinary_new)
    if name != "nothing":
        assert new != ordinary_new
    if both:
        old = change(old)
    same([old.encode(), new.encode()])


def test_a_night_costs_what_changed() -> None:
    first = ordinary(random_register(random.Random(9), units=200))
    second = tomorrow(first)
    renamed = [unit for unit in walk(second) if unit.name][::40]
    for unit in renamed:
        unit.name = f"{unit.name} I/S"
    found = touched(text_of(first).encode(), text_of(second).encode())
    assert found.read.keys() == {unit.sor_id for unit in renamed}
    assert (found.moved, found.created, found.removed) == ({}, frozenset(), frozenset())
    assert found.count == len(list(walk(first)))


@pytest.mark.parametrize("tag", ["InstitutionOwnerEntity", INSTITUTION])
def test_a_subtree_in_another_place_is_not_read(tag: str) -> None:
    """Among its siblings it costs nothing, and what it says is nothing."""
    text = text_of(_register())
    places = blocks(text, tag)
    together = [
        (one, other)
        for one, other in pairwise(places[1:-1])
        if not text[one.end() : other.start()].strip()
    ]
    one, other = together[0]
    changed = text[: one.start()] + other.group() + one.group() + text[other.end() :]
    assert changed != text
    found = touched(text.encode(), changed.encode())
    assert (found.read, found.moved) == ({}, {})


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings(encoding: str) -> None:
    first = _register()
    layout = Layout(encoding=encoding, bom=encoding == "utf-16")  # type: ignore[arg-type]
    same([write_snapshot(night, version=2, layout=layout) for night in (first, tomorrow(first))])


def _spoiled(rng: random.Random, place: int) -> Callable[[bytes], bytes]:
    """A byte changed, taken out or put in, at one place of any file."""
    byte = rng.choice([bytes([rng.choice(b"<>&/x1 \"'\xc3\xef\n\x00\x01")]), b""])
    cut = rng.choice([0, 0, 1, 1, 30])
    return lambda content: content[:place] + byte + content[place + cut :]


def test_every_byte_counts() -> None:
    """A byte changed, taken out or put in, anywhere: both roads say the same of it."""
    rng = random.Random(3)
    first = ordinary(random_register(rng, units=12))
    old, new = text_of(first).encode(), text_of(tomorrow(first)).encode()
    for _ in range(120):
        same([old, _spoiled(rng, rng.randrange(len(new)))(new)])


def test_every_byte_of_both_nights_counts() -> None:
    """The same byte of both, which is then read in the first alone, or by nothing but a look.

    Of the places most are inside texts, where a look passes over what it does not mind.
    """
    rng = random.Random(4)
    first = plainly(random_register(random.Random(0), units=8))  # most of it is recognised
    old, new = text_of(first).encode(), text_of(tomorrow(first)).encode()
    assert len(old) == len(new)
    texts = [found.start() + 1 for found in re.finditer(rb">[^<\s][^<]*<", new)]
    for _ in range(250):
        place = rng.choice([rng.choice(texts), rng.choice(texts), rng.randrange(len(new))])
        spoil = _spoiled(rng, place)
        same([spoil(old), spoil(new)])


@pytest.mark.parametrize("first", range(0, 300, 60))
def test_changed_files(tmp_path: Path, first: int) -> None:
    """Other things than bytes, put in, taken out, moved and renamed: see mutations.py."""
    for number in range(first, first + 60):
        compare_roads(*mutate(number), tmp_path / "Sor.xml")


def test_a_unit_at_the_root_that_is_wrongly_ended() -> None:
    """Behind subtrees that are known, of whose outermost wrapper only the unit is remembered."""
    text = text_of(_register())
    change = ODD["a unit at the root that is no owner"]
    wrong = change(text_of(tomorrow(_register())))
    place = wrong.index(f"</{UNIT}>", wrong.index(">778<"))
    spoiled = wrong[:place] + wrong[place:].replace(f"</{UNIT}>", "</InstitutionOwnerEntity>", 1)
    same([change(text).encode(), spoiled.encode()])


def test_a_text_that_is_too_long_is_refused_whatever_stands_before_it(tmp_path: Path) -> None:
    night = _two_nights()[0].encode()
    types = [*re.finditer(rb"<(\w+:)?EntityTypeIdentifier>", night)]
    assert len(types) > 5
    for found in types:
        long = night[: found.end()] + b"a" * 70_000 + night[found.end() :]
        assert not compare_roads(night, long, tmp_path / "Sor.xml")
