"""What was published, and how the topics stand, for people."""

from collections.abc import Iterable, Iterator

from sordiff.event_sink import KAFKA
from sordiff.render.language import Catalogue
from sordiff.report import PublishedRow, TopicReport
from sordiff.visible import visible


def published_line(row: PublishedRow, texts: Catalogue) -> str:
    """One line for a run, or for a message beside the events."""
    end = (
        texts.text("publish.arrived")
        if row.arrived_before
        else texts.counted("publish.messages", row.messages)
    )
    if row.sink != KAFKA:
        end += f" · {visible(row.sink)}"
    run, day = str(row.run_id), row.day
    if row.kind == "run":
        events = texts.counted("publish.events", row.events)
        return texts.say("publish.run", run=run, day=day, events=events, end=end)
    if row.kind == "whole state":
        return texts.say("publish.state", run=run, day=day, end=end)
    return texts.say("publish.other", run=run, day=day, kind=row.kind, end=end)


def forgotten_line(sink: str, texts: Catalogue) -> str:
    """That a sink is not counted any more."""
    return texts.say("publish.forgotten", sink=visible(sink))


def topic_lines(topics: Iterable[TopicReport], texts: Catalogue) -> Iterator[str]:
    """Each topic with its partitions, its replicas, and what is wrong with it."""
    for topic in topics:
        state = texts.text("topics.created" if topic.created else "topics.right")
        if topic.problems:
            state = "; ".join(map(texts.sentence, topic.problems))
        if topic.weaknesses:
            named = "; ".join(map(texts.sentence, topic.weaknesses))
            state = texts.say("topics.weak", state=state, weaknesses=named)
        facts = [texts.counted("topics.partitions", topic.partitions)]
        if topic.replicas:
            facts.append(texts.counted("topics.replicas", topic.replicas))
        if topic.replicas > 1 and topic.least_in_sync is not None:
            facts.append(f"min.insync.replicas {topic.least_in_sync}")
        yield " · ".join((visible(topic.name), *facts, visible(state)))
