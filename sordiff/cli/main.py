"""The commands, and the one place where an error becomes a sentence and an exit code."""

import io
import os
import sys
from functools import cache
from traceback import walk_tb
from typing import Annotated, Final

import typer
from click import Command, echo
from click.exceptions import Abort, ClickException, NoArgsIsHelpError

from sordiff.cli.commands import LateCommands
from sordiff.cli.language import (
    RootLanguage,
    find_spoken_catalogue,
    overhear_language,
)
from sordiff.cli.output import (
    ReaderGoneError,
    build_output_error,
    say_crash,
    say_error,
    say_interrupted,
    say_plainly,
)
from sordiff.cli.streams import abandon, flush_output, is_reader_gone, open_missing_streams
from sordiff.errors import Exit, SordiffError

_OTHERS_WRITE: Final = 0o002

app = typer.Typer(
    name="sordiff",
    cls=LateCommands,
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


def main() -> None:
    """Run the command line and leave with its exit code; never with a traceback."""
    open_missing_streams()
    # Whoever else may read is the umask's to say; to write into what sordiff believes is nobody's.
    os.umask(os.umask(_OTHERS_WRITE) | _OTHERS_WRITE)
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
        say_interrupted()
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
