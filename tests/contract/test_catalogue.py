"""The catalogue has every event type, and is the only place that knows one by its name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from sordiff.events import (
    CATALOGUE,
    FIELD_BY_DATA,
    TYPE_BY_DATA,
    TYPE_BY_NAME,
    AnyEventData,
    EventType,
    Subject,
    UnitEventData,
    UnitFieldChanged,
)
from sordiff.events.classifications import ClassificationEventData
from sordiff.events.location_numbers import LocationNumberEventData
from sordiff.model import Unit
from tests.scenarios.telling import ROOT

PACKAGE = ROOT / "sordiff"
# What these hold is fixed for ever: steps of the schema, which stay as they were released.
FROZEN = {"store/early_migrations.py", "store/migrations.py"}
# Help for people, in which a type is an example.
PROSE = {"cli/events.py"}
NAMES = sorted(TYPE_BY_NAME, key=len, reverse=True)
WHOLE_NAME = re.compile(rf"(?<![\w.$])(?:{'|'.join(map(re.escape, NAMES))})(?!\w)")
# What stands before the name of a type where it is published, and in the files of the languages.
PREFIX = re.compile(r"(?<![\w.$])(?:sordiff|title|did)\.")
PATTERN = re.compile(rf"(?<![\w.$])(?:{'|'.join(Subject)})\.%")
BASES = {
    Subject.UNIT: UnitEventData,
    Subject.LOCATION_NUMBER: LocationNumberEventData,
    Subject.CLASSIFICATION: ClassificationEventData,
}


def says_an_event_type(text: str) -> bool:
    """Whether a text has the name of an event type, or is how such names begin."""
    text = PREFIX.sub("", text)
    if WHOLE_NAME.search(text) or PATTERN.search(text):
        return True
    return "." in text and any(name.startswith(text) for name in NAMES)


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """The docstrings of a module, its classes and functions, those of attributes included."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def texts_with_event_types(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spared = docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node in spared:
            continue
        if isinstance(node.value, str) and says_an_event_type(node.value):
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {node.value.strip()[:60]!r}"


def test_no_module_names_an_event_type_outside_the_catalogue() -> None:
    found = {
        module: texts
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.is_relative_to(PACKAGE / "events" / "catalogue")
        and (module := path.relative_to(PACKAGE).as_posix()) not in FROZEN | PROSE
        and (texts := list(texts_with_event_types(path)))
    }
    assert not found, "\n".join(text for texts in found.values() for text in texts)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("unit.created", True),
        ("unit.", True),
        ("location_number.", True),
        ("unit.clos", True),
        ("SELECT * FROM events WHERE type = 'unit.moved'", True),
        ("type LIKE 'unit.%'", True),
        ("such as unit.closed", True),
        ("sordiff.unit.closed.v1", True),
        ("type LIKE 'sordiff.unit.%'", True),
        ("title.unit.closed", True),
        ("sordiff.unit", False),
        ("unit.name", False),
        ("unit.state", False),
        ("unit", False),
        (".", False),
        ("location_number.check_digit", False),
    ],
)
def test_what_counts_as_the_name_of_a_type(text: str, says: bool) -> None:
    assert says_an_event_type(text) is says


def test_every_class_of_the_union_has_one_row() -> None:
    classes = get_args(AnyEventData)
    assert len(CATALOGUE) == len(classes) == len(TYPE_BY_DATA) == len(TYPE_BY_NAME)
    assert set(TYPE_BY_DATA) == set(classes)


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_a_row_agrees_with_its_class(row: EventType) -> None:
    assert issubclass(row.data, BASES[row.subject])
    assert (row.data in FIELD_BY_DATA) == issubclass(row.data, UnitFieldChanged)
    assert row.field is None or row.field in Unit.__struct_fields__


def test_a_field_is_told_by_one_type_at_most() -> None:
    fields = [row.field for row in CATALOGUE if row.field is not None]
    assert len(fields) == len(set(fields))


def test_the_events_of_one_field_have_its_value_before_and_after() -> None:
    for data in FIELD_BY_DATA:
        own = {field.name for field in msgspec.structs.fields(data)}
        assert {"before", "after"} <= own
