"""Elements with other names read as the fields that they say: the table [fields] of sordiff.toml.

Before a record is read, a mapped element is given the known name and put into the known place, so
that nothing behind has to know of it. Both roads do so: one with elements, one with their tags. The
known names go first: where one of them says something, the mapped one stays unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct

from sordiff.coverage.carried import KNOWN_FIELDS, find_block
from sordiff.errors import SordiffError
from sordiff.snapshot.format.element_names import COLLECTIONS, UNIT
from sordiff.snapshot.format.field_places import (
    PLACES,
    SPECIALITY_CODES,
    SPECIALITY_TYPES,
    FieldPlace,
)

E = TypeVar("E")

_INSIDE_ENTRIES: Final = {
    "specialities": SPECIALITY_CODES[0],
    "specialities/type": SPECIALITY_TYPES[0],
}
_BLOCKS: Final = {
    block: frozenset(place[-1] for place in PLACES[block])
    for block in PLACES
    if any(find_block(field) == block for field in PLACES)
}
_ALL_BLOCKS: Final = frozenset[str]().union(*_BLOCKS.values())


class Elements(Protocol[E]):
    """What is done to the elements of a record, however they are held."""

    # Whether `says_something` knows, and does not only suppose.
    has_texts: bool

    def children(self, element: E) -> list[E]:
        """The children."""

    def local_name(self, element: E) -> str:
        """The local name, whatever the namespace."""

    def known_name(self, element: E) -> str:
        """The local name, if the namespace is the register's; else nothing."""

    def says_something(self, element: E) -> bool:
        """Whether it says something, or may."""

    def choose_first(self, elements: list[E]) -> E:
        """The one that is read, of several that say something; without texts there must be one."""

    def move(self, element: E, parent: E, name: str) -> None:
        """Give the element this name, and move it below the parent if it stands elsewhere."""

    def add(self, parent: E, name: str) -> E:
        """Add a new element without anything in it."""


class MappedName(Struct, frozen=True):
    """An element by its local name, and by that of the element around it, if it is told."""

    parent: str | None
    local: str


class FieldMapping(Struct, frozen=True):
    """The further names of each field, in order of the model: a block before its parts."""

    names: tuple[tuple[str, tuple[MappedName, ...]], ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is mapped."""
        return bool(self.names)

    @property
    def fingerprint(self) -> bytes:
        """Tells mappings apart; nothing for none."""
        return repr(self.names).encode() if self.names else b""


UNMAPPED: Final = FieldMapping()


def build_mapping(fields: Mapping[str, Iterable[str]]) -> FieldMapping:
    """Build the mapping of [fields]; SordiffError if a name is that of another field already."""
    chosen = [
        (field, tuple(map(_parse_name, fields[field]))) for field in KNOWN_FIELDS if field in fields
    ]
    for field, names in chosen:
        for name in names:
            _refuse_taken(field, name)
    return FieldMapping(tuple(chosen))


def _parse_name(written: str) -> MappedName:
    parent, slash, local = written.rpartition("/")
    return MappedName(parent if slash else None, local)


def _refuse_taken(field: str, name: MappedName) -> None:
    parents = {name.parent} if name.parent else {None, *(_parent(p) for p in PLACES[field])}
    fields = {
        known
        for known, places in PLACES.items()
        for place in places
        if place[-1] == name.local and _parent(place) in parents
    }
    if None in parents and name.local in UNIT:
        fields.add(UNIT[name.local])
    if fields and field not in fields:
        told = f"{name.parent}/{name.local}" if name.parent else name.local
        message = f"[fields] {field}: the element {told} is read as {min(fields)} already."
        raise SordiffError(message, advice="See docs/configuration.md#fields.")


def _parent(place: FieldPlace) -> str | None:
    return place[-2] if len(place) > 1 else None


def place_mapped(record: E, mapping: FieldMapping, elements: Elements[E]) -> None:
    """Give the mapped elements of a record the names and places by which they are read."""
    placing = _Placing(record, elements)
    for field, names in mapping.names:
        if field in _INSIDE_ENTRIES:
            placing.name_inside_entries(names, _INSIDE_ENTRIES[field])
        elif field in COLLECTIONS:
            placing.collect(names, PLACES[field][0])
        else:
            placing.place(field, names)


class _Placing(Generic[E]):
    """The mapped elements of one record."""

    def __init__(self, record: E, elements: Elements[E]) -> None:
        self._record = record
        self._elements = elements
        self._made: set[str] = set()

    def place(self, field: str, names: tuple[MappedName, ...]) -> None:
        """Put the element of one of these names where the field is read, the first name first."""
        elements, places = self._elements, PLACES[field]
        known = [e for place in places for e in self._at(place) if elements.says_something(e)]
        if known and elements.has_texts:
            return
        found = [[e for e in self._matching(field, n) if elements.says_something(e)] for n in names]
        saying = next(filter(None, found), [])
        if saying:
            every = [*known, *(each for of_name in found for each in of_name)]
            chosen = elements.choose_first(saying if elements.has_texts else every)
            place = next((p for p in places if len(self._at(p[:-1]))), places[0])
            elements.move(chosen, self._wrapper(place[:-1]), place[-1])

    def name_inside_entries(self, names: tuple[MappedName, ...], known: str) -> None:
        """Codes and types of specialities are read wherever they stand."""
        elements = self._elements
        for name in names:
            for above, each in self._all(self._record, _ALL_BLOCKS):
                is_leaf = not elements.children(each)
                if is_leaf and self._is_named(each, above, name):
                    elements.move(each, above, known)

    def collect(self, names: tuple[MappedName, ...], place: FieldPlace) -> None:
        """Ids in a collection; a leaf elsewhere gets one of its own, as many as there are."""
        elements = self._elements
        for name in names:
            for above, each in self._all(self._record, _ALL_BLOCKS):
                if not self._is_named(each, above, name) or not elements.says_something(each):
                    continue
                if elements.children(each):
                    elements.move(each, self._record, place[0])
                elif elements.known_name(above) == place[0]:
                    elements.move(each, above, place[1])
                else:
                    elements.move(each, elements.add(self._record, place[0]), place[1])

    def _at(self, place: FieldPlace) -> list[E]:
        """The elements at a known place."""
        here = [self._record]
        for name in place:
            here = [
                child
                for above in here
                for child in self._elements.children(above)
                if self._elements.known_name(child) == name
            ]
        return here

    def _wrapper(self, place: FieldPlace) -> E:
        """The first element at the place, made where there is none."""
        here = self._record
        for depth, name in enumerate(place, start=1):
            found = self._at(place[:depth])
            here = found[0] if found else self._elements.add(here, name)
        return here

    def _matching(self, field: str, name: MappedName) -> Iterator[E]:
        block = find_block(field)
        inside = [each for p in PLACES[block] for each in self._at(p)] if block else []
        if inside and block not in self._made:
            yield from self._named_in(field, name, inside, _ALL_BLOCKS - _BLOCKS[str(block)])
            return
        if block:
            self._made.add(block)
        known = frozenset(UNIT) if block else frozenset[str]()
        yield from self._named_in(field, name, [self._record], _ALL_BLOCKS | known)

    def _named_in(
        self, field: str, name: MappedName, roots: list[E], closed: frozenset[str]
    ) -> Iterator[E]:
        """Those of the name below these, but for what stands in closed elements.

        Without a parent told it is the record, the block, or the element around the known ones.
        """
        usual = {_parent(place) for place in PLACES[field]}
        for root in roots:
            for above, each in self._all(root, closed):
                is_usual = above is root or self._elements.known_name(above) in usual
                if (name.parent or is_usual) and self._is_named(each, above, name):
                    yield each

    def _is_named(self, element: E, above: E, name: MappedName) -> bool:
        names = self._elements.local_name
        return names(element) == name.local and name.parent in {None, names(above)}

    def _all(self, root: E, closed: frozenset[str]) -> list[tuple[E, E]]:
        """Each element below with the one around it; of a closed one nothing that is in it."""
        found: list[tuple[E, E]] = []
        waiting = [root]
        while waiting:
            above = waiting.pop()
            for child in self._elements.children(above):
                found.append((above, child))
                if self._elements.known_name(child) not in closed:
                    waiting.append(child)
        return found
