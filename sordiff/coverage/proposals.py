"""Which unknown elements came where a field was lost, and which of them says what it said."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from sordiff.coverage.carried import (
    SPECIALITY_TYPE,
    collect_unknown_texts,
    find_block,
    iterate_blocks,
    list_block_fields,
    list_carried_paths,
)
from sordiff.coverage.counts import list_touched_in_both
from sordiff.coverage.losses import FieldTurn
from sordiff.diff import Changeset
from sordiff.model import Kind, Unit

# So many of the units must say it alike. Of some the value may have changed that same night.
_ALIKE: Final = 0.95
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})
_STEP: Final = re.compile(r"((?:\{[^}]*\})?)([^/]+)/?")
_RECORDS: Final = frozenset(
    {"InstitutionOwnerEntity", "HealthInstitutionEntity", "OrganizationalUnitEntity"}
)

# Where the reader looks for each field: local names from the record down.
Places = Mapping[str, tuple[tuple[str, ...], ...]]


class NewPath(Struct, frozen=True):
    """An unknown path that came on units that lost a field, and on how many of them."""

    path: str
    units: int


class ProposedMapping(Struct, frozen=True):
    """A line of [fields]: the elements of these names say the field.

    `paths` are the unknown ones that do, most first; `alike` is the share of the units.
    """

    field: str
    names: tuple[str, ...]
    paths: tuple[str, ...]
    alike: float

    def line(self) -> str:
        """As it stands in sordiff.toml."""
        key = self.field if self.field.isidentifier() else f'"{self.field}"'
        names = ", ".join(f'"{name}"' for name in self.names)
        return f"{key} = [{names}]"


class Replacement(Struct, frozen=True):
    """What came in the place of a lost field: unknown paths, most first, and how to map it."""

    came: tuple[NewPath, ...]
    mapped: tuple[ProposedMapping, ...]


def propose_replacement(loss: FieldTurn, changes: Changeset, places: Places) -> Replacement:
    """Look at the units that lost the field for what they say now and did not say before."""
    pairs = list(_losers(loss.field, loss.kind, changes))
    new = _new_texts(pairs)
    came = Counter(path for said in new for path in said)
    found = {
        field: mapped
        for field in (list_block_fields(loss.field) or (loss.field,))
        if field in places and (mapped := _propose_mapping(field, pairs, new, places)) is not None
    }
    proposed = tuple(_as_block(loss.field, found, places) or found.values())
    return Replacement(
        came=tuple(
            NewPath(p, n) for p, n in sorted(came.items(), key=lambda item: (-item[1], item[0]))
        ),
        mapped=(*proposed, *_propose_beside(proposed, changes, places)),
    )


def _losers(field: str, kind: Kind | None, changes: Changeset) -> Iterator[tuple[Unit, Unit]]:
    for sor_id in list_touched_in_both(changes):
        old, new = changes.old.units[sor_id], changes.new.units[sor_id]
        is_meant = kind is None or old.kind is kind
        if is_meant and field in list_carried_paths(old) and field not in list_carried_paths(new):
            yield old, new


def _new_texts(pairs: list[tuple[Unit, Unit]]) -> list[dict[str, set[str]]]:
    """The unknown texts of each unit now, at paths where it said nothing before."""
    known = [collect_unknown_texts(old).keys() for old, _ in pairs]
    texts = [collect_unknown_texts(unit) for _, unit in pairs]
    return [{p: t[p] for p in t.keys() - k} for t, k in zip(texts, known, strict=True)]


def _propose_beside(
    mapped: tuple[ProposedMapping, ...], changes: Changeset, places: Places
) -> Iterator[ProposedMapping]:
    """What must be mapped too: fields of the same known element, which few units carry.

    A ToDate stands in a unit and in its location number. With the unit's alone mapped, the days of
    the numbers would be told as changes.
    """
    done = {each.field for each in mapped}
    for each in mapped:
        known = {place[-1] for place in places[each.field]}
        locals_of = {path[-1] for path in map(_split, each.names)}
        for field, others in places.items():
            if field in done or known.isdisjoint(place[-1] for place in others):
                continue
            pairs = list(_losers(field, None, changes))
            beside = _propose_mapping(field, pairs, _new_texts(pairs), places)
            if beside is not None and locals_of.issuperset(
                n[-1] for n in map(_split, beside.names)
            ):
                done.add(field)
                yield beside


def _split(name: str) -> list[str]:
    return name.split("/")


def _propose_mapping(
    field: str,
    pairs: list[tuple[Unit, Unit]],
    texts: list[dict[str, set[str]]],
    places: Places,
) -> ProposedMapping | None:
    """The element that says in nearly all units what the field said the night before."""
    said = [read_field(old, field) for old, _ in pairs]
    carriers = sum(value is not None for value in said)
    alike: Counter[str] = Counter()
    paths: dict[str, Counter[str]] = {}
    for value, unknown in zip(said, texts, strict=True):
        saying = dict(
            _find_paths_saying(field, value, unknown, places) if value is not None else ()
        )
        # An owner says it in another place than the others: counted are elements, not paths.
        alike.update({elements[-1] for elements in saying.values()})
        for path, elements in saying.items():
            paths.setdefault(elements[-1], Counter())[path] += 1
    local, count = max(alike.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if not count or count < _ALIKE * carriers:
        return None
    ranked = sorted(paths[local], key=lambda path: (-paths[local][path], path))
    places_of = (_elements_in(path, find_block(field)) or () for path in ranked)
    names = dict.fromkeys(_name(field, elements, places) for elements in places_of)
    return ProposedMapping(field, tuple(names), tuple(ranked), count / carriers)


def _find_paths_saying(
    field: str, value: Any, unknown: Mapping[str, set[str]], places: Places
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The paths at which a unit says this value, each with its elements."""
    for path, texts in unknown.items():
        elements = _elements_in(path, find_block(field))
        if elements and elements not in places[field] and _is_alike(value, texts):
            yield path, elements


def _name(field: str, elements: tuple[str, ...], places: Places) -> str:
    """By what an element is mapped: its name, and that around it where it is an unusual one."""
    usual = {place[-2] for place in places[field] if len(place) > 1}
    if len(elements) == 1 or elements[-2] in usual:
        return elements[-1]
    return "/".join(elements[-2:])


def _as_block(
    block: str, found: dict[str, ProposedMapping], places: Places
) -> tuple[ProposedMapping, ...]:
    """One line for a block of which only the wrapper has another name."""
    wrappers = Counter(
        wrapper
        for field, mapped in found.items()
        for inner in _inside(field, block, places)
        for path in mapped.paths
        for wrapper in _around(path, inner)
        if wrapper not in places[block]
    )
    if not wrappers:
        return ()
    ranked = sorted(wrappers, key=lambda around: (-wrappers[around], around))
    names = dict.fromkeys(_name(block, around, places) for around in ranked)
    best = max(found.values(), key=lambda mapped: mapped.alike)
    return (ProposedMapping(block, tuple(names), best.paths, best.alike),)


def _inside(field: str, block: str, places: Places) -> set[tuple[str, ...]]:
    """What stands in the block's elements to say the field, where it is one of its parts."""
    return {
        place[len(outer) :]
        for place in places[field]
        for outer in places[block]
        if len(outer) < len(place) and place[: len(outer)] == outer
    }


def _around(path: str, inner: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What stands around the elements of a block, where the path ends as the block's part does."""
    elements = _elements_in(path, None)
    if elements and len(elements) > len(inner) and elements[-len(inner) :] == inner:
        yield elements[: -len(inner)]


def _elements_in(path: str, block: str | None) -> tuple[str, ...] | None:
    """The local names in an unknown path; None for what can't be mapped.

    That are attributes, stray text, what stands beside a record, and what is in another block.
    """
    place, _, names = path.partition("other/")
    if place not in {"", f"{block}/"}:
        return None
    found = tuple(local for _, local in _STEP.findall(names))
    is_element = not found[-1].startswith("@") and found[-1] != "text()"
    return found if is_element and found[0] not in _RECORDS else None


def read_field(unit: Unit, field: str) -> Any:
    """What a unit says in a field: a text, a boolean, or the set of its texts; None for nothing."""
    if field == SPECIALITY_TYPE:
        return {each.type for each in unit.specialities if each.type is not None} or None
    if field == "specialities":
        return {each.code for each in unit.specialities} or None
    block = find_block(field)
    record: Any = unit if block is None else dict(iterate_blocks(unit))[block]
    name = field.rpartition("/")[2]
    value = getattr(record, "from_" if name == "from" else name, None)
    return set(value) or None if isinstance(value, tuple) else value


def _is_alike(value: Any, texts: set[str]) -> bool:
    if isinstance(value, bool):
        return texts <= (_TRUE if value else _FALSE)
    if isinstance(value, str):
        # Behind a day there may be a zone, which the reader drops.
        return len(texts) == 1 and (value in texts or next(iter(texts))[:10] == value)
    return bool(value == texts)
