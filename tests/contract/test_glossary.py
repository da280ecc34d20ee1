"""docs/glossary.md has every canonical field and every event, with the Danish words that the report uses."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import fields

from sordiff.events import EVENT_TYPES
from sordiff.model import Address, Contact, LocationNumber, PostalAddress, Status, Unit
from sordiff.render.language import catalogue
from tests.scenarios.telling import ROOT

ROWS = re.findall(
    r"^\| (.+?) \| (.+?) \|", (ROOT / "docs" / "glossary.md").read_text("utf-8"), re.MULTILINE
)
NAMES = {name: danish for names, danish in ROWS for name in re.findall(r"`([a-z0-9_.]+)`", names)}
RECORDS = (Unit, LocationNumber, Address, PostalAddress, Contact, Status)
FIELDS = sorted({field.encode_name for record in RECORDS for field in fields(record)})
DANISH = catalogue("da")


@pytest.mark.parametrize("name", FIELDS)
def test_each_canonical_field_is_in_it(name: str) -> None:
    assert name in NAMES


@pytest.mark.parametrize("name", [name for name in FIELDS if DANISH.field(name) != name])
def test_a_field_has_the_danish_word_of_the_report(name: str) -> None:
    if not name.startswith(("local_attribute", "coordinate")):  # several in one row
        assert NAMES[name] == DANISH.field(name)


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
def test_each_event_is_in_it_with_the_title_of_the_report(name: str) -> None:
    assert NAMES[name] == DANISH.title(name)
