"""The schemas that ship are those of the code, and of the contract's version they keep every field."""

import json
from pathlib import Path

import pytest

from sordiff import schemas
from sordiff.events import EVENT_TYPES
from sordiff.resolved import STATE_TYPES
from sordiff.run_events import RUN_EVENT_TYPES
from sordiff.schemas.plain_forms import write_plain_forms
from tests.contract.validating import validator
from tests.scenarios.telling import sordiff

NULL = {"type": "null"}
RELEASED = Path(__file__).parent / "released"


def test_shipped_schemas_are_those_of_the_code() -> None:
    assert schemas.read_shipped_schemas() == schemas.generate_schemas(), (
        "run `make schemas` and read the difference"
    )


def test_all_that_is_published_or_written_as_json_has_a_schema() -> None:
    published = {*EVENT_TYPES, *STATE_TYPES, *RUN_EVENT_TYPES}
    assert set(schemas.read_shipped_schemas()) == {
        *published,
        "unit",
        "cloudevent",
        *("check", "check_coverage", "diff", "history", "report", "show", "status"),
        "reconciliation",
    }


@pytest.mark.parametrize("name", sorted(schemas.read_shipped_schemas()))
def test_each_schema_is_valid_and_named(name: str) -> None:
    schema = schemas.read_shipped_schemas()[name]
    assert schema["$id"] == f"urn:sordiff:schema:{name}:v1"
    validator(name)


def test_a_wrong_event_is_found() -> None:
    wrong = {"snapshot": {"before": "2024-01-01", "after": "2024-01-02"}}
    assert not validator("unit.renamed").is_valid(wrong)


@pytest.mark.parametrize("path", sorted(RELEASED.glob("*.json")), ids=lambda path: path.stem)
def test_no_field_of_a_released_schema_was_removed_or_changed(path: Path) -> None:
    released = json.loads(path.read_text(encoding="utf-8"))
    now = schemas.read_shipped_schemas()[path.stem]
    assert _missing(write_plain_forms(released), now) == []


def test_schemas_can_be_exported(tmp_path: Path) -> None:
    sordiff("schemas", "export", str(tmp_path / "out"), folder=tmp_path)
    names = {path.stem for path in (tmp_path / "out").glob("*.json")}
    assert names == {*schemas.read_shipped_schemas(), "asyncapi"}


def _missing(released: object, now: object, path: str = "") -> list[str]:
    """Paths of the released schema that are not there now, words for people left out."""
    if isinstance(released, dict):
        if not isinstance(now, dict):
            return [path]
        if released == NULL and NULL in now.get("anyOf", ()):
            return []  # what is always null is said to be what it is in other events
        return [
            found
            for key, value in released.items()
            if key not in {"description", "title"}
            for found in _missing(value, now.get(key), f"{path}/{key}")
        ]
    if isinstance(released, list):
        kept = now if isinstance(now, list) else []
        return [f"{path}/{value}" for value in released if value not in kept]
    return [] if released == now else [path]
