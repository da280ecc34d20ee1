"""`sordiff alarms`."""

from typing import Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import SpeakingCommand, find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database

app = typer.Typer(
    help="The rules that hold an unusually large night.",
    no_args_is_help=True,
    suggest_commands=False,
)


@app.callback()
def _group() -> None:
    """Keep `test` a command of its own, though it is alone."""


@app.command("test", cls=SpeakingCommand, short_help="Try changed limits on the recorded history.")
def test_limits(
    since: Annotated[
        str, typer.Option("--since", help="Only snapshots from this date on.", metavar="DATE")
    ] = "",
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Judge the recorded runs again with the limits as configured now.

    It shows which runs they would have held. Nothing is changed.
    """
    import sys

    from sordiff.cli.output import choose_paint, write_text
    from sordiff.render.commands.alarms import alarm_lines
    from sordiff.service.ingest.alerts import judge_again
    from sordiff.settings import load_settings

    settings = load_settings(config)
    with open_changelog(db).open_to_read() as session:
        nights = judge_again(session, settings, since)
        write_text(alarm_lines(nights, find_spoken_catalogue(), choose_paint(sys.stdout)))
