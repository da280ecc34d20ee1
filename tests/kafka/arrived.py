"""What a subscriber finds, held against what the changelog recorded: every event once, in order, runs whole."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.cli.workplace import Workplace
from tests.kafka.nights import EVENTS, topic_names
from tests.kafka.reading import Seen, read_to_the_end

_PATIENCE = 20
_TOPIC_OF = {
    "unit": "unit_events",
    "location_number": "location_number_events",
    "classification": "classification_events",
}


@dataclass(frozen=True, kw_only=True)
class RunSeen:
    """What run.completed says of a run."""

    id: int
    first: int | None
    last: int | None
    counts: dict[str, int]


def sequence_of(message: Seen) -> int:
    return int(message.headers["ce_sequence"])


def read_events(bootstrap: str, prefix: str = "", **options: Any) -> list[Seen]:
    """The events of the three topics as they stand, in order within each partition."""
    names = topic_names(prefix)
    found = read_to_the_end(bootstrap, *(names[topic] for topic in EVENTS), **options)
    return leave_out_replays(found)


def leave_out_replays(messages: Iterable[Seen]) -> list[Seen]:
    """Without what a replay sent again, where the first is there too: as a subscriber knows it by its id."""
    found = list(messages)
    first = {_id_of(message) for message in found if not _is_replay(message)}
    kept = []
    for message in found:
        if _is_replay(message):
            if _id_of(message) in first:
                continue
            first.add(_id_of(message))
        kept.append(message)
    return kept


def _id_of(message: Seen) -> tuple[str, str]:
    return message.topic, message.headers["ce_id"]


def _is_replay(message: Seen) -> bool:
    return message.headers.get("ce_replay") == "true"


def read_runs(bootstrap: str, prefix: str = "") -> list[RunSeen]:
    """The runs that are there, in their order; each was announced before it was completed."""
    told = leave_out_replays(read_to_the_end(bootstrap, topic_names(prefix)["run_events"]))
    found, begun = [], []
    for message in told:
        name = message.headers["ce_type"].removeprefix("sordiff.").removesuffix(".v1")
        if name not in {"run.started", "run.completed"}:
            continue
        data = json.loads(message.value or b"")
        if name == "run.started":
            begun.append(data["run"]["id"])
            continue
        first, last = data["first_sequence"], data["last_sequence"]
        found.append(
            RunSeen(
                id=data["run"]["id"],
                first=int(first) if first else None,
                last=int(last) if last else None,
                counts=data["counts"],
            )
        )
    assert [run.id for run in found] == begun, "each run is begun and completed, once"
    assert len({run.id for run in found}) == len(found), "no run comes twice"
    return found


def assert_whole(events: Iterable[Seen], runs: Iterable[RunSeen]) -> int:
    """Runs are there whole and without a gap, no event twice, each key in order. Returns the last sequence."""
    events, runs = list(events), list(runs)
    last = 0
    for run in runs:
        if run.first is not None and run.last is not None:
            assert run.first == last + 1, "runs follow each other without a gap"
            last = run.last
    sequences = Counter(sequence_of(message) for message in events)
    twice = [sequence for sequence, times in sequences.items() if times > 1]
    assert not twice, f"there twice: {twice[:5]}"
    assert sorted(sequences) == [*range(1, last + 1)], "what is there is whole runs, no more"
    by_key: dict[tuple[str, str | None], int] = {}
    places: dict[tuple[str, str | None], int] = {}
    for message in events:
        place = message.topic, message.key
        assert by_key.get(place, 0) < sequence_of(message), f"{place} is out of order"
        assert places.setdefault(place, message.partition) == message.partition
        by_key[place] = sequence_of(message)
    types = {sequence_of(message): message.headers["ce_type"] for message in events}
    for run in runs:
        if run.first is not None and run.last is not None:
            counted = Counter(types[n] for n in range(run.first, run.last + 1))
            named = {type_.split(".", 1)[1][: -len(".v1")]: n for type_, n in counted.items()}
            assert named == {name: n for name, n in run.counts.items() if n}
    return last


def assert_whole_now(bootstrap: str, prefix: str = "") -> None:
    """A subscriber who comes now sees whole runs, as soon as the end of a transaction has reached every partition.

    A broker tells its partitions one by one, and at the end of a publisher that was killed nobody waits for it.
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            assert_whole(read_events(bootstrap, prefix), read_runs(bootstrap, prefix))
        except AssertionError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def assert_all_arrived(place: Workplace, bootstrap: str, prefix: str = "") -> list[Seen]:
    """Every recorded event is there, once, with its own attributes and data, in the right topic."""
    events = read_events(bootstrap, prefix)
    last = assert_whole(events, read_runs(bootstrap, prefix))
    recorded = place.events()
    assert last == len(recorded)
    names = topic_names(prefix)
    there = {sequence_of(message): message for message in events}
    for event in recorded:
        message = there[int(event["sequence"])]
        kind = event["type"].split(".")[1]
        assert message.topic == names[_TOPIC_OF[kind]]
        assert message.key == event["subject"]
        assert json.loads(message.value or b"") == event["data"]
        attributes = {f"ce_{name}" for name in event if name not in {"data", "datacontenttype"}}
        assert {name: event[name[3:]] for name in attributes} == {
            name: message.headers[name] for name in attributes
        }
    return events
