"""The commands by name: only the called one is imported and built, and the help needs none."""

from functools import cache
from importlib import import_module
from typing import Final, NamedTuple

import typer
from click import Command, Context, HelpFormatter
from click.exceptions import NoSuchCommand
from click.shell_completion import CompletionItem
from typer.core import TyperGroup

from sordiff.cli.language import SpeakingCommand


class CommandRow(NamedTuple):
    """Where a command is, and what the list of all says of it."""

    name: str
    place: str
    """`module:function` of a command, `module` of a group; the module is one of this package."""
    short_help: str


ROWS: Final = (
    CommandRow("check", "check:check", short_help="Check one snapshot and list its findings."),
    CommandRow("diff", "diff:diff", short_help="Compare two snapshots; nothing is recorded."),
    CommandRow(
        "ingest", "ingest:ingest", short_help="Compare with the last accepted snapshot, and record."
    ),
    CommandRow("fetch", "fetch:fetch", short_help="Fetch the newest extract into a folder."),
    CommandRow(
        "events", "events:events", short_help="Print recorded events in order, as JSON lines."
    ),
    CommandRow(
        "publish", "publish:publish", short_help="Publish the waiting runs to Kafka or a folder."
    ),
    CommandRow(
        "replay", "replay:replay", short_help="Publish old runs again for a new subscriber."
    ),
    CommandRow("rebuild", "rebuild:rebuild", short_help="Make a new changelog from the archive."),
    CommandRow("retract", "retract:retract", short_help="Publish that a published run was wrong."),
    CommandRow(
        "report", "report:report", short_help="Report what happened, for people or programs."
    ),
    CommandRow(
        "reconcile",
        "reconcile:reconcile",
        short_help="Judge a list of your own: which lines are dead.",
    ),
    CommandRow("run", "run:run", short_help="Ingest, publish, send notices: for cron."),
    CommandRow("runs", "runs:runs", short_help="List the recorded runs."),
    CommandRow("release", "decide:release", short_help="Accept a held run."),
    CommandRow("reject", "decide:reject", short_help="Reject a held run."),
    CommandRow("show", "show:show", short_help="Show a unit or a location number, on any day."),
    CommandRow(
        "history", "show:history", short_help="Show the history of a unit or a location number."
    ),
    CommandRow("status", "status:status", short_help="Show the state of the changelog."),
    CommandRow("serve", "serve", short_help="Serve the changelog over HTTP."),
    CommandRow("backup", "backup:backup", short_help="Write a copy of the changelog."),
    CommandRow(
        "export", "export:export", short_help="Write tables as files, for those who analyse."
    ),
    CommandRow("verify", "verify:verify", short_help="Prove the changelog against itself."),
    CommandRow("config", "config:config", short_help="Show each setting and its source."),
    CommandRow("alarms", "alarms", short_help="The rules that hold an unusually large night."),
    CommandRow("archive", "archive", short_help="The archive of all nights."),
    CommandRow("list", "lists", short_help="Lists of your own that stay in the changelog."),
    CommandRow("notices", "notices", short_help="Notices by webhook and mail."),
    CommandRow("topics", "topics", short_help="The Kafka topics."),
    CommandRow("schemas", "schemas", short_help="The JSON Schemas of what is published."),
)
_ROW_BY_NAME: Final = {row.name: row for row in ROWS}


class LateCommands(TyperGroup):
    """The commands of `ROWS`, each imported when it is asked for.

    To import and build all of them takes longer than many a command.
    """

    def list_commands(self, ctx: Context) -> list[str]:
        """Every name, in the order of the help."""
        del ctx
        return list(_ROW_BY_NAME)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """The command, built; None for a name that is none."""
        del ctx
        row = _ROW_BY_NAME.get(cmd_name)
        return _build_command(row) if row else None

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Find the command; a name that is none is told with those that are like it."""
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            raise NoSuchCommand(error.command_name, possibilities=_ROW_BY_NAME, ctx=ctx) from None

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """List the commands in the help, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(row.name, row.short_help) for row in ROWS])

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """Answer Tab with names of commands, without importing them, and with options."""
        names = [
            CompletionItem(row.name, help=row.short_help)
            for row in ROWS
            if row.name.startswith(incomplete)
        ]
        return [*names, *Command.shell_complete(self, ctx, incomplete)]


@cache
def _build_command(row: CommandRow) -> Command:
    module_name, _, function = row.place.partition(":")
    module = import_module(f"sordiff.cli.{module_name}")
    alone = typer.Typer(
        add_completion=False,
        suggest_commands=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    if function:
        alone.command(row.name, cls=SpeakingCommand)(getattr(module, function))
        return typer.main.get_command(alone)
    alone.add_typer(module.app, name=row.name)
    return typer.main.get_group(alone).commands[row.name]
