"""Which archive a command works on: --archive, else [archive] dir of the settings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

if TYPE_CHECKING:
    from sordiff.archive import Archive
    from sordiff.changelog import Changelog
    from sordiff.settings import Settings

# A night that lies in the archive unpacked, and is no part of it.
_CACHE: Final = "cache"

ArchiveFolder: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--archive", help="The folder of the archive; without it [archive] dir.", metavar="DIR"
    ),
]


def find_configured_archive(settings: "Settings") -> "Archive | None":
    """The archive of [archive] dir; None where no night is kept."""
    if settings.archive.dir is None:
        return None
    from sordiff.archive import Archive

    folder, cache = Path(settings.archive.dir), settings.archive.cache
    if cache is None:
        return Archive.open(folder, folder / _CACHE)
    return Archive.open(folder, Path(cache) if cache else None)


def open_chosen_archive(folder: Path | None, config: Path | None) -> "Archive":
    """The archive that a command is about; without one it can't go on."""
    from sordiff.archive import Archive
    from sordiff.settings import load_settings

    if folder is not None:
        return Archive.open(folder, folder / _CACHE)
    found = find_configured_archive(load_settings(config))
    if found is None:
        message = "it is not configured where the archive is; see [archive]."
        raise typer.BadParameter(message, param_hint="--archive")
    return found


def note_decision(changelog: "Changelog", settings: "Settings") -> None:
    """Note in the archive what was just decided; what fails is a warning: the next call does it."""
    from sordiff.cli.output import say_warning
    from sordiff.errors import SordiffError
    from sordiff.service.archive.note import note_runs

    try:
        archive = find_configured_archive(settings)
        if archive is not None:
            note_runs(archive, changelog)
    except SordiffError as error:
        say_warning(f"{error.message} {error.advice}")
