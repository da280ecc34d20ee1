"""`sordiff archive`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sordiff.cli.archive_options import ArchiveFolder, open_chosen_archive
from sordiff.cli.language import SpeakingCommand, find_spoken_catalogue
from sordiff.cli.options import SNAPSHOT_HELP, Config, DataTypes

app = typer.Typer(help="The archive of all nights.", no_args_is_help=True, suggest_commands=False)


class ArchiveFormat(StrEnum):
    """How the nights are listed."""

    TEXT = "text"
    JSON = "json"


@app.command("add", cls=SpeakingCommand, short_help="Add snapshots to the archive.")
def add(
    snapshots: Annotated[list[Path], typer.Argument(help=SNAPSHOT_HELP, metavar="SNAPSHOT...")],
    archive: ArchiveFolder = None,
    data_types: DataTypes = None,
    config: Config = None,
) -> None:
    """Check snapshots and add them to the archive, byte for byte.

    `ingest` and `run` do so by themselves where [archive] dir is set. This command is for older
    nights. A night that is there already is not added twice.
    """
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import write_text
    from sordiff.render.commands.archive import added_line
    from sordiff.service.archive.keep import keep_snapshot
    from sordiff.service.ingest.read_snapshot import read_with_settings
    from sordiff.settings import load_settings
    from sordiff.snapshot import ReadOptions

    if data_types is not None and len(snapshots) > 1:
        raise typer.BadParameter("goes with one SNAPSHOT only.", param_hint="--data-types")
    kept_in, settings = open_chosen_archive(archive, config), load_settings(config)
    for path in snapshots:
        header = read_with_settings(path, settings, ReadOptions(data_types=data_types)).header
        night = keep_snapshot(kept_in, path, header, at=read_clock(), data_types=data_types)
        write_text([added_line(night.day, night.sha256, find_spoken_catalogue())])


@app.command("list", cls=SpeakingCommand, short_help="List the nights in the archive.")
def list_nights(
    archive: ArchiveFolder = None,
    output: Annotated[ArchiveFormat, typer.Option("--format", help="json: one object a line.")] = (
        ArchiveFormat.TEXT
    ),
    config: Config = None,
) -> None:
    """List the nights by day, with their sizes, and the night that each leans on."""
    import sys

    from sordiff.cli.output import choose_paint, write_lines, write_text
    from sordiff.render.commands.archive import night_lines
    from sordiff.wire import encode_canonically

    kept_in = open_chosen_archive(archive, config)
    kept_in.demand()
    nights = kept_in.list_nights()
    if output is ArchiveFormat.JSON:
        write_lines(map(encode_canonically, nights))
    else:
        write_text(night_lines(nights, find_spoken_catalogue(), choose_paint(sys.stdout)))


@app.command("get", cls=SpeakingCommand, short_help="Restore a night from the archive.")
def get(
    night: Annotated[
        str, typer.Argument(help="Its day, such as 2024-03-05, or its SHA-256.", metavar="NIGHT")
    ],
    to: Annotated[
        Path,
        typer.Option("--output", "-o", help="The file to write the register to.", metavar="FILE"),
    ],
    data_types: Annotated[
        Path | None,
        typer.Option("--data-types", help="The file to write SorDataTypes.xml to.", metavar="FILE"),
    ] = None,
    beside: Annotated[
        Path | None,
        typer.Option(
            "--beside",
            help="The folder to write the tables to that came with SOREntity.csv.",
            metavar="DIR",
        ),
    ] = None,
    archive: ArchiveFolder = None,
    config: Config = None,
) -> None:
    """Restore a night, byte for byte; of several with one day the newest.

    The `zstd` command can do so, too: see docs/archive.md.
    """
    from sordiff.cli.output import say_warning, write_text
    from sordiff.errors import ArchiveFailed
    from sordiff.render.commands.archive import restored_line

    kept_in = open_chosen_archive(archive, config)
    kept_in.demand()
    found = kept_in.find(night)
    kept_in.get(found, to)
    if data_types is not None:
        if not found.lists:
            message = f"The night {found.day} came without SorDataTypes.xml."
            raise ArchiveFailed(message, advice="Call again without --data-types.")
        kept_in.get_lists(found, data_types)
    elif found.lists:
        say_warning("SorDataTypes.xml of this night is written with --data-types FILE")
    if beside is not None:
        kept_in.get_beside(found, beside)
    elif found.beside:
        say_warning("the tables that came with this night are written with --beside DIR")
    write_text([restored_line(found.day, str(to), find_spoken_catalogue())])


@app.command("verify", cls=SpeakingCommand, short_help="Check that every night can be restored.")
def verify(archive: ArchiveFolder = None, config: Config = None) -> None:
    """Restore every night and compare it with its SHA-256.

    A damaged or missing file is named, with the nights that it costs; the exit code is then 2.
    """
    from sordiff.cli.output import write_text
    from sordiff.errors import ArchiveFailed
    from sordiff.render.commands.archive import fault_lines, verified_line

    kept_in = open_chosen_archive(archive, config)
    kept_in.demand()
    found = kept_in.verify()
    if not found.faults:
        write_text([verified_line(found, find_spoken_catalogue())])
        return
    write_text(fault_lines(found, find_spoken_catalogue()))
    message = f"The archive {kept_in.folder} is damaged."
    raise ArchiveFailed(message, advice="Take the files from a copy, or add the nights again.")


@app.command("prune", cls=SpeakingCommand, short_help="Remove old nights from the archive.")
def prune(
    keep: Annotated[
        int, typer.Option("--keep", min=1, help="How many of the newest nights stay.", metavar="N")
    ],
    archive: ArchiveFolder = None,
    config: Config = None,
) -> None:
    """Remove all but the newest nights, and never one that another night leans on.

    A changelog can be rebuilt only from an archive that holds all of its nights.
    """
    from sordiff.cli.clock import read_clock
    from sordiff.cli.output import write_text
    from sordiff.render.commands.archive import pruned_line

    kept_in = open_chosen_archive(archive, config)
    kept_in.demand()
    gone = kept_in.prune(keep, read_clock())
    write_text([pruned_line([night.day for night in gone], find_spoken_catalogue())])
