"""`sordiff retract`."""

from typing import Annotated

import typer

from sordiff.cli.changelog import changelog_at
from sordiff.cli.kafka_options import Servers, Setting, flags_of
from sordiff.cli.language import spoken
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database


def retract(
    run: Annotated[
        int, typer.Argument(help="The number of the published run.", metavar="RUN", min=1)
    ],
    reason: Annotated[
        str, typer.Option("--reason", help="The reason; it is published.", metavar="TEXT")
    ],
    servers: Servers = None,
    setting: Setting = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Publish that the events of a published run are wrong.

    The messages stay in the topics; run.retracted tells subscribers not to rely on them.
    """
    from sordiff.cli.archive_options import note_decision
    from sordiff.cli.decide import decision_of
    from sordiff.cli.output import say_warning, write_text
    from sordiff.cli.sinks import configured_sinks, publish_into, publish_options
    from sordiff.errors import worst
    from sordiff.render.commands.decisions import retracted_line
    from sordiff.service.publish.retract import retract as retract_run
    from sordiff.settings import load_settings

    settings = load_settings(config, flags_of(servers, setting))
    sinks = configured_sinks(settings)
    retracted = retract_run(changelog_at(db), run, decision_of(reason))
    write_text([retracted_line(retracted.run, spoken())])
    note_decision(changelog_at(db), settings)
    if retracted.is_last:
        command = f"`sordiff ingest --correct {run} --reason TEXT SNAPSHOT`"
        say_warning(f"the state is still that of run {run}: {command} puts it right at once")
    if not sinks:
        say_warning("it waits to be published: it is not configured where Kafka is")
    elif codes := publish_into(changelog_at(db), sinks, publish_options()):
        raise typer.Exit(int(worst(codes)))
