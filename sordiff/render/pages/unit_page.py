"""The page of a unit before it is written: each field with where it comes from."""

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, UnsetType

from sordiff.events import Named
from sordiff.model import SorId, State, Status, Unit
from sordiff.render.commands.coded_fields import (
    describe_geography,
    describe_level,
    describe_specialities,
)
from sordiff.render.commands.rows import said
from sordiff.render.commands.show import OTHER_FIELDS
from sordiff.render.commands.shown_rows import (
    describe_days,
    describe_number_block,
    format_day,
)
from sordiff.render.language import Catalogue
from sordiff.render.pages.map_link import link_map
from sordiff.render.pages.site import link_unit
from sordiff.render.reconcile.phrases import ListPhrases
from sordiff.report.address_lines import format_letter
from sordiff.report.lookup_results import ShownUnit
from sordiff.resolved import AddressOf, ContactOf, UnitState
from sordiff.visible import visible

_BLOCKS: Final = ("visiting", "postal", "activity")
_WEB: Final = ("https://", "http://")


class Link(Struct, frozen=True, kw_only=True):
    """A text that leads somewhere; `outside`: away from this server."""

    text: str
    address: str
    outside: bool = False


class Told(Struct, frozen=True, kw_only=True):
    """One line of a field: what it says, where that leads, and where it comes from."""

    text: str
    address: str | None = None
    source: str = ""
    source_link: Link | None = None
    links: tuple[Link, ...] = ()


class Field(Struct, frozen=True, kw_only=True):
    """A label and the lines beside it."""

    label: str
    lines: tuple[Told, ...]


class UnitView(Struct, frozen=True, kw_only=True):
    """What the template of a unit shows: its numbers, its facts, how to reach it."""

    title: str
    state: State
    state_text: str
    type_text: str
    numbers: tuple[Field, ...]
    facts: tuple[Field, ...]
    reached: tuple[Field, ...]
    number_facts: tuple[str, ...]
    successor: str
    path: tuple[Named, ...]


def build_unit_view(shown: ShownUnit, words: Catalogue) -> UnitView:
    """The view of a unit that is there."""
    return _Builder(shown, words).build()


def describe_status(state: State, status: Status, words: Catalogue) -> str:
    """The state, with the day that it began or ends."""
    return " · ".join([words.text(f"look.state.{state}"), *describe_days(state, status, words)])


class _Builder:
    def __init__(self, shown: ShownUnit, words: Catalogue) -> None:
        self._shown = shown
        self._state: UnitState = shown.state
        self._unit: Unit = shown.state.unit
        self._words = words
        self._names = {step.id: step.name for step in shown.state.path}

    def build(self) -> UnitView:
        state, unit = self._state, self._unit
        block = unit.location_number
        successor = self._shown.successor
        return UnitView(
            title=unit.name or unit.sor_id,
            state=state.state,
            state_text=describe_status(state.state, unit.status, self._words),
            type_text=(state.unit_type.text or state.unit_type.code) if state.unit_type else "",
            numbers=tuple(self._numbers()),
            facts=tuple(field for field in self._facts() if field.lines),
            reached=tuple(self._reached()),
            number_facts=()
            if block is None
            else tuple(describe_number_block(block, self._shown.codes, self._words)),
            successor=""
            if isinstance(successor, UnsetType)
            else ListPhrases(self._words).suggestion(successor),
            path=state.path,
        )

    def _numbers(self) -> Iterator[Field]:
        """Those that people look for first."""
        yield self._field("look.id", [self._unit.sor_id])
        for name in ("provider_number", "shak", "cvr", "p_number", "pharmacy_number"):
            value = getattr(self._unit, name)
            if value is not None:
                yield Field(label=self._words.field(name), lines=(Told(text=value),))

    def _facts(self) -> Iterator[Field]:
        state, unit, words = self._state, self._unit, self._words
        yield self._field("look.specialities", describe_specialities(state))
        yield self._field("look.geographical_parent", describe_geography(unit, words))
        level = describe_level(unit, self._shown.codes)
        yield Field(
            label=words.field("organisational_level"), lines=tuple(Told(text=t) for t in level)
        )
        told = {field.label for field in self._numbers()}
        for name in OTHER_FIELDS:
            value, label = getattr(unit, name), words.field(name)
            if value is not None and label not in told:
                yield Field(label=label, lines=(Told(text=said(value, words)),))
        yield self._units("look.replaces", unit.replaces)
        yield self._units("look.replaced_by", unit.replaced_by)
        for name in ("from", "updated"):
            day = getattr(unit.status, "from_" if name == "from" else name)
            if day is not None:
                yield Field(label=words.field(name), lines=(Told(text=format_day(day, words)),))
        yield self._field("look.other", self._other(unit.other))

    def _other(self, other: Mapping[str, object]) -> Iterator[str]:
        for path, value in sorted(other.items()):
            name = visible(self._words.field(f"other/{path}"))
            yield f"{name}: {said(value, self._words)}"

    def _reached(self) -> Iterator[Field]:
        """The addresses, those that are the same in one field; then the contact."""
        labels: dict[Told, list[str]] = {}
        for block in _BLOCKS:
            found: AddressOf | None = getattr(self._state.address, block)
            if found is not None:
                name = self._words.text(f"look.{block}")
                labels.setdefault(self._address(found, block), []).append(name)
        for told, names in labels.items():
            yield Field(label=", ".join(names), lines=(told,))
        contact = self._state.contact
        if contact is not None:
            yield Field(label=self._words.text("look.contact"), lines=tuple(self._contact(contact)))

    def _address(self, found: AddressOf, block: str) -> Told:
        map_address = link_map(found)
        shown = self._words.text("site.unit.map")
        return Told(
            text=format_letter(found) or "–",
            source=self._source_text(found.from_unit, found.from_block, block),
            source_link=self._source_link(found.from_unit),
            links=(Link(text=shown, address=map_address, outside=True),) if map_address else (),
        )

    def _contact(self, contact: ContactOf) -> Iterator[Told]:
        """Each way to reach it in a line; the last one says where all of them come from."""
        lines = [line for line in _list_ways(contact) if line.text] or [Told(text="–")]
        yield from lines[:-1]
        last = lines[-1]
        yield Told(
            text=last.text,
            address=last.address,
            source=self._source_text(contact.from_unit, "", ""),
            source_link=self._source_link(contact.from_unit),
        )

    def _source_text(self, from_unit: SorId, from_block: str, block: str) -> str:
        """Where a value is from: another block of the unit, or the word before a link."""
        if from_unit != self._unit.sor_id:
            return self._words.text("site.unit.from")
        if from_block != block:
            name = self._words.text(f"look.{from_block}")
            return f"{self._words.text('site.unit.from')} {name}"
        return ""

    def _source_link(self, from_unit: SorId) -> Link | None:
        if from_unit == self._unit.sor_id:
            return None
        return Link(text=self._names.get(from_unit) or from_unit, address=link_unit(from_unit))

    def _field(self, key: str, lines: Iterator[str] | list[str]) -> Field:
        return Field(label=self._words.text(key), lines=tuple(Told(text=line) for line in lines))

    def _units(self, key: str, ids: tuple[SorId, ...]) -> Field:
        lines = tuple(Told(text=sor_id, address=link_unit(sor_id)) for sor_id in ids)
        return Field(label=self._words.text(key), lines=lines)


def _list_ways(contact: ContactOf) -> Iterator[Told]:
    yield Told(text=contact.phone or "", address=f"tel:{contact.phone}")
    yield Told(text=contact.email or "", address=f"mailto:{contact.email}")
    yield Told(text=contact.website or "", address=_link_web(contact.website or ""))
    yield Told(text=f"fax {contact.fax}" if contact.fax else "")


def _link_web(website: str) -> str:
    """An address that a browser opens, whatever people wrote; no script can be one."""
    return website if website.lower().startswith(_WEB) else f"https://{website}"
