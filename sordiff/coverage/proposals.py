"""Which unknown elements came where a field was lost, and which of them says what it said."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sordiff.coverage.carried import (
    collect_unknown_texts,
    find_block,
    list_block_fields,
    list_carried_paths,
)
from sordiff.coverage.counts import list_touched_in_both
from sordiff.coverage.losses import FieldTurn
from sordiff.coverage.said_elements import (
    Places,
    choose_elements,
    find_elements,
    is_alike,
    list_elements,
    list_names_of_others,
    read_field,
)
from sordiff.diff import Changeset
from sordiff.model import Kind, Unit
from sordiff.table_kinds import COLUMN_PLACES, TABLE_VERSIONS

# Fields that a column says under another name.
_COLUMN_FIELDS: Final = {"cvr": "owner/cvr", "specialities": "specialities/1"}


class NewPath(Struct, frozen=True):
    """An unknown path that came on units that lost a field, and on how many of them."""

    path: str
    units: int


class ProposedMapping(Struct, frozen=True):
    """A line of [fields], or of another `table` of the settings: these names say the field.

    `paths` are the unknown ones that do, most first; `alike` is the share of the units.
    """

    field: str
    names: tuple[str, ...]
    paths: tuple[str, ...]
    alike: float
    table: str = "fields"

    def line(self) -> str:
        """As it stands in its table in sordiff.toml."""
        return mapping_line(self.field, self.names)

    def whole_line(self) -> str:
        """With its table, but for [fields]."""
        return self.line() if self.table == "fields" else f"{self.table}.{self.line()}"


def mapping_line(field: str, names: Iterable[str]) -> str:
    """A line of a table that maps names to fields, in TOML."""
    key = field if field.isidentifier() else f'"{field}"'
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{key} = [{listed}]"


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
    lines = (*proposed, *_propose_beside(proposed, changes, places))
    version = changes.new.version
    if version in TABLE_VERSIONS:
        lines = tuple(_map_columns(lines, version))
    return Replacement(
        came=tuple(
            NewPath(p, n) for p, n in sorted(came.items(), key=lambda item: (-item[1], item[0]))
        ),
        mapped=lines,
    )


def _map_columns(proposed: Iterable[ProposedMapping], version: str) -> Iterator[ProposedMapping]:
    """The lines for a table: it has columns in the place of elements."""
    for each in proposed:
        field = _COLUMN_FIELDS.get(each.field, each.field)
        if field in COLUMN_PLACES:
            yield replace(each, field=field, table=f"columns.{version}")


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
    """The elements that say together in nearly all units what the field said the night before.

    An owner may say it in another element than an institution does, so there may be several.
    """
    said = [read_field(old, field) for old, _ in pairs]
    taken = list_names_of_others(field, places)
    told: list[frozenset[str]] = []
    there: Counter[str] = Counter()
    paths: dict[str, Counter[str]] = {}
    for value, unknown in zip(said, texts, strict=True):
        if value is None:
            continue
        found = dict(find_elements(field, unknown, places, taken))
        saying = {path: local for path, local in found.items() if is_alike(value, unknown[path])}
        # An owner says it in another place than the others: counted are elements, not paths.
        there.update(set(found.values()))
        told.append(frozenset(saying.values()))
        for path, local in saying.items():
            paths.setdefault(local, Counter())[path] += 1
    chosen = choose_elements(told, there)
    if not chosen:
        return None
    ranked = [path for local in chosen for path in _ranked(paths[local])]
    places_of = (list_elements(path, find_block(field)) or () for path in ranked)
    names = dict.fromkeys(_name(field, elements, places) for elements in places_of)
    first = sum(chosen[0] in locals_ for locals_ in told)
    return ProposedMapping(field, tuple(names), tuple(ranked), first / len(told))


def _ranked(paths: Counter[str]) -> list[str]:
    return sorted(paths, key=lambda path: (-paths[path], path))


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
    elements = list_elements(path, None)
    if elements and len(elements) > len(inner) and elements[-len(inner) :] == inner:
        yield elements[: -len(inner)]
