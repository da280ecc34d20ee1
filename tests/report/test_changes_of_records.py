"""A change is made of the data of an event in one of two ways, and is the same in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings

from sordiff.events import EVENT_TYPES, Event
from sordiff.model import Day
from sordiff.report.change_from_event import RecordedEvent, change_from_event
from sordiff.report.change_from_record import find_change_builder
from sordiff.report.folding import find_gaps, fold_changes
from sordiff.report.referenced_units import collect_named_units, list_named_units
from sordiff.store.changelog import SqliteChangelog
from sordiff.wire import find_short_name
from tests.looking.recording import recorded
from tests.making.strategies import chains
from tests.scenarios.telling import folders

if TYPE_CHECKING:
    from pathlib import Path

    from tests.making.plain import PlainRegister

DAY = Day("2024-03-06")


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_of_every_event_of_the_stories(folder: Path) -> None:
    for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines():
        envelope = msgspec.json.decode(line)
        name, subject = find_short_name(envelope["type"]), envelope["subject"]
        data = msgspec.json.encode(envelope["data"])
        event = Event(subject=subject, data=msgspec.json.decode(data, type=EVENT_TYPES[name]))
        by_event = change_from_event(RecordedEvent(run=2, day=DAY, event=event))
        assert find_change_builder(name)(subject, data, 2, DAY) == by_event


@settings(max_examples=25)
@given(chains(3, intensity=12))
def test_of_what_was_recorded(chain: list[PlainRegister]) -> None:
    with (
        recorded(chain, [2] * 3, [False] * 3) as (database, _),
        SqliteChangelog(database).open_to_query() as session,
    ):
        runs = session.runs.list_accepted(None, None)
        told, none = session.report.read_changes(runs, ())
        also_told, events = session.report.read_changes(runs, EVENT_TYPES)
        assert told == also_told == [change_from_event(event) for event in events]
        assert none == []
        folded = fold_changes(told, find_gaps(events))
        for change in (*told, *folded.changes, *folded.undone):
            named = collect_named_units([change])
            assert named == set(list_named_units(change)), "and of most types none"
