"""`sordiff rebuild`."""

from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.archive_options import ArchiveFolder, open_chosen_archive
from sordiff.cli.changelog import open_changelog
from sordiff.cli.language import find_spoken_catalogue
from sordiff.cli.options import DEFAULT_DATABASE, Config, Database


def rebuild(
    archive: ArchiveFolder = None,
    compare: Annotated[
        Path | None,
        typer.Option(
            "--compare",
            help="Compare with this changelog and show what is told differently.",
            metavar="FILE",
        ),
    ] = None,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="With --compare: exit with 1 if anything differs."),
    ] = False,
    db: Database = DEFAULT_DATABASE,
    config: Config = None,
) -> None:
    """Make a new changelog from the archive, with the same events, ids, sequences and decisions.

    The new changelog must not exist yet. It appears when it is complete.
    """
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import say_warnings, write_text
    from sordiff.errors import Exit
    from sordiff.render.commands.rebuild import difference_lines, rebuilt_line
    from sordiff.service.archive.compare import compare_changelogs
    from sordiff.service.archive.rebuild import list_doubts
    from sordiff.service.archive.rebuild import rebuild as rebuild_changelog
    from sordiff.settings import load_settings

    if exit_code and compare is None:
        raise typer.BadParameter("goes with --compare only.", param_hint="--exit-code")
    settings, kept_in, new = (
        load_settings(config),
        open_chosen_archive(archive, config),
        open_changelog(db),
    )
    kept_in.demand()
    rebuilt = [*rebuild_changelog(kept_in, new, settings, at=read_clock())]
    with new.open_to_read() as session:
        last = session.sequences.next() - 1
    write_text([rebuilt_line(len(rebuilt), last, str(db), find_spoken_catalogue())])
    say_warnings((*new.warnings, *list_doubts(rebuilt)))
    if compare is None:
        return
    differences = list(compare_changelogs(open_changelog(compare), new))
    write_text(difference_lines(differences, str(compare), find_spoken_catalogue()))
    if differences and exit_code:
        raise typer.Exit(int(Exit.DIFFERENCES))
