"""`sordiff replay`."""

from typing import Annotated

import typer

from sordiff.cli.kafka_options import Servers, Setting, Suffix, kafka_settings
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database


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
    servers: Servers = None,
    settings: Setting = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Publish old runs again for a new subscriber, marked as a replay.

    Events keep their ids and sequences. `sordiff topics create --topic-suffix` makes the topics.
    """
    from sordiff.cli.events import sequence_of
    from sordiff.cli.publish import tell_published
    from sordiff.service.publish.replay import ReplayOptions
    from sordiff.service.publish.replay import replay as replay_runs

    if bool(suffix) == same_topics:
        message = "give --topic-suffix, or say --same-topics, and not both."
        raise typer.BadParameter(message, param_hint="--topic-suffix")
    options = ReplayOptions(since=sequence_of(since), suffix=suffix)
    replayed = replay_runs(db, kafka_settings(config, servers, settings), options)
    tell_published(replayed)
