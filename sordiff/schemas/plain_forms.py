"""A schema in the forms that code generators read well; it takes and refuses the same values.

A generator names a class after a title, and knows one way to say that a text may be null. What it
finds said otherwise becomes a class without a name, or one that holds anything.
"""

from typing import Any, Final

_REFERENCE: Final = "#/$defs/"
_NULL: Final = {"type": "null"}
_OTHER_VALUE: Final = "OtherValue"
# As `OtherValue` of the records is generated: of what its lists hold, a type says nothing.
_ANY_LIST: Final = [{"type": "string"}, {"type": "array"}]
_FIELD_VALUE: Final = "FieldValue"
_NAMED_VALUES: Final[dict[str, dict[str, Any]]] = {
    _FIELD_VALUE: {
        "title": _FIELD_VALUE,
        "description": "What stands at a path of a unit or number; null is absent.",
        "anyOf": [
            {"type": "string"},
            {"type": "boolean"},
            {"type": "array", "items": {"$ref": "#/$defs/FieldItem"}},
            {"type": "null"},
        ],
    },
    "FieldItem": {
        "title": "FieldItem",
        "description": "One of several: a text, or texts by name.",
        "anyOf": [
            {"type": "string"},
            {
                "title": "FieldItems",
                "type": "object",
                "additionalProperties": {
                    "title": "OtherValueOrNull",
                    "anyOf": [{"$ref": "#/$defs/OtherValue"}, {"type": "null"}],
                },
            },
        ],
    },
    _OTHER_VALUE: {
        "title": _OTHER_VALUE,
        "description": "What stands at a path that has no name: a text, or what is repeated there.",
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/OtherItem"}}],
    },
    # Of what is repeated within, no more is said: some generators know no definition that holds
    # itself.
    "OtherItem": {
        "title": "OtherItem",
        "description": "One of several that are repeated: a text, or values by relative path.",
        "anyOf": [
            {"type": "string"},
            {
                "title": "OtherItems",
                "type": "object",
                "additionalProperties": {"title": "OtherItemValue", "anyOf": _ANY_LIST},
            },
        ],
    },
}


def write_plain_forms(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema: no reference at its root, nullable texts by their type, all has a title."""
    definitions = {name: _rewrite(part) for name, part in schema.get("$defs", {}).items()}
    root = _rewrite({key: value for key, value in schema.items() if key != "$defs"})
    if "$ref" in root:
        root = {**definitions[root.pop("$ref").removeprefix(_REFERENCE)], **root}
    known = {**_NAMED_VALUES, **definitions}
    found = _find_references(root, known)
    kept = {name: known[name] for name in (*definitions, *_NAMED_VALUES) if name in found}
    return {**root, **({"$defs": kept} if kept else {})}


def _rewrite(part: Any) -> Any:
    if isinstance(part, list):
        return [_rewrite(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {key: _rewrite(value) for key, value in part.items()}
    if "properties" in made:
        made["properties"] = {
            name: _name_property(field, made.get("title", ""), name)
            for name, field in made["properties"].items()
        }
    choices = made.pop("anyOf", None)
    return made if choices is None else {**made, **_write_choices(choices)}


def _write_choices(choices: list[dict[str, Any]]) -> dict[str, Any]:
    if choices == _ANY_LIST:
        return {"$ref": f"{_REFERENCE}{_OTHER_VALUE}"}
    choices = [choice for at, choice in enumerate(choices) if choice not in choices[:at]]
    if len(choices) == 1:  # of two kinds of text, both written as a text
        return choices[0]
    if len(choices) == 2 and choices[1] == _NULL:  # noqa: PLR2004  # something or null
        one = choices[0]
        if "$ref" in one:
            return {"title": f"{one['$ref'].removeprefix(_REFERENCE)}OrNull", "anyOf": choices}
        if isinstance(one.get("type"), str):
            return {**one, "type": [one["type"], "null"]}
    return {"anyOf": choices}


def _name_property(field: dict[str, Any], owner: str, name: str) -> dict[str, Any]:
    """A property with a title of its own where its values are listed; none may hold anything."""
    if not field.keys() - {"default", "description"}:
        return {**field, "$ref": f"{_REFERENCE}{_FIELD_VALUE}"}
    if "enum" in field and "title" not in field:
        return {"title": f"{owner}{name.title().replace('_', '')}", **field}
    return field


def _find_references(part: Any, definitions: dict[str, Any]) -> set[str]:
    """The names of the definitions to which it refers, and to which those do in turn."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        here = waiting.pop()
        waiting += here.values() if isinstance(here, dict) else here
        waiting = [each for each in waiting if isinstance(each, dict | list)]
        name = here.get("$ref", "").removeprefix(_REFERENCE) if isinstance(here, dict) else ""
        if name in definitions and name not in found:
            found.add(name)
            waiting.append(definitions[name])
    return found
