"""JSON Schemas of what commands write with `--format json`, but for the report."""

import json
from inspect import cleandoc
from typing import Any, Final

import msgspec

from sordiff.model import LATER_FIELDS
from sordiff.report.command_results import CheckReport, CoverageReport, StatusReport
from sordiff.report.lookup_results import Life, LifeEntry, Shown
from sordiff.wire import build_schema_id

# By the name of the schema; `check_coverage` is written by `check --coverage`.
_RECORDS: Final[dict[str, Any]] = {
    "check": CheckReport,
    "check_coverage": CoverageReport,
    "history": Life,
    "show": Shown,
    "status": StatusReport,
}


def generate_output_schemas(
    dialect: str, envelope: dict[str, Any], left_out: frozenset[str]
) -> dict[str, dict[str, Any]]:
    """The schemas by name. `left_out`: records that leave out a field with its default."""
    shortened = left_out | {LifeEntry.__name__}
    made = {name: _output(name, dialect, shortened) for name in _RECORDS}
    items = {key: value for key, value in envelope.items() if not key.startswith("$")}
    made["diff"] = {
        "$schema": dialect,
        "$id": build_schema_id("diff"),
        "title": "diff",
        "description": "The events of `sordiff diff`, in order; none has a sequence or a run.",
        "type": "array",
        "items": items,
    }
    return made


def complete_tuples(schema: Any) -> None:
    """Say of each tuple how long it is, as a strict validator wants it."""
    for value in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(value, dict | list):
            complete_tuples(value)
    if isinstance(schema, dict) and "prefixItems" in schema:
        schema.setdefault("maxItems", schema["minItems"])
        schema.setdefault("items", False)


def _output(name: str, dialect: str, shortened: frozenset[str]) -> dict[str, Any]:
    root = msgspec.json.schema(_RECORDS[name])
    definitions = root.pop("$defs")
    for record, definition in definitions.items():
        if "description" in definition:
            definition["description"] = cleandoc(definition["description"])
        if record not in shortened:
            _require_written(definition)
    # Of OpenAPI, and not of JSON Schema; the field `about` has a constant in each kind.
    root.pop("discriminator", None)
    made = {
        "$schema": dialect,
        "$id": build_schema_id(name),
        "title": name,
        **root,
        "$defs": definitions,
    }
    # Defaults as JSON has them: lists, not tuples.
    plain: dict[str, Any] = json.loads(json.dumps(made))
    complete_tuples(plain)
    return plain


def _require_written(definition: dict[str, Any]) -> None:
    """Require all fields but those that are left out where there is nothing to tell."""
    if "properties" not in definition:
        return
    required = {*definition.get("required", ())}
    definition["required"] = [
        field
        for field, schema in definition["properties"].items()
        if (field in required or "default" in schema) and field not in LATER_FIELDS
    ]
    for schema in definition["properties"].values():
        schema.pop("default", None)
