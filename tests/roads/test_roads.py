"""Both roads tell the same of any nights, byte for byte; the fast one is taken where it may be."""

import random
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
from tests.roads.odd import INSTITUTION, ODD, blocks
from tests.roads.roads import ingested, ordinary, read_by_touched, same_by_both

LONG = settings(max_examples=25)
USUAL = Layout()
SCENARIOS = Path(__file__).parents[2] / "fixtures" / "scenarios"


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
    found = blocks(text, tag)
    together = [
        (one, other)
        for one, other in pairwise(found[1:-1])
        if not text[one.end() : other.start()].strip()
    ]
    one, other = together[0]
    changed = text[: one.start()] + other.group() + one.group() + text[other.end() :]
    assert changed != text
    touched = _touched(text.encode(), changed.encode())
    assert (touched.read, touched.moved) == ({}, {})


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
