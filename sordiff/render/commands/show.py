"""What `sordiff show` says to people: a unit, a location number, or why it is not there."""

from collections.abc import Iterator, Mapping
from typing import assert_never

from msgspec import UnsetType

from sordiff.events import CodedText
from sordiff.model import SorId, State, Status, Unit
from sordiff.reconcile.verdict import Suggestion
from sordiff.render.commands.candidates import candidate_lines
from sordiff.render.commands.coded_fields import (
    describe_geography,
    describe_level,
    describe_specialities,
)
from sordiff.render.commands.rows import Row, named, row_lines, said, wrapped
from sordiff.render.commands.show_number import number_lines
from sordiff.render.commands.shown_rows import (
    STATE_COLOURS,
    build_answering_row,
    describe_days,
    describe_number_block,
    indent_path,
)
from sordiff.render.language import Catalogue
from sordiff.render.reconcile.phrases import ListPhrases
from sordiff.render.text.colour import Paint
from sordiff.report.address_lines import format_letter
from sordiff.report.code_texts import Codes
from sordiff.report.lookup_results import (
    AbsenceReason,
    Shown,
    ShownAbsence,
    ShownCandidates,
    ShownNumber,
    ShownUnit,
)
from sordiff.resolved import AddressOf, UnitState
from sordiff.visible import visible

# The fields of a unit that are shown in rows of their own; all others follow in the model's order.
_IN_ROWS_OF_THEIR_OWN = frozenset(
    {
        "sor_id",
        "kind",
        "parent_id",
        "name",
        "unit_type",
        "location_number",
        "location_number_inherited",
        "geographical_parent_relation",
        "geographical_parent_id",
        "address",
        "contact",
        "specialities",
        "from_",
        "to",
        "updated",
        "first_from",
        "replaces",
        "replaced_by",
        "organisational_level",
        "other",
    }
)
OTHER_FIELDS = tuple(name for name in Unit.__struct_fields__ if name not in _IN_ROWS_OF_THEIR_OWN)


def shown_lines(shown: Shown, texts: Catalogue, paint: Paint) -> Iterator[str]:
    """Everything, a heading first."""
    match shown:
        case ShownUnit():
            yield from _unit_lines(shown, texts, paint)
        case ShownNumber():
            yield from number_lines(shown, texts, paint)
        case ShownAbsence():
            yield from _absence_lines(shown, texts, paint)
        case ShownCandidates():
            yield from candidate_lines(shown, texts, paint)
        case _:  # pragma: no cover - the union is closed
            assert_never(shown)


def _unit_lines(shown: ShownUnit, texts: Catalogue, paint: Paint) -> Iterator[str]:
    state = shown.state
    unit = state.unit
    kind = texts.text(f"kind.{unit.kind}")
    heading = " · ".join([visible(unit.name or unit.sor_id), *_coded(state.unit_type), kind])
    for line in wrapped(heading, paint.width):
        yield paint(line, "bold")
    rows = [
        Row(texts.text("look.id"), (visible(unit.sor_id),)),
        build_answering_row(shown.answering, texts),
        Row(texts.text("look.state"), (_state(state.state, unit.status, texts, paint),)),
        Row(texts.text("look.path"), tuple(indent_path(state.path))),
        Row(texts.text("look.effective"), tuple(_effective(state, shown.codes, texts))),
        *_addresses(state, texts),
        Row(texts.text("look.contact"), tuple(_contact(state, texts))),
        Row(texts.text("look.specialities"), tuple(describe_specialities(state))),
        Row(texts.text("look.geographical_parent"), tuple(describe_geography(unit, texts))),
        Row(
            texts.field("organisational_level"),
            tuple(describe_level(unit, shown.codes)),
        ),
        *(
            Row(texts.field(name), (said(value, texts),))
            for name in OTHER_FIELDS
            if (value := getattr(unit, name)) is not None
        ),
        Row(texts.text("look.replaces"), tuple(map(visible, unit.replaces))),
        Row(texts.text("look.replaced_by"), tuple(map(visible, unit.replaced_by))),
        *_successor(shown.successor, texts),
        Row(texts.text("look.other"), tuple(_other(unit.other, texts))),
        Row(texts.text("look.below"), (_below(shown, texts),)),
    ]
    yield from row_lines(rows, paint)


def _absence_lines(shown: ShownAbsence, texts: Catalogue, paint: Paint) -> Iterator[str]:
    told = texts.say(
        f"look.absent.{shown.why}",
        unit=named(shown.name, shown.id),
        day=texts.day(shown.since.day),
        run=str(shown.since.run),
    )
    yield from wrapped(told, paint.width)
    if shown.why is AbsenceReason.REMOVED and shown.last is not None:
        hint = texts.say("look.absent.hint", id=visible(shown.id), day=shown.last.day)
        yield from wrapped(hint, paint.width)
    if not isinstance(shown.successor, UnsetType):
        yield from wrapped(ListPhrases(texts).suggestion(shown.successor), paint.width)


def _successor(successor: Suggestion | UnsetType, texts: Catalogue) -> Iterator[Row]:
    """Who probably goes on; that it is inferred stands in the words."""
    if not isinstance(successor, UnsetType):
        yield Row(texts.text("look.successor"), (ListPhrases(texts).suggestion(successor),))


def _state(state: State, status: Status, texts: Catalogue, paint: Paint) -> str:
    painted = paint(texts.text(f"look.state.{state}"), STATE_COLOURS[state])
    return " · ".join([painted, *describe_days(state, status, texts)])


def _coded(code: CodedText | None) -> tuple[str, ...]:
    return () if code is None else (visible(code.text or code.code),)


def _effective(state: UnitState, codes: Codes, texts: Catalogue) -> Iterator[str]:
    found = state.effective_location_number
    if found is None:
        yield texts.text("look.effective.none")
        return
    own = found.from_unit == state.unit.sor_id
    line = texts.say(
        "look.effective.own" if own else "look.effective.inherited",
        number=visible(found.number),
        unit=_of(found.from_unit, state),
    )
    yield line if found.open else f"{line} · {texts.text('look.number.closed')}"
    block = state.unit.location_number
    if block is not None:
        yield from describe_number_block(block, codes, texts)


def _of(sor_id: SorId, state: UnitState) -> str:
    """A unit above by its name."""
    name = next((step.name for step in state.path if step.id == sor_id), None)
    return named(name, sor_id)


def _addresses(state: UnitState, texts: Catalogue) -> Iterator[Row]:
    address = state.address
    for name in ("postal", "visiting", "activity"):
        found: AddressOf | None = getattr(address, name)
        if found is not None:
            line = visible(format_letter(found) or "–")
            own = found.from_unit == state.unit.sor_id and found.from_block == name
            yield Row(
                texts.text(f"look.{name}"), (line if own else _from(line, found, state, texts),)
            )


def _from(line: str, found: AddressOf, state: UnitState, texts: Catalogue) -> str:
    """A line with the place that it is inherited from: another unit, or another block of this."""
    if found.from_unit == state.unit.sor_id:
        return texts.say("look.inherited", value=line, unit=texts.text(f"look.{found.from_block}"))
    return texts.say("look.inherited", value=line, unit=_of(found.from_unit, state))


def _contact(state: UnitState, texts: Catalogue) -> Iterator[str]:
    contact = state.contact
    if contact is None:
        return
    parts = (contact.email, contact.website, contact.phone, contact.fax)
    line = visible(" · ".join(part for part in parts if part)) or "–"
    own = contact.from_unit == state.unit.sor_id
    yield (
        line if own else texts.say("look.inherited", value=line, unit=_of(contact.from_unit, state))
    )


def _below(shown: ShownUnit, texts: Catalogue) -> str:
    if not shown.children.units:
        return texts.text("look.below.none")
    return texts.say(
        "look.below.count",
        count=texts.number(shown.children.units),
        open=texts.number(shown.children.open),
    )


def _other(other: Mapping[str, object], texts: Catalogue) -> Iterator[str]:
    for path, value in sorted(other.items()):
        yield f"{visible(texts.field(f'other/{path}'))}: {said(value, texts)}"
