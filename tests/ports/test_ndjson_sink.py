"""The contract of a sink, kept by a folder, and what only a folder can do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from sordiff.errors import NotPublished, PublishingRefused
from sordiff.event_sink import LOCATION_NUMBERS, UNITS
from sordiff.ndjson.sink import NdjsonSink
from tests.full_disk import no_file_larger_than
from tests.ports.sink_suite import *  # noqa: F403  # its tests
from tests.ports.sink_suite import arrived, event_rows, held, record, run

if TYPE_CHECKING:
    from sordiff.event_sink import StateTopic
    from tests.ports.sink_suite import Read


class FolderPlace:
    source = "urn:test:folder"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sink(self) -> NdjsonSink:
        return NdjsonSink(self.folder)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("[!.]*.ndjson"))

    def events(self) -> list[Read]:
        lines = [
            line for name in self.files() for line in (self.folder / name).read_bytes().splitlines()
        ]
        return [
            (type_, key, data) for type_, key, data in map(_read, lines) if ".run." not in type_
        ]

    def state(self) -> dict[tuple[StateTopic, str], bytes]:
        found: dict[tuple[StateTopic, str], bytes] = {}
        topics: tuple[StateTopic, ...] = ("units", "location-numbers")
        for topic in topics:
            path = self.folder / "state" / f"{topic}.ndjson"
            for line in path.read_bytes().splitlines() if path.exists() else ():
                _, key, data = _read(line)
                found[topic, key] = data
        return found


def _read(line: bytes) -> Read:
    event = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    return (
        json.loads(bytes(event["type"])),
        json.loads(bytes(event["subject"])),
        bytes(event["data"]),
    )


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path / "out")


def send(place: FolderPlace, *run_ids: int) -> None:
    with place.sink().begin(place.source) as session:
        for run_id in run_ids:
            session.send_run(run(run_id, event_rows(run_id, 1)))


def test_the_names_sort_and_say_what_they_hold(place: FolderPlace) -> None:
    send(place, 9, 10)
    with place.sink().begin(place.source) as session:
        session.send_run_event(held(11))
    assert place.files() == [
        "00000009-2024-03-06-run-9.ndjson",
        "00000010-2024-03-06-run-10.ndjson",
        "00000011-2024-03-07-run-11.run.held.ndjson",
    ]


def test_a_name_comes_after_all_that_are_there(place: FolderPlace) -> None:
    """The positions of another changelog may have gone further."""
    send(place, 900, 7)
    assert place.files()[-1] == "00000901-2024-03-06-run-7.ndjson"


def test_what_was_left_unfinished_is_taken_away(place: FolderPlace) -> None:
    send(place, 1)
    left = place.folder / ".00000002-2024-03-06-run-2.ndjson.unfinished"
    left.write_bytes(b'{"half')
    (place.folder / "notes.txt").write_text("mine")
    assert arrived(place) == ["run.started-1", "run.completed-1"]
    assert not left.exists()
    assert (place.folder / "notes.txt").read_text() == "mine"


def test_what_others_left_unfinished_stays(place: FolderPlace) -> None:
    """A folder within may be a sink of its own, with a publisher at work."""
    send(place, 1)
    within = place.folder / "within"
    within.mkdir()
    theirs = [
        within / ".00000002-2024-03-06-run-2.ndjson.unfinished",
        place.folder / ".holiday.jpg.unfinished",
    ]
    for path in theirs:
        path.write_bytes(b"half")
    send(place, 2)
    assert [path.read_bytes() for path in theirs] == [b"half", b"half"]


def test_one_folder_is_one_sink_by_any_path(place: FolderPlace, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(place.folder)
    names = {NdjsonSink(path).name for path in (link, tmp_path / "x" / ".." / "out")}
    assert names == {place.sink().name}


def test_a_lock_that_leads_elsewhere_empties_nothing(place: FolderPlace, tmp_path: Path) -> None:
    place.folder.mkdir()
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (place.folder / ".sordiff.lock").symlink_to(mine)
    send(place, 1)
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("largest", [UNITS, LOCATION_NUMBERS])
def test_of_the_state_nothing_is_replaced_unless_all_of_it_can_be(
    place: FolderPlace, largest: StateTopic
) -> None:
    before = [record(UNITS, "1", b"1"), record(LOCATION_NUMBERS, "57", b"1")]
    after = [record(UNITS, "1", b"2"), record(LOCATION_NUMBERS, "57", b"2")]
    after += [record(largest, "9", b'"' + b"x" * 900 + b'"')]
    with place.sink().begin(place.source) as session:
        session.replace_state(before, 1)
        with no_file_larger_than(1024), pytest.raises(NotPublished, match="File too large"):
            session.replace_state(after, 2)
    assert set(place.state().values()) == {b"1"}


@pytest.mark.parametrize("keep", ["no line", "half a line", "the first lines"])
def test_a_file_that_is_not_whole_is_refused(place: FolderPlace, keep: str) -> None:
    send(place, 1)
    [name] = place.files()
    text = (place.folder / name).read_bytes()
    lines = text.splitlines(keepends=True)
    kept = {"no line": b"", "half a line": text[:-9], "the first lines": b"".join(lines[:-1])}
    (place.folder / name).write_bytes(kept[keep])
    with pytest.raises(PublishingRefused) as refused:
        arrived(place)
    assert name in str(refused.value)


@pytest.mark.parametrize("line", [b"hello", b'{"id":"\xff"}', b'{"x":' + b"[" * 50_000])
def test_lines_that_nobody_of_us_wrote_are_refused(place: FolderPlace, line: bytes) -> None:
    send(place, 1)
    (place.folder / "00000002-2024-03-06-run-2.ndjson").write_bytes(line + b"\nworld\n")
    with pytest.raises(PublishingRefused, match="sordiff did not write"):
        arrived(place)


def test_a_long_last_line_is_read_whole(place: FolderPlace) -> None:
    long = run(1, event_rows(1, 1))
    data = b'{"run":{"id":1},"counts":"' + b"x" * 20_000 + b'"}'
    completed = msgspec.structs.replace(long.completed, data=data)
    with place.sink().begin(place.source) as session:
        session.send_run(msgspec.structs.replace(long, completed=completed))
        assert [event.data for event in session.read_run_events().events][-1] == data


def test_the_folder_above_must_be_there(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path / "none" / "out")
    with pytest.raises(PublishingRefused, match="No such file"):
        arrived(place)
    assert not (tmp_path / "none").exists()


def test_a_file_in_its_place_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises((PublishingRefused, NotPublished)):
        arrived(FolderPlace(tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "mine"


def test_a_full_disk_is_told_and_leaves_nothing(place: FolderPlace) -> None:
    send(place, 1)
    with (
        place.sink().begin(place.source) as session,
        no_file_larger_than(1024),
        pytest.raises(NotPublished, match="File too large"),
    ):
        session.send_run(run(2, event_rows(2, 1000)))
    assert arrived(place) == ["run.started-1", "run.completed-1"]
    assert [path.name for path in place.folder.glob(".*.unfinished")] == []
