"""`sordiff replay`."""

from typing import Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.kafka_options import Servers, Setting, Suffix, load_kafka_settings
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database
from sordiff.cli.sinks import To


def replay(
    since: Annotated[
        str,
        typer.Option(
            "--since",
            help="Only runs with events after this sequence, and what came after them.",
            metavar="SEQUENCE",
        ),
    ] = "0",
    suffix: Suffix = "",
    same_topics: Annotated[
        bool, typer.Option("--same-topics", help="Publish to the topics that all subscribers read.")
    ] = False,
    history: Annotated[
        bool,
        typer.Option(
            "--history",
            help="Also the nights recorded with `ingest --history`; needs --topic-suffix.",
        ),
    ] = False,
    to: To = None,
    servers: Servers = None,
    settings: Setting = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Publish old runs again for a new subscriber, marked as a replay.

    Events keep their ids and sequences. `sordiff topics create --topic-suffix` makes the topics.
    """
    from sordiff.cli.events import parse_sequence
    from sordiff.cli.sinks import tell_published
    from sordiff.kafka.sink import KafkaSink
    from sordiff.service.publish.replay import replay_runs

    if any(name != "kafka" for name in to or []):
        message = "a folder keeps every run: `sordiff publish --to` fills a new one."
        raise typer.BadParameter(message, param_hint="--to")
    if bool(suffix) == same_topics:
        message = "give --topic-suffix, or say --same-topics, and not both."
        raise typer.BadParameter(message, param_hint="--topic-suffix")
    if history and same_topics:
        raise typer.BadParameter("does not go with --same-topics.", param_hint="--history")
    after = parse_sequence(since)
    kafka = load_kafka_settings(config, servers, settings)
    sink = KafkaSink(kafka, replay=True, topic_suffix=suffix)
    tell_published(replay_runs(open_changelog(db), sink, after, history=history))
