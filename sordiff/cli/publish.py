"""`sordiff publish`."""

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.kafka_options import Servers, Setting, collect_flags
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database
from sordiff.cli.sinks import To, build_publish_options, choose_sinks, find_sink_name, publish_into

if TYPE_CHECKING:
    from sordiff.changelog import Changelog
    from sordiff.event_sink import EventSink
    from sordiff.service.publish.sending import PublishOptions


def publish(
    state: Annotated[
        bool,
        typer.Option(
            "--state",
            help="Write the whole state to the state topics: the first time, or after a loss.",
        ),
    ] = False,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt",
            help="Accept runs in the topics that the changelog does not know; continue after them.",
        ),
    ] = False,
    history: Annotated[
        bool,
        typer.Option(
            "--history",
            help="Publish also the nights recorded with `ingest --history`, before later runs.",
        ),
    ] = False,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", help="Keep running and publish new runs; wait for a broker that is away."
        ),
    ] = False,
    forget: Annotated[
        str | None,
        typer.Option(
            "--forget",
            help="Publish nothing; forget this sink, so that nothing waits for it any more.",
            metavar="SINK",
        ),
    ] = None,
    to: To = None,
    servers: Servers = None,
    setting: Setting = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Publish the waiting runs to Kafka or a folder, in order, each whole and exactly once.

    It is safe to repeat, whatever happened to the call before.
    """
    from sordiff.cli.archive_options import note_decision
    from sordiff.settings import load_settings

    if forget is not None:
        if follow or state or adopt or history or to:
            raise typer.BadParameter("goes with no other way to publish.", param_hint="--forget")
        _forget(open_changelog(db), forget)
        return
    if follow and (state or adopt or history):
        message = "goes with neither --state, --adopt nor --history."
        raise typer.BadParameter(message, param_hint="--follow")
    settings = load_settings(config, collect_flags(servers, setting))
    sinks = choose_sinks(settings, to)
    changelog = open_changelog(db)
    options = build_publish_options(adopt=adopt, whole_state=state, history=history)
    if follow:
        _follow(changelog, sinks, options)
        return
    codes = publish_into(changelog, sinks, options)
    if adopt:
        note_decision(changelog, settings)
    if history and not codes:
        _tell_left_out(changelog, sinks)
    if codes:
        from sordiff.errors import worst

        raise typer.Exit(int(worst(codes)))


def _tell_left_out(changelog: "Changelog", sinks: "list[EventSink]") -> None:
    """Of the nights of histories that a sink does not get: they lie before a run that it had."""
    from sordiff.cli.output import say_warning
    from sordiff.service.publish.histories import list_silent_histories

    with changelog.open_to_read() as session:
        for sink in sinks:
            if silent := list_silent_histories(session, sink.name):
                say_warning(
                    f"{sink.place} does not get the history from run {silent[0]} to run"
                    f" {silent[-1]}: it had later runs already"
                )


def _forget(changelog: "Changelog", name: str) -> None:
    from sordiff.cli.output import write_text
    from sordiff.render.commands.publish import forgotten_line
    from sordiff.service.publish.forget import forget_sink

    sink = find_sink_name(name)
    forget_sink(changelog, sink)
    write_text([forgotten_line(sink, find_spoken_catalogue())])


def _follow(
    changelog: "Changelog", sinks: "list[EventSink]", options: "PublishOptions"
) -> NoReturn:
    from sordiff.cli.asked_to_end import end_when_asked
    from sordiff.cli.output import say_warning, write_text
    from sordiff.errors import SordiffError
    from sordiff.render.commands.publish import published_line
    from sordiff.service.publish.follow import follow_changelog

    pause = end_when_asked()
    for found in follow_changelog(changelog, sinks, options, pause):
        if isinstance(found, SordiffError):
            say_warning(f"{found.message} {found.advice}")
        else:
            write_text([published_line(found, find_spoken_catalogue())])
        pause(0)  # asked meanwhile, it begins no other run
    raise AssertionError("it follows without end")
