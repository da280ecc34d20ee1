"""A unit as it is kept: JSON without what is absent, which is half the bytes and half the time.

Events say null for what is absent, as their contract demands; the state has no such reader.
"""

import typing
from collections.abc import Iterable, Iterator
from types import NoneType
from typing import Any, Final

import msgspec
from msgspec import Struct, UnsetType

from sordiff.brief_unit import BriefUnit, IndexedUnit, SearchedUnit
from sordiff.model import Contact, Day, Gln, Kind, LocationNumber, PostalAddress, SorId, Unit

_DECODER: Final = msgspec.json.Decoder(Unit)
_BRIEF: Final = msgspec.json.Decoder(BriefUnit)
_SEARCHED: Final = msgspec.json.Decoder(SearchedUnit)
_INDEXED: Final = msgspec.json.Decoder(IndexedUnit)
# What is unknown to us stands by name, as in events: so a record that is undone is as it was.
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


class KeptAddress(Struct, frozen=True, gc=False):
    """The postal address alone."""

    postal: PostalAddress | None = None


class KeptUnit(Struct, kw_only=True, gc=False):
    """A record with what stands beside it in the state, and nothing else of the unit decoded.

    The fields are those of Unit.
    """

    sor_id: SorId
    kind: Kind
    parent_id: SorId | None = None
    name: str | None = None
    unit_type: str | None = None
    location_number: LocationNumber | None = None
    location_number_inherited: bool = False
    address: KeptAddress | None = None
    contact: Contact | None = None
    to: Day | None = None
    first_from: Day | None = None
    provider_number: str | None = None
    shak: str | None = None
    cvr: str | None = None
    p_number: str | None = None
    pharmacy_number: str | None = None
    record: str = ""

    @property
    def number(self) -> Gln | None:
        """The same as `Unit.number`."""
        return self.location_number.number if self.location_number else None


_KEPT: Final = msgspec.json.Decoder(KeptUnit)


def encode_unit(unit: Unit) -> str:
    """The record of a unit."""
    return _ENCODER.encode(msgspec.convert(unit, _SPARSE_UNIT, from_attributes=True)).decode()


def encode_record(written: bytes) -> bytes:
    """The record of a unit that is written as JSON in any way, as bytes of UTF-8."""
    return _ENCODER.encode(_SPARSE.decode(written))


def decode_unit(record: str | bytes) -> Unit:
    """The unit of a record, also of one that says null for what is absent."""
    return _DECODER.decode(record)


def decode_kept_unit(record: str) -> KeptUnit:
    """What the state holds of the unit of a record, with that record."""
    unit = _KEPT.decode(record)
    unit.record = record
    return unit


def decode_brief_unit(record: str | bytes) -> BriefUnit:
    """What a list tells of the unit of a record, in a third of the time."""
    return _BRIEF.decode(record)


def decode_brief_units(records: Iterable[bytes]) -> Iterator[BriefUnit]:
    """The same of many."""
    return map(_BRIEF.decode, records)


def decode_searched_unit(record: str) -> SearchedUnit:
    """What people search by of the unit of a record."""
    return _SEARCHED.decode(record)


def decode_indexed_unit(record: str) -> IndexedUnit:
    """What an index holds of the unit of a record."""
    return _INDEXED.decode(record)


def _sparse(struct: type[Struct]) -> type[Struct]:
    """The same record, whose encoder leaves out what has its default value."""
    fields: list[Any] = []
    for field in msgspec.structs.fields(struct):
        if field.required:
            fields.append((field.name, field.type))
        elif field.default_factory is msgspec.NODEFAULT:
            fields.append((field.name, _sparse_type(field.type), field.default))
        else:
            factory = msgspec.field(default_factory=field.default_factory)
            fields.append((field.name, field.type, factory))
    return msgspec.defstruct(
        f"Sparse{struct.__name__}",
        fields,
        frozen=True,
        kw_only=True,
        omit_defaults=True,
        gc=False,
        rename={"from_": "from"},
    )


def _sparse_type(annotation: Any) -> Any:
    """A type in which records are replaced by their sparse form."""
    if UnsetType in typing.get_args(annotation):
        return Any  # msgspec converts no UNSET from an attribute to another type
    inner = [part for part in typing.get_args(annotation) if part is not NoneType]
    for part in inner:
        if isinstance(part, type) and issubclass(part, Struct):
            sparse = _sparse(part)
            return tuple[sparse, ...] if typing.get_origin(annotation) is tuple else sparse | None  # type: ignore[valid-type]
    return annotation


_SPARSE_UNIT: Final = _sparse(Unit)
_SPARSE: Final = msgspec.json.Decoder(_SPARSE_UNIT)
