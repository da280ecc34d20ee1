"""`sordiff notices`."""

import typer

from sordiff.cli.language import SpeakingCommand, find_spoken_catalogue
from sordiff.cli.options import Config

app = typer.Typer(help="Notices by webhook and mail.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keep `test` a command of its own, though it is alone."""


@app.command("test", cls=SpeakingCommand, short_help="Send a test notice in each configured way.")
def test_notices(config: Config = None) -> None:
    """Send a test notice through the webhook and by mail, as configured.

    It says for each whether it was delivered, and exits with 2 unless all were. No changelog is
    read.
    """
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import say_failure, write_text
    from sordiff.errors import Exit
    from sordiff.render.commands.notices import delivery_lines
    from sordiff.service.notify.trial_notice import send_test_notice
    from sordiff.settings import load_settings

    results = send_test_notice(load_settings(config), now=read_clock())
    delivered: dict[str, bool] = {
        channel: all(result.delivered) for channel, result in results.items()
    }
    failures = [failure for result in results.values() for failure in result.failures]
    for failure in failures:
        say_failure(failure)
    write_text(delivery_lines(delivered, find_spoken_catalogue()))
    if failures:
        raise typer.Exit(int(Exit.FAILED))
