"""`sordiff reconcile`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from click import Choice

from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database
from sordiff.render.reconcile.formats import LIST_FORMAT_BY_NAME, LIST_FORMATS

if TYPE_CHECKING:
    from sordiff.reconcile.identifiers import ColumnKind

_LARGEST = 2**63 - 1
_IGNORED = "ignore"


def reconcile(
    source: Annotated[
        str,
        typer.Argument(
            help="CSV, XLSX, JSON lines, file.db#table.column, - for standard input,"
            " or the name of a kept list.",
            metavar="LIST",
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--format",
            help="For a terminal, programs, a spreadsheet (csv, xlsx), or a browser.",
            click_type=Choice(list(LIST_FORMAT_BY_NAME)),
        ),
    ] = LIST_FORMATS[0].name,
    file: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Write to this file: the whole, or nothing.", metavar="FILE"
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            help="What a column holds: sor_id, location_number, provider_number, shak, cvr,"
            " p_number, name or ignore. May be repeated.",
            metavar="NAME=KIND",
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="By the register of this day: the last snapshot of that day or before it.",
            metavar="DATE",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", help="Only lines that became false after this day.", metavar="DATE"
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=0,
            max=_LARGEST,
            help="At most N lines of each verdict; text shows 20, the page all.",
            metavar="N",
        ),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="Also write the corrected list beside the file: NAME.fixed.csv or .xlsx."
            " Only what the register itself says is mended.",
        ),
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if any line is not current.")
    ] = False,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Judge a list of your own by the register: which lines are dead, since when, what to write.

    The list is any table with SOR ids, location numbers, provider numbers (ydernumre), SHAK codes,
    CVR or P numbers. Each line gets one verdict.
    """
    del config  # --db and --lang have looked into it
    from sordiff.cli.own_lists import wanted_table
    from sordiff.cli.reconcile_output import write_fixed, write_list
    from sordiff.cli.report_output import parse_day
    from sordiff.collection import pause_collection
    from sordiff.errors import Exit
    from sordiff.reconcile.verdict import Verdict
    from sordiff.service.reconcile.reconcile import reconcile as judge_list

    given = given_columns(column or [])
    days = parse_day(as_of, "--as-of"), parse_day(since, "--since")
    with pause_collection():
        table, kept = wanted_table(open_changelog(db), source)
        judged = judge_list(
            open_changelog(db), table, given=kept | given, as_of=days[0], since=days[1]
        )
        write_list(judged, LIST_FORMAT_BY_NAME[output], find_spoken_catalogue(), file, limit)
        if fix:
            write_fixed(judged, source)
    if exit_code and any(verdict is not Verdict.CURRENT for verdict in judged.told.counts):
        raise typer.Exit(Exit.DIFFERENCES)


def given_columns(columns: list[str]) -> "dict[str, ColumnKind | None]":
    """What the user says that columns hold."""
    from sordiff.reconcile.identifiers import ColumnKind

    found: dict[str, ColumnKind | None] = {}
    for said in columns:
        name, equals, kind = said.rpartition("=")
        if not equals or kind not in {*ColumnKind, _IGNORED}:
            known = ", ".join([*ColumnKind, _IGNORED])
            message = f"{said} is not NAME=KIND; a kind is one of: {known}."
            raise typer.BadParameter(message, param_hint="--column")
        found[name] = None if kind == _IGNORED else ColumnKind(kind)
    return found
