"""The state of a changelog, for people."""

from collections.abc import Iterator
from typing import Final

from msgspec import UnsetType

from sordiff.render.commands.rows import Row, row_lines, wrapped
from sordiff.render.commands.runs import taken_back
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import RecordedRun, Restoration, StatusReport, Unpublished, WebhookPosition
from sordiff.visible import visible

_HOURS_TOLD: Final = 48


def status_lines(status: StatusReport, texts: Catalogue, paint: Paint) -> Iterator[str]:
    """The newest snapshot and its age, the last run, what is held, what waits, the size."""
    size = texts.decimal(status.database_size / 1e6)
    head = paint(visible(status.database), "bold") + f" · {size} MB"
    yield from wrapped(head, paint.width)
    if status.last_accepted is None:
        yield f"  {texts.text('status.nothing')}"
        return
    yield from row_lines(_rows(status, status.last_accepted, texts, paint), paint)


def _rows(
    status: StatusReport, newest: RecordedRun, texts: Catalogue, paint: Paint
) -> Iterator[Row]:
    """A row each; what waits has none where nothing waits."""
    snapshot = texts.say(
        "status.snapshot.is",
        day=texts.day(newest.header.snapshot_date),
        age=_age(status.snapshot_age_hours or 0, texts),
        units=texts.number(newest.units),
    )
    held = texts.text("status.held.none")
    if status.held is not None:
        held = paint(_run(status.held, texts), "bold", "red")
    yield Row(texts.text("status.snapshot"), (snapshot, *taken_back(newest, texts)))
    yield Row(texts.text("status.run"), (_run(status.last_run or newest, texts),))
    yield Row(texts.text("status.sequence"), (texts.number(status.last_sequence),))
    if not isinstance(status.restored, UnsetType):
        yield Row(texts.text("status.restored"), _restored_lines(status.restored, texts, paint))
    yield Row(texts.text("status.held"), (held,))
    if status.unsent_notices:
        yield Row(texts.text("status.notices"), (texts.number(status.unsent_notices),))
    if not isinstance(status.webhooks, UnsetType):
        told = tuple(_webhook(position, texts, paint) for position in status.webhooks)
        yield Row(texts.text("status.webhooks"), told)
    lines = tuple(_waiting_lines(status, texts))
    if lines:
        yield Row(texts.text("status.waiting"), lines)


def _restored_lines(restored: Restoration, texts: Catalogue, paint: Paint) -> tuple[str, ...]:
    """How far it is behind, and which night is next."""
    told = texts.say("status.restored.is", given=texts.number(restored.given_sequence))
    if restored.next_day is None:
        return (paint(told, "bold", "red"),)
    following = texts.say("status.restored.next", day=texts.day(restored.next_day))
    return paint(told, "bold", "red"), following


def _webhook(position: WebhookPosition, texts: Catalogue, paint: Paint) -> str:
    """How far a subscriber is, and what stands in its way."""
    sequence = texts.number(position.sequence)
    said = [texts.say("status.webhook.is", name=visible(position.name), sequence=sequence)]
    if position.failing_since is not None:
        since, reason = texts.moment(position.failing_since), position.reason or ""
        words = texts.say(
            "status.webhook.fails", since=since, reason=visible(texts.sentence(reason))
        )
        said.append(paint(words, "bold", "red"))
    if position.dead_letters:
        counted = texts.counted("status.webhook.dead", len(position.dead_letters))
        said.append(paint(counted, "bold", "red"))
    return " · ".join(said)


def _waiting_lines(status: StatusReport, texts: Catalogue) -> Iterator[str]:
    """A line for each sink where something waits; its name where there is more than Kafka."""
    if isinstance(status.sinks, UnsetType):
        waiting = status.unpublished
        if waiting.begun and (waiting.runs or waiting.messages):
            yield _waiting(waiting, texts)
        return
    for sink, waiting in status.sinks.items():
        if waiting.runs or waiting.messages:
            yield f"{visible(sink)}: {_waiting(waiting, texts)}"


def _age(hours: float, texts: Catalogue) -> str:
    """In hours up to two days, then in days."""
    if round(hours) > _HOURS_TOLD:
        return texts.counted("status.days", round(hours / 24))
    return texts.counted("status.hours", round(hours))


def _waiting(waiting: Unpublished, texts: Catalogue) -> str:
    said = texts.say(
        "status.waiting.is",
        runs=texts.counted("status.runs", waiting.runs),
        events=texts.counted("publish.events", waiting.events),
        messages=texts.counted("status.messages", waiting.messages),
        since=texts.moment(waiting.oldest or ""),
    )
    if waiting.attempted is None:
        return said
    return f"{said} · {texts.say('status.waiting.tried', at=texts.moment(waiting.attempted))}"


def _run(run: RecordedRun, texts: Catalogue) -> str:
    kind, state = texts.text(f"run.{run.kind}"), texts.state(run.state)
    said = [str(run.id), kind, state, texts.day(run.header.snapshot_date)]
    return " · ".join([*said, *taken_back(run, texts)])
