"""Two files compared record by record: what is touched, wherever it stands, and nothing else."""

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast import record_scanner, record_stretches
from sordiff.snapshot.fast.compared_records import compare_records
from sordiff.snapshot.fast.record_columns import NO_ROW, RecordColumns, count_day
from sordiff.snapshot.fast.record_stretches import StretchFinder
from sordiff.snapshot.fast.root_frame import RootFrame, read_root_frame
from sordiff.snapshot.fast.scanned_register import ScannedFile, ScannedRegister
from sordiff.snapshot.snapshot import TouchedUnits
from sordiff.snapshot.source.unsure import UnsureError
from tests.making.growing import random_register
from tests.making.plain import PlainRegister, copy_register, walk
from tests.making.xml import Layout, write_snapshot
from tests.roads.roads import plainly, tomorrow

_EMPTY = b"</HealthInstitutionEntity>"


def _frame(content: bytes) -> RootFrame:
    return read_root_frame(content, "Sor.xml")


def _scanned(content: bytes) -> ScannedFile:
    return ScannedFile(content, _frame(content))


def _compared(old: bytes, new: bytes) -> TouchedUnits:
    return compare_records(_scanned(old), new, _frame(new))


def _units(content: bytes) -> dict[SorId, Unit]:
    file = _scanned(content)
    found = {sor_id: file.read_unit(sor_id) for sor_id in file.rows}
    return {sor_id: unit for sor_id, unit in found.items() if unit is not None}


def _written(register: PlainRegister, indent: str | None = "\t") -> bytes:
    return write_snapshot(register, version=2, layout=Layout(indent=indent))


def _register(seed: int, units: int = 120) -> PlainRegister:
    return plainly(random_register(random.Random(seed), units=units))


def _nights(seed: int) -> Iterator[PlainRegister]:
    """Nights in which units are renamed, moved with all below them, removed and created."""
    rng = random.Random(seed)
    night = _register(seed)
    yield night
    for _ in range(4):
        night = tomorrow(night)
        for unit in rng.sample([*walk(night)], 6):
            unit.name = f"Nyt navn {rng.random()}"
        above = [unit for unit in walk(night) if len(unit.children) > 1]
        for giver, taker in pairwise(rng.sample(above, min(4, len(above)))):
            if giver.kind == taker.kind and giver not in [*_below(taker)]:
                taker.children.append(giver.children.pop())
        yield night


def _below(unit: object) -> Iterator[object]:
    for child in unit.children:  # type: ignore[attr-defined]
        yield child
        yield from _below(child)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("indent", ["\t", None])
def test_what_is_touched_makes_the_later_file_of_the_earlier(
    seed: int, indent: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed % 2:
        monkeypatch.setattr(record_stretches, "_MANY_RECORDS", 4)
        monkeypatch.setattr(record_scanner, "_AT_ONCE", 7)
        monkeypatch.setattr(record_scanner, "_PART_SIZE", 20)
    for old, new in pairwise(_written(night, indent) for night in _nights(seed)):
        before, after = _units(old), _units(new)
        touched = _compared(old, new)
        replayed = {i: unit for i, unit in before.items() if i not in touched.removed}
        replayed |= touched.read
        for sor_id, parent_id in touched.moved.items():
            assert before[sor_id].parent_id != parent_id == after[sor_id].parent_id
            assert sor_id not in touched.read
        assert {i: u for i, u in replayed.items() if i not in touched.moved} == {
            i: unit for i, unit in after.items() if i not in touched.moved
        }
        assert touched.created == after.keys() - before.keys()
        assert touched.removed == before.keys() - after.keys()
        assert touched.count == len(after)
        assert len(touched.read) < len(after) / 2


def test_the_same_bytes_touch_nothing() -> None:
    content = _written(_register(1))
    touched = _compared(content, content)
    assert not any([touched.read, touched.moved, touched.created, touched.removed])


def test_units_below_another_owner_have_that_parent() -> None:
    register = _register(2)
    other = copy_register(register)
    owner = next(unit for unit in other.units if unit.children)
    before, owner.sor_id = owner.sor_id, "999991000016999"
    touched = _compared(_written(register), _written(other))
    assert {*touched.read} == touched.created == {owner.sor_id}
    assert touched.removed == {before}
    assert touched.moved == {child.sor_id: owner.sor_id for child in owner.children}


def test_an_owner_that_stands_elsewhere_is_not_read() -> None:
    register = _register(3)
    other = copy_register(register)
    other.units.reverse()
    touched = _compared(_written(register), _written(other))
    assert not any([touched.read, touched.moved, touched.created, touched.removed])


@pytest.mark.parametrize("many", [4, 8192])
def test_one_id_twice_is_found(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_stretches, "_MANY_RECORDS", many)
    old = _written(_register(4))
    ids = [*_units(old)]
    last = b">" + ids[-1].encode() + b"<"
    for other in (ids[0], ids[-2]):
        new = old.replace(last, b">" + other.encode() + b"<")
        with pytest.raises(UnsureError, match="twice"):
            _compared(old, new)


@pytest.mark.parametrize(
    ("what", "by"),
    [
        (b"</SorTree>", b""),
        (b"</SorTree>", b"x</SorTree>"),
        (b"</InstitutionOwnerEntity></SorTree>", b"</SorTree>"),
        (_EMPTY, _EMPTY * 2),
        (_EMPTY, b""),
        (b"<HealthInstitutionEntity>", b"<OrganizationalUnitEntity>"),
        (b"</HealthInstitution>", b""),
    ],
)
def test_what_is_wrong_in_the_later_file_is_left_to_the_plain_road(what: bytes, by: bytes) -> None:
    old = _written(_register(5), indent=None)
    assert what in old
    place = old.rindex(what)
    new = old[:place] + by + old[place + len(what) :]
    with pytest.raises(UnsureError):
        _compared(old, new)
    with pytest.raises(UnsureError):
        _scanned(new)


def _with_a_chain(content: bytes, longs: int, first: str) -> bytes:
    """With units in units, in whose last institution no unit ends before the last of them."""
    names = [first, *["x" * 60_000] * longs]
    opened = "".join(
        f"<OrganizationalUnitEntity><OrganizationalUnit><sor1:SorIdentifier>{n}</sor1:SorIdentifier>"
        f"<sor1:EntityName>{name}</sor1:EntityName></OrganizationalUnit>"
        for n, name in enumerate(names, 1)
    )
    place = content.rindex(_EMPTY)
    closed = "</OrganizationalUnitEntity>" * len(names)
    return content[:place] + (opened + closed).encode() + content[place:]


def test_a_distance_that_grew_is_found() -> None:
    """No unit may begin too far behind the last end of one, wherever the bytes stand alike."""
    content = _written(_register(6), indent=None)
    old, new = (_with_a_chain(content, 15, name) for name in ("Kort", "y" * 60_000))
    assert _units(old).keys() - _units(content).keys() == {str(n) for n in range(1, 17)}
    with pytest.raises(UnsureError, match="too much"):
        _scanned(new)
    with pytest.raises(UnsureError, match="too much"):
        _compared(old, new)
    assert len(_compared(old, _with_a_chain(content, 15, "Langt")).read) == 1


def test_one_digest_of_different_bytes_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    register = _register(7)
    other = copy_register(register)
    other.units[3].name = "Omdøbt"
    old, new = _written(register), _written(other)
    monkeypatch.setattr(record_stretches, "xxh3_128_digest", lambda _: b"same")
    with pytest.raises(UnsureError, match="digest"):
        _compared(old, new)


def test_a_long_run_of_space_is_passed_once() -> None:
    """Looked for at each of its places, a pattern would take minutes."""
    old = _written(_register(8))
    place = old.index(b"<HealthInstitutionEntity>")
    spaced = old[:place] + b" " * 300_000 + old[place:]
    assert _units(spaced) == _units(old)


def test_a_register_of_columns_answers_as_one_of_units() -> None:
    for seed in range(6):
        content = _written(_register(seed))
        frame = _frame(content)
        file = _scanned(content)
        units = _units(content)
        register = ScannedRegister(file, frame.header_reader.build_header(sha256="", size=1), {})
        days = {day for u in units.values() for day in (u.to, u.first_from) if day is not None}
        for day in sorted(days)[::5]:
            is_open = [
                (u.to is None or u.to >= day) and (u.first_from is None or u.first_from <= day)
                for u in units.values()
            ]
            assert register.count_open_on(day) == sum(is_open)
            low, high = min(register.day, day), max(register.day, day)
            assert {*register.state_changes_by(day)} == {
                u.sor_id
                for u in units.values()
                if (u.to is not None and low <= u.to < high)
                or (u.first_from is not None and low < u.first_from <= high)
                or (
                    u.location_number
                    and u.location_number.to
                    and low <= u.location_number.to < high
                )
            }
        for sor_id in (None, *units):
            assert register.children_of(sor_id) == sorted(
                u.sor_id for u in units.values() if u.parent_id == sor_id
            )
        assert register.children_of(SorId("1")) == []
        for number in {u.number for u in units.values() if u.number is not None}:
            assert register.owners_of(number) == {
                u.sor_id for u in units.values() if u.number == number
            }


def test_rows_and_days_are_counted() -> None:
    columns = RecordColumns(5)
    assert columns.list_path(NO_ROW) == []
    assert [*columns.iterate_children(NO_ROW)] == []
    assert columns.find_begin(0) == 5
    assert StretchFinder(b"x", columns, b"x").tail == 0
    assert count_day(None) == 0
