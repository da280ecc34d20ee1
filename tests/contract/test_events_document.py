"""docs/events.md is what the code and the stories say today, and each of its samples is a true event."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest

from sordiff.events import CATALOGUE, EVENT_TYPES, EventData
from sordiff.run_events import RUN_EVENT_TYPES
from sordiff.wire import decode, decode_line, encode_canonically, encode_data, find_short_name
from tests.contract.event_meanings import COMMON, RUN_MEANINGS
from tests.contract.events_document import DOCUMENT, rendered, samples
from tests.contract.validating import validate_line, validator

SECTION = re.compile(r"^### (\S+)$.*?^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def documented() -> dict[str, Any]:
    """Each sample of the document, by the heading above it."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return {name: json.loads(block) for name, block in SECTION.findall(text)}


def test_the_document_is_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == rendered(), "python -m tests.contract.events_document"


def test_every_type_has_its_section_and_its_meaning() -> None:
    assert set(documented()) == {*EVENT_TYPES, *RUN_EVENT_TYPES}
    assert all(row.meaning for row in CATALOGUE)
    assert set(RUN_MEANINGS) == set(RUN_EVENT_TYPES)
    assert list(COMMON) == [field.encode_name for field in msgspec.structs.fields(EventData)]


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_a_sample_is_a_true_event(name: str) -> None:
    data = documented()[name]
    validator(name).validate(data)
    line = samples()[name]
    validate_line(line)
    envelope, event = decode_line(line)
    assert find_short_name(envelope.type) == event.name == name
    assert encode_canonically(envelope) == line
    assert encode_data(event) == compact(data) == bytes(envelope.data)
    assert decode(name, event.subject, compact(data)) == event


@pytest.mark.parametrize("name", RUN_EVENT_TYPES)
def test_a_sample_of_what_is_told_of_runs_is_true(name: str) -> None:
    data = documented()[name]
    validator(name).validate(data)
    read = msgspec.json.decode(compact(data), type=RUN_EVENT_TYPES[name])
    assert encode_canonically(read) == compact(data)


def test_the_envelope_is_shown_whole() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = re.search(r"^```json\n(\{\n  \"specversion\".*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert shown is not None
    line = compact(json.loads(shown[1]))
    validate_line(line)
    assert line in samples().values()
