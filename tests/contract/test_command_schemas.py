"""What commands write as JSON is what its schema says, and a strict validator takes every schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sordiff import schemas
from tests.cli.calling import good, rows
from tests.contract.validating import validator
from tests.making.demo import DEMO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NIGHTS = sorted(DEMO.glob("*.zip"))
# Where Ajv in its strict mode finds another one, it refuses the schema.
KEYWORDS = {
    *("$schema", "$id", "$defs", "$ref", "title", "description", "default", "examples"),
    *("type", "enum", "const", "anyOf", "allOf", "oneOf", "format", "pattern"),
    *("properties", "required", "additionalProperties", "propertyNames"),
    *("items", "prefixItems", "minItems", "maxItems", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
FORMATS = {"date", "date-time", "uri", "uri-reference", "uuid"}
# The type that each keyword needs beside it.
OF_TYPE = {
    "properties": "object",
    "required": "object",
    "additionalProperties": "object",
    "items": "array",
    "prefixItems": "array",
    "pattern": "string",
    "format": "string",
    "minLength": "string",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("demo")
    good(made, "ingest", *NIGHTS)
    return made


def written(folder: Path, *words: str | Path) -> Any:
    return json.loads(good(folder, *words, "--format", "json"))


def test_check_status_and_diff_write_what_their_schemas_say(folder: Path) -> None:
    for night in NIGHTS:
        validator("check").validate(written(folder, "check", night))
    validator("check_coverage").validate(written(folder, "check", NIGHTS[0], "--coverage"))
    validator("status").validate(written(folder, "status"))
    found = written(folder, "diff", *NIGHTS[:2])
    assert found
    validator("diff").validate(found)


def test_show_and_history_write_what_their_schemas_say(folder: Path) -> None:
    changed = "SELECT DISTINCT subject FROM v_changes WHERE type NOT LIKE 'classification.%'"
    for (subject,) in rows(folder, changed):
        validator("history").validate(written(folder, "history", subject))
        for day in ((), ("--as-of", "2024-03-04")):
            validator("show").validate(written(folder, "show", subject, *day))


def test_show_writes_candidates_as_its_schema_says(folder: Path) -> None:
    found = written(folder, "show", "afsnit")
    assert found["about"] == "candidates"
    validator("show").validate(found)


def test_the_schemas_refuse_what_is_not_written(folder: Path) -> None:
    found = written(folder, "status")
    assert not validator("status").is_valid({**found, "units": 3})
    del found["last_sequence"]
    assert not validator("status").is_valid(found)


@pytest.mark.parametrize("name", sorted(schemas.read_shipped_schemas()))
def test_a_strict_validator_takes_every_schema(name: str) -> None:
    assert not list(_list_faults(schemas.read_shipped_schemas()[name], name))


def test_the_rules_of_a_strict_validator_find_a_fault() -> None:
    faulty: tuple[dict[str, Any], ...] = (
        {"discriminator": {}},
        {"properties": {}},
        {"type": "string", "format": "gln"},
        {"type": "array", "prefixItems": [{}], "minItems": 1},
        {"type": ["string", "integer"]},
        {"type": ["string", "null"], "items": {}},
    )
    for schema in faulty:
        assert list(_list_faults(schema, "it")), schema


def _list_faults(schema: Any, path: str) -> Iterator[str]:
    """What Ajv would not compile with `strict: true`, by its place."""
    if not isinstance(schema, dict):
        return
    yield from (f"{path}: unknown {key}" for key in schema.keys() - KEYWORDS)
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    if {*kinds[1:]} - {"null"} or len(kinds) > 2:
        yield f"{path}: several types"
    yield from (
        f"{path}: {key} without its type"
        for key, needed in OF_TYPE.items()
        if key in schema and needed not in kinds
    )
    if schema.get("format", "date") not in FORMATS:
        yield f"{path}: unknown format {schema['format']}"
    if "prefixItems" in schema:
        sizes = {schema.get("minItems"), schema.get("maxItems"), len(schema["prefixItems"])}
        if len(sizes) > 1:
            yield f"{path}: a tuple of no certain length"
    for key in ("properties", "$defs"):
        for name, below in schema.get(key, {}).items():
            yield from _list_faults(below, f"{path}/{name}")
    for key in ("anyOf", "allOf", "oneOf", "prefixItems"):
        for below in schema.get(key, ()):
            yield from _list_faults(below, f"{path}/{key}")
    for key in ("items", "additionalProperties", "propertyNames"):
        yield from _list_faults(schema.get(key), f"{path}/{key}")
