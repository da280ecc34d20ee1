"""The commands, and the one place where an error becomes a sentence and an exit code."""

import io
import sys
from functools import cache
from traceback import walk_tb
from typing import Annotated

import typer
from click import Command, echo
from click.exceptions import Abort, ClickException, NoArgsIsHelpError

from sordiff.cli import (
    alarms,
    archive,
    backup,
    check,
    config,
    decide,
    diff,
    events,
    export,
    fetch,
    ingest,
    lists,
    notices,
    publish,
    rebuild,
    reconcile,
    replay,
    report,
    retract,
    run,
    runs,
    schemas,
    serve,
    show,
    status,
    topics,
    verify,
)
from sordiff.cli.language import (
    RootLanguage,
    SpeakingCommand,
    find_spoken_catalogue,
    overhear_language,
)
from sordiff.cli.output import (
    ReaderGoneError,
    build_output_error,
    say_crash,
    say_error,
    say_failure,
    say_plainly,
)
from sordiff.cli.streams import abandon, flush_output, is_reader_gone, open_missing_streams
from sordiff.errors import Exit, SordiffError

app = typer.Typer(
    name="sordiff",
    help=(
        "What changed tonight in SOR, the register of Danish health-care organisations.\n\n"
        "Compares consecutive nightly snapshots and records typed events: units created, closed, "
        "moved and renamed, location numbers reassigned, enhedstype texts changed, and everything "
        "else that differs."
    ),
    no_args_is_help=True,
    suggest_commands=False,  # click does so itself
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:  # typer calls it so
    if wanted:
        from importlib.metadata import version

        typer.echo(f"sordiff {version('sordiff')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
    language: RootLanguage = None,
) -> None:
    del version, language


app.command("check", cls=SpeakingCommand, short_help="Check one snapshot and list its findings.")(
    check.check
)
app.command("diff", cls=SpeakingCommand, short_help="Compare two snapshots; nothing is recorded.")(
    diff.diff
)
app.command(
    "ingest", cls=SpeakingCommand, short_help="Compare with the last accepted snapshot, and record."
)(ingest.ingest)
app.command("fetch", cls=SpeakingCommand, short_help="Fetch the newest extract into a folder.")(
    fetch.fetch
)
app.command(
    "events", cls=SpeakingCommand, short_help="Print recorded events in order, as JSON lines."
)(events.events)
app.command(
    "publish", cls=SpeakingCommand, short_help="Publish the waiting runs to Kafka or a folder."
)(publish.publish)
app.command(
    "replay", cls=SpeakingCommand, short_help="Publish old runs again for a new subscriber."
)(replay.replay)
app.command("rebuild", cls=SpeakingCommand, short_help="Make a new changelog from the archive.")(
    rebuild.rebuild
)
app.command("retract", cls=SpeakingCommand, short_help="Publish that a published run was wrong.")(
    retract.retract
)
app.command(
    "report", cls=SpeakingCommand, short_help="Report what happened, for people or programs."
)(report.report)
app.command(
    "reconcile", cls=SpeakingCommand, short_help="Judge a list of your own: which lines are dead."
)(reconcile.reconcile)
app.command("run", cls=SpeakingCommand, short_help="Ingest, publish, send notices: for cron.")(
    run.run
)
app.command("runs", cls=SpeakingCommand, short_help="List the recorded runs.")(runs.runs)
app.command("release", cls=SpeakingCommand, short_help="Accept a held run.")(decide.release)
app.command("reject", cls=SpeakingCommand, short_help="Reject a held run.")(decide.reject)
app.command(
    "show", cls=SpeakingCommand, short_help="Show a unit or a location number, on any day."
)(show.show)
app.command(
    "history", cls=SpeakingCommand, short_help="Show the history of a unit or a location number."
)(show.history)
app.command("status", cls=SpeakingCommand, short_help="Show the state of the changelog.")(
    status.status
)
app.command("serve", cls=serve.ServingCommand, short_help="Serve the changelog over HTTP.")(
    serve.serve
)
app.command("backup", cls=SpeakingCommand, short_help="Write a copy of the changelog.")(
    backup.backup
)
app.command(
    "export", cls=SpeakingCommand, short_help="Write tables as files, for those who analyse."
)(export.export)
app.command("verify", cls=SpeakingCommand, short_help="Prove the changelog against itself.")(
    verify.verify
)
app.command("config", cls=SpeakingCommand, short_help="Show each setting and its source.")(
    config.config
)
app.add_typer(alarms.app, name="alarms")
app.add_typer(archive.app, name="archive")
app.add_typer(lists.app, name="list")
app.add_typer(notices.app, name="notices")
app.add_typer(topics.app, name="topics")
app.add_typer(schemas.app, name="schemas")


def main() -> None:
    """Run the command line and leave with its exit code; never with a traceback."""
    open_missing_streams()
    sys.exit(_run())


def _run() -> int:
    code = _called()
    try:
        flush_output()
    except BrokenPipeError:
        pass  # the reader had enough
    except OSError as error:
        if code == Exit.DONE:
            say_error(build_output_error(error))
            return int(Exit.FAILED)
    return code


@cache
def build_command() -> Command:
    """The commands as click runs them; built once, for that takes longer than many a command."""
    return typer.main.get_command(app)


def _called() -> int:
    try:
        code = build_command()(standalone_mode=False)
    except SordiffError as error:
        say_error(error)
        return int(error.exit_code)
    except ClickException as error:
        # Where the command is mistyped, nothing behind it was read.
        overhear_language(sys.argv[1:])
        shown = io.StringIO()
        error.show(file=shown)
        lines = shown.getvalue().splitlines()
        # The help is in English, whatever the language.
        is_help = isinstance(error, NoArgsIsHelpError)
        say_plainly(lines if is_help else map(find_spoken_catalogue().sentence, lines))
        return int(Exit.FAILED)
    except (Abort, KeyboardInterrupt):
        code = int(Exit.INTERRUPTED)
    except ReaderGoneError:
        abandon(sys.stdout)  # that is no failure of ours
        return int(Exit.DONE)
    except SystemExit as left:
        # click leaves so, with 1, when a pipe breaks; typer after each answer to a shell's Tab.
        if isinstance(left.__context__, OSError):
            return _broken_pipe(left.__context__)
        code = left.code
    except Exception as error:  # noqa: BLE001  # the last net: a crash is a sentence too
        _say_what_failed(error)
        return int(Exit.FAILED)
    if code == Exit.INTERRUPTED:  # typer makes it of a Ctrl-C, and says nothing
        say_failure("interrupted; nothing of the running step was recorded. Call again.")
    return code if isinstance(code, int) else int(Exit.DONE)


def _say_what_failed(error: Exception) -> None:
    """A fault of ours, unless stdout took no more: click writes the help itself."""
    written_by_click = any(
        frame.f_code is echo.__code__ for frame, _ in walk_tb(error.__traceback__)
    )
    if isinstance(error, OSError) and written_by_click:
        abandon(sys.stdout)
        say_error(build_output_error(error))
    else:
        say_crash(error)


def _broken_pipe(error: OSError) -> int:
    """A reader who has enough is no failure; any other pipe that breaks is one."""
    if is_reader_gone():
        abandon(sys.stdout)
        return int(Exit.DONE)
    say_crash(error)
    return int(Exit.FAILED)
