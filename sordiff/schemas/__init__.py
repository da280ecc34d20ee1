"""JSON Schemas of events, states, runs, the envelope, own lists and what commands write.

The files beside this module are what ships; `make schemas` writes them anew, and a test holds them
against the code.
"""

import json
from importlib.resources import files
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from sordiff.errors import SordiffError
from sordiff.events import EVENT_TYPES
from sordiff.events.parts import EventData
from sordiff.model import LATER_FIELDS, Record, Unit
from sordiff.reconcile.verdict import Reconciliation
from sordiff.report import Asked, Change, Difference, FindingLine, Report, UnitEntry
from sordiff.resolved import STATE_TYPES
from sordiff.run_events import RUN_EVENT_TYPES
from sordiff.schemas.command_output import complete_tuples, generate_output_schemas
from sordiff.schemas.plain_forms import write_plain_forms
from sordiff.wire import CloudEvent, build_schema_id

# The document that refers to the schemas lies beside them.
ASYNCAPI = "asyncapi"

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ALWAYS_NULL = "Always null in this event."
# Written in every event but of a stateless diff; all other fields are always written.
_OPTIONAL_OF_EVENTS = frozenset({"run"})
# Fields that are there only where they were asked for.
_UNSET = {Asked.__name__: frozenset({"list"})}
# Of an alert, wherever it stands: left out where there is none.
_SOMETIMES = frozenset({"mapping"})
# Records of a report whose fields are left out where they hold their default.
_LEFT_OUT = frozenset(
    record.__name__
    for record in (Change, Difference, FindingLine, UnitEntry)
    if record.__struct_config__.omit_defaults
)


def generate_schemas() -> dict[str, dict[str, Any]]:
    """All schemas by name, made from the code."""
    records: dict[str, type[Record]] = {"unit": Unit, **STATE_TYPES, **RUN_EVENT_TYPES}
    made = {
        name: _schema(name, record, _OPTIONAL_OF_EVENTS) for name, record in EVENT_TYPES.items()
    }
    made |= {name: _schema(name, record) for name, record in records.items()}
    made["cloudevent"] = _envelope()
    made["report"] = _document("report", Report)
    made["reconciliation"] = _document("reconciliation", Reconciliation)
    made |= generate_output_schemas(_DIALECT, made["cloudevent"], _LEFT_OUT)
    return {name: write_plain_forms(schema) for name, schema in made.items()}


def read_shipped_schemas() -> dict[str, dict[str, Any]]:
    """All schemas by name, as they lie in the package."""
    found = (entry for entry in files(__package__).iterdir() if entry.name.endswith(".json"))
    return {
        entry.name.removesuffix(".json"): json.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(found, key=lambda entry: entry.name)
        if entry.name != f"{ASYNCAPI}.json"
    }


def read_shipped_asyncapi() -> dict[str, Any]:
    """The AsyncAPI document as it lies in the package."""
    text = files(__package__).joinpath(f"{ASYNCAPI}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def export_schemas(folder: Path, schemas: dict[str, dict[str, Any]]) -> None:
    """Write each schema as NAME.json; the folder is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, schema in schemas.items():
            text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"The schemas could not be written to {folder}: {error.strerror}."
        raise SordiffError(message, advice="Give a folder that can be written to.") from error


def _schema(
    name: str, record: type[Record], optional: frozenset[str] = frozenset()
) -> dict[str, Any]:
    components = msgspec.json.schema(record)
    definitions = components["$defs"]
    root = definitions.pop(record.__name__)
    if issubclass(record, EventData):
        definitions = _type_nulls(root["properties"]) | definitions
    for definition in (root, *definitions.values()):
        _require_all(definition, optional)
    return {
        "$schema": _DIALECT,
        "$id": build_schema_id(name),
        **root,
        "title": name,
        **({"$defs": definitions} if definitions else {}),
    }


def _type_nulls(properties: dict[str, Any]) -> dict[str, Any]:
    """Say of what is always null in this event what it is in others; the definitions for that.

    A generator then gives all events the same fields, and no field that holds anything.
    """
    common = msgspec.json.schema(EventData)["$defs"]
    in_others = common.pop(EventData.__name__)["properties"]
    twins = {"before": properties.get("after"), "after": properties.get("before"), **in_others}
    always_null = [name for name, field in properties.items() if field.get("type") == "null"]
    for name in always_null:
        choices = twins[name].get("anyOf", [twins[name]])
        properties[name] = {"description": _ALWAYS_NULL, "anyOf": [choices[0], {"type": "null"}]}
    return common if always_null else {}


def _require_all(definition: dict[str, Any], optional: frozenset[str] = frozenset()) -> None:
    if "properties" in definition:
        may_be_absent = optional | _SOMETIMES | LATER_FIELDS
        definition["required"] = [n for n in definition["properties"] if n not in may_be_absent]
        for field in definition["properties"].values():
            field.pop("default", None)


def _document(name: str, record: type[Struct]) -> dict[str, Any]:
    """A whole answer; of what is there in thousands a field that says nothing is left out."""
    components = msgspec.json.schema(record)
    definitions = components["$defs"]
    root = definitions.pop(record.__name__)
    for part, definition in ((record.__name__, root), *definitions.items()):
        definition["description"] = cleandoc(definition["description"])
        if part not in _LEFT_OUT:
            _require_all(definition, _UNSET.get(part, frozenset()))
    made = {"$schema": _DIALECT, "$id": build_schema_id(name), **root, "$defs": definitions}
    # Defaults as JSON has them: lists, not tuples.
    plain: dict[str, Any] = json.loads(json.dumps(made))
    complete_tuples(plain)
    return plain


def _envelope() -> dict[str, Any]:
    schema = msgspec.json.schema(CloudEvent)["$defs"]["CloudEvent"]
    for field in schema["properties"].values():
        field.pop("default", None)
    schema["properties"]["data"] = {"type": "object"}
    schema["properties"]["sequence"] = {"type": "string", "pattern": "^[0-9]{20}$"}
    schema["properties"]["time"] = {"type": "string", "format": "date-time"}
    schema["required"] = [name for name in schema["properties"] if name != "sequence"]
    return {"$schema": _DIALECT, "$id": build_schema_id("cloudevent"), **schema}
