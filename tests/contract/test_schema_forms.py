"""The schemas are written so that code generators make classes with names of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sordiff import schemas
from sordiff.schemas.plain_forms import write_plain_forms

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED = schemas.read_shipped_schemas()


def walk(part: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(part, dict):
        yield path, part
    for key, each in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(each, dict | list):
            yield from walk(each, f"{path}/{key}")


def becomes_a_class(part: dict[str, Any]) -> bool:
    return "enum" in part or (part.get("type") == "object" and "properties" in part)


def walk_all() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in SHIPPED.items():
        yield from walk(schema, name)


def test_what_becomes_a_class_has_a_title_and_a_title_means_one_thing() -> None:
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    for path, part in walk_all():
        if becomes_a_class(part):
            said = {key: part.get(key) for key in ("enum", "properties", "required")}
            assert seen.setdefault((path.split("/")[0], part["title"]), said) == said, path


def test_null_is_said_by_the_type_or_beside_a_named_record() -> None:
    for path, part in walk_all():
        choices = part.get("anyOf", ())
        if {"type": "null"} in choices and len(choices) == 2:
            assert "$ref" in choices[0] or "prefixItems" in choices[0], path
            assert part.get("title", "").endswith("OrNull") or "$ref" not in choices[0], path


def test_no_field_may_hold_anything_and_no_root_refers_elsewhere() -> None:
    assert not [name for name, schema in SHIPPED.items() if "$ref" in schema]
    for path, part in walk_all():
        if path.endswith("/properties"):
            for field, said in part.items():
                assert {"type", "$ref", "anyOf", "enum"} & said.keys(), f"{path}/{field}"
                assert said.get("type") != "null", f"{path}/{field}"


def test_nothing_is_one_of_two_that_are_the_same() -> None:
    """A generator that knows no union makes of those what may hold anything."""
    for path, part in walk_all():
        choices = part.get("anyOf", [])
        assert len(choices) != 1, path
        assert all(choice not in choices[:at] for at, choice in enumerate(choices)), path


def test_every_definition_is_needed() -> None:
    for name, schema in SHIPPED.items():
        used = {part["$ref"] for _, part in walk(schema, name) if "$ref" in part}
        assert used == {f"#/$defs/{made}" for made in schema.get("$defs", ())}, name


def test_forms_are_rewritten_and_mean_the_same() -> None:
    nullable = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    record = {"anyOf": [{"$ref": "#/$defs/Unit"}, {"type": "null"}]}
    made = write_plain_forms(
        {
            "$ref": "#/$defs/Shown",
            "title": "show",
            "$defs": {
                "Shown": {
                    "title": "Shown",
                    "type": "object",
                    "properties": {"name": nullable, "unit": record, "about": {"enum": ["unit"]}},
                },
                "Unit": {"title": "Unit", "type": "object", "properties": {"value": {}}},
                "Left": {"title": "Left", "type": "object"},
            },
        }
    )
    assert made["title"] == "show"
    assert made["properties"] == {
        "name": {"type": ["string", "null"]},
        "unit": {"title": "UnitOrNull", **record},
        "about": {"title": "ShownAbout", "enum": ["unit"]},
    }
    assert made["$defs"]["Unit"]["properties"] == {"value": {"$ref": "#/$defs/FieldValue"}}
    assert {"FieldValue", "FieldItem", "OtherValue", "OtherItem"} < made["$defs"].keys()
    assert not {"Left", "Shown"} & made["$defs"].keys()
