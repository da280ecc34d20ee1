"""Into which sinks a command publishes: what --to names, else [publish], else Kafka."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from sordiff.changelog import Changelog
    from sordiff.cli.message_log import MessageLog
    from sordiff.errors import Exit
    from sordiff.event_sink import EventSink
    from sordiff.report import PublishedRow
    from sordiff.service.publish.sending import PublishOptions
    from sordiff.settings import Settings

_KAFKA = "kafka"
_NDJSON = "ndjson:"

To: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--to", help="kafka, or ndjson:DIR; may be given more than once.", metavar="SINK"),
]


def choose_sinks(settings: "Settings", to: list[str] | None) -> "list[EventSink]":
    """Those that --to names, else those of [publish], else Kafka, which must be configured then."""
    return [_sink(name, settings) for name in dict.fromkeys(to or settings.publish.to or [_KAFKA])]


def build_configured_sinks(settings: "Settings") -> "list[EventSink]":
    """Those of [publish]; without it Kafka, where that is configured."""
    kafka = (_KAFKA,) if settings.kafka.configured else ()
    return [_sink(name, settings) for name in dict.fromkeys(settings.publish.to or kafka)]


def publish_into(
    changelog: "Changelog", sinks: "Iterable[EventSink]", options: "PublishOptions"
) -> "list[Exit]":
    """Publish into each; what stood in the way of one is said, and the others go on."""
    from sordiff.service.publish.publish import publish_waiting_runs

    return _publish_each(sinks, lambda sink: publish_waiting_runs(changelog, sink, options))


def publish_recorded_into(
    changelog: "Changelog",
    sinks: "Iterable[EventSink]",
    options: "PublishOptions",
    log: "MessageLog | None" = None,
) -> "list[Exit]":
    """The same for what this call has recorded, beside a publisher that may send it as well."""
    from time import sleep

    from sordiff.service.publish.publish_recorded import publish_recorded_runs

    return _publish_each(
        sinks, lambda sink: publish_recorded_runs(changelog, sink, options, sleep), log
    )


def _publish_each(
    sinks: "Iterable[EventSink]",
    publish: "Callable[[EventSink], Iterable[PublishedRow]]",
    log: "MessageLog | None" = None,
) -> "list[Exit]":
    from sordiff.cli.output import say_error
    from sordiff.errors import SordiffError

    codes = []
    for sink in sinks:
        try:
            tell_published(publish(sink), log)
        except SordiffError as error:
            say_error(error)
            codes.append(error.exit_code)
    return codes


def tell_published(rows: "Iterable[PublishedRow]", log: "MessageLog | None" = None) -> None:
    """A line for each, in the log if there is one; publishing goes on when nobody reads them."""
    from sordiff.cli.language import find_spoken_catalogue
    from sordiff.cli.output import try_to_write_text
    from sordiff.render.commands.publish import published_line

    unheard = None
    for row in rows:
        if log is not None:
            log.note_done(
                outcome="found" if row.arrived_before else "published",
                sink=row.sink,
                run=row.run_id,
                kind=row.kind,
                day=row.day,
                events=row.events,
                messages=row.messages,
            )
            continue
        unheard = try_to_write_text([published_line(row, find_spoken_catalogue())]) or unheard
    if unheard is not None:
        raise unheard


def build_publish_options(
    *, adopt: bool = False, whole_state: bool = False, history: bool = False
) -> "PublishOptions":
    """Clock and names for a call."""
    import uuid

    from sordiff.cli.clock import read_clock
    from sordiff.service.publish.sending import PublishOptions

    return PublishOptions(
        now=read_clock,
        new_name=str(uuid.uuid4()),
        adopt=adopt,
        whole_state=whole_state,
        history=history,
    )


def find_sink_name(name: str) -> str:
    """The name by which the changelog knows a sink; its folder need not be there any more."""
    if not name.startswith(_NDJSON):
        return name
    return f"{_NDJSON}{Path(name.removeprefix(_NDJSON)).resolve()}"


def _sink(name: str, settings: "Settings") -> "EventSink":
    if name == _KAFKA:
        from sordiff.kafka.sink import KafkaSink

        return KafkaSink(settings.kafka)
    folder = name.removeprefix(_NDJSON)
    if folder in {"", name}:
        message = f"{name} is neither kafka nor ndjson:DIR."
        raise typer.BadParameter(message, param_hint="--to")
    from sordiff.ndjson.sink import NdjsonSink

    return NdjsonSink(Path(folder))
