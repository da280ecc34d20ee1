"""`sordiff diff`."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import SNAPSHOT_HELP, Config, NoFast


class DiffFormat(StrEnum):
    """How the events are written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


def diff(
    old: Annotated[Path, typer.Argument(help=SNAPSHOT_HELP, metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="The later snapshot.", metavar="NEW")],
    output: Annotated[
        DiffFormat,
        typer.Option(
            "--format",
            help="For people, as one JSON array, or as one CloudEvent a line, in order.",
        ),
    ] = DiffFormat.TEXT,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if there is any event.")
    ] = False,
    no_fast: NoFast = False,
    config: Config = None,
) -> None:
    """Compare two snapshots. Nothing is recorded."""
    import sys

    from sordiff.anomalies.rules import is_held
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import (
        choose_paint,
        encode_lines,
        say_plainly,
        say_warning,
        show_progress,
        write_lines,
    )
    from sordiff.cli.restart import restart_when_truncated
    from sordiff.errors import Exit
    from sordiff.render.commands.diff import comparison_lines
    from sordiff.render.commands.mapping import mapping_lines
    from sordiff.service.ingest.compare import Comparison, compare_files
    from sordiff.settings import load_settings
    from sordiff.snapshot import ReadOptions
    from sordiff.wire import encode_stateless_lines

    def tell(found: Comparison) -> tuple[Comparison, Iterable[bytes]]:
        """What is written, complete: names are looked up in the files."""
        if output is not DiffFormat.TEXT:
            return found, encode_stateless_lines(found.events, found.origin)
        paint = choose_paint(sys.stdout)
        lines = comparison_lines(
            found.changes, found.events, found.adoptions, find_spoken_catalogue(), paint
        )
        return found, list(encode_lines(lines))

    restart_when_truncated()
    with show_progress() as progress:
        how = ReadOptions(progress=progress, plain=no_fast)
        comparison, lines = compare_files(
            old, new, load_settings(config), tell, how, now=read_clock()
        )
    for warning in (*comparison.warnings, *(alert.message for alert in comparison.alerts)):
        say_warning(warning)
    say_plainly(mapping_lines(comparison.alerts))
    if is_held(comparison.alerts):
        say_warning("recorded by `sordiff ingest`, this night would be held for a decision")
    if output is DiffFormat.JSON:
        write_lines([b"[" + b",\n ".join(lines) + b"]"])
    else:
        write_lines(lines)
    if exit_code and comparison.events:
        raise typer.Exit(int(Exit.DIFFERENCES))
