"""`sordiff retract`."""

from typing import Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.kafka_options import Servers, Setting, collect_flags
from sordiff.cli.language import find_spoken_catalogue
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
    from sordiff.cli.decide import build_decision, publish_decided
    from sordiff.cli.output import say_warning, write_text
    from sordiff.cli.sinks import build_configured_sinks
    from sordiff.render.commands.decisions import retracted_line
    from sordiff.service.publish.retract import retract_run
    from sordiff.settings import load_settings

    settings = load_settings(config, collect_flags(servers, setting))
    sinks = build_configured_sinks(settings)
    retracted = retract_run(open_changelog(db), run, build_decision(reason), settings.source)
    write_text([retracted_line(retracted.run, find_spoken_catalogue())])
    note_decision(open_changelog(db), settings)
    if retracted.is_last:
        command = f"`sordiff ingest --correct {run} --reason TEXT SNAPSHOT`"
        say_warning(f"the state is still that of run {run}: {command} puts it right at once")
    publish_decided(open_changelog(db), sinks)
