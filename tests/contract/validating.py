"""Every event that a test sees is held against the shipped JSON Schemas."""

from functools import cache
from typing import Any

import msgspec
from jsonschema_rs import Draft202012Validator

from sordiff import schemas
from sordiff.events import Event
from sordiff.wire import encode_data, find_short_name

shipped = cache(schemas.read_shipped_schemas)


@cache
def validator(name: str) -> Draft202012Validator:
    """The validator of one shipped schema, formats included; unknown fields are faults here."""
    return Draft202012Validator(_closed(shipped()[name]), validate_formats=True)


def validate(event: Event) -> None:
    """The data of an event against the schema of its type."""
    validator(event.name).validate(msgspec.json.decode(encode_data(event)))


def validate_line(line: bytes | str) -> dict[str, Any]:
    """A whole CloudEvent: the envelope, then its data; given back read."""
    read: dict[str, Any] = msgspec.json.decode(line)
    validator("cloudevent").validate(read)
    assert read["dataschema"] == shipped()[find_short_name(read["type"])]["$id"]
    validator(find_short_name(read["type"])).validate(read["data"])
    return read


def _closed(schema: Any) -> Any:
    """The same schema, in which an object may hold nothing that is not named."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema:
        closed["additionalProperties"] = False
    return closed
