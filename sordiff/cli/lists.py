"""`sordiff list`: lists of one's own that stay."""

from enum import StrEnum
from typing import Annotated

import typer

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import SpeakingCommand, find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database

app = typer.Typer(help="Lists of your own that stay in the changelog.", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(help="The name of the list.", metavar="NAME")]


class ShowFormat(StrEnum):
    """How the lists are written."""

    TEXT = "text"
    JSON = "json"


@app.command("add", cls=SpeakingCommand, short_help="Keep a list, in place of one of that name.")
def add_list(
    name: _Name,
    file: Annotated[
        str | None,
        typer.Argument(
            help="CSV, XLSX, JSON lines, file.db#table.column, or - for standard input.",
            metavar="[FILE]",
        ),
    ] = None,
    under: Annotated[
        list[str] | None,
        typer.Option(
            "--under",
            help="In place of FILE: this unit or owner and all below it. May be repeated.",
            metavar="SOR_ID",
        ),
    ] = None,
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region",
            help="In place of FILE: the units of this region. May be repeated.",
            metavar="CODE",
        ),
    ] = None,
    unit_type: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            help="In place of FILE: the units of this unit type. May be repeated.",
            metavar="CODE",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            help="What a column holds, as in `sordiff reconcile`. May be repeated.",
            metavar="NAME=KIND",
        ),
    ] = None,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Keep a list of your own: a file as it is now, or a rule that says which units are meant."""
    del config  # --db and --lang have looked into it
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import say
    from sordiff.cli.reconcile import given_columns
    from sordiff.list_files.read_table import read_table
    from sordiff.model import SorId
    from sordiff.reconcile.kept_list import ListRule
    from sordiff.service.reconcile.keep import keep_rule, keep_table, members_of

    if (file is None) is not bool(under or region or unit_type):
        message = "give a FILE, or some of --under, --region and --type."
        raise typer.BadParameter(message, param_hint="FILE")
    changelog = open_changelog(db)
    if file is not None:
        kept = keep_table(
            changelog, name, read_table(file), given_columns(column or []), now=read_clock()
        )
    else:
        rule = ListRule(
            under=tuple(map(SorId, under or ())),
            regions=tuple(region or ()),
            unit_types=tuple(unit_type or ()),
        )
        kept = keep_rule(changelog, name, rule, now=read_clock())
    members = members_of(changelog, kept)
    words = find_spoken_catalogue()
    say(
        words.say(
            "list.kept",
            name=name,
            units=words.number(len(members.units - members.gone)),
            numbers=words.number(len(members.numbers)),
        )
    )


@app.command("show", cls=SpeakingCommand, short_help="Show the kept lists, or one of them.")
def show_lists(
    name: Annotated[
        str | None, typer.Argument(help="The list; without it all.", metavar="[NAME]")
    ] = None,
    output: Annotated[
        ShowFormat, typer.Option("--format", help="json: one object a list, one a line.")
    ] = ShowFormat.TEXT,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Show the kept lists: what each holds, where it came from and when it was kept."""
    del config  # --db and --lang have looked into it
    from sordiff.cli.output import write_lines, write_text
    from sordiff.render.commands.lists import describe_kept, kept_lines
    from sordiff.service.reconcile.keep import find_all_kept, find_kept
    from sordiff.wire import encode_canonically

    changelog = open_changelog(db)
    kept = find_all_kept(changelog) if name is None else [find_kept(changelog, name)]
    if output is ShowFormat.JSON:
        write_lines(encode_canonically(describe_kept(one)) for one in kept)
    else:
        write_text(kept_lines(kept, find_spoken_catalogue()))


@app.command("remove", cls=SpeakingCommand, short_help="Forget a kept list.")
def remove_list(name: _Name, db: Database = DEFAULT_DATABASE, config: Config = None) -> None:
    """Forget a kept list; nothing else changes."""
    del config  # --db and --lang have looked into it
    from sordiff.service.reconcile.keep import remove_kept

    remove_kept(open_changelog(db), name)
