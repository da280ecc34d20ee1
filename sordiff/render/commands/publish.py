"""What was published, and how the topics stand, for people."""

from collections.abc import Iterable, Iterator

from sordiff.event_sink import KAFKA
from sordiff.report import PublishedRow, TopicReport
from sordiff.visible import visible


def published_line(row: PublishedRow) -> str:
    """One line for a run, or for a message beside the events."""
    end = "had arrived before" if row.arrived_before else _counted(row.messages, "message")
    if row.sink != KAFKA:
        end += f" · {visible(row.sink)}"
    if row.kind == "run":
        return f"Run {row.run_id} · {row.day} · {_counted(row.events, 'event')} · {end}"
    if row.kind == "whole state":
        return f"State after run {row.run_id} · {row.day} · {end}"
    return f"Run {row.run_id} · {row.day} · {row.kind} · {end}"


def topic_lines(topics: Iterable[TopicReport]) -> Iterator[str]:
    """Each topic with its partitions and what is wrong with it."""
    for topic in topics:
        state = "created" if topic.created else "as it must be"
        if topic.problems:
            state = "; ".join(topic.problems)
        partitions = _counted(topic.partitions, "partition")
        yield f"{visible(topic.name)} · {partitions} · {visible(state)}"


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
