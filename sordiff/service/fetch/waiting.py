"""What was fetched and not taken yet: a night whose `run` was killed is taken by the next one."""

from pathlib import Path

from sordiff.fetch.folder import FetchFolder
from sordiff.fetch.settings import FetchSettings


def list_waiting(settings: FetchSettings, newest: Path | None) -> list[Path]:
    """The files to take, in the order in which they were fetched.

    `newest`, what the last fetch found, is among them: of a file that is taken already it is told
    anew, and when no other comes for too long.
    """
    waiting = FetchFolder(Path(settings.dir)).list_waiting()
    return waiting if newest is None or newest in waiting else [*waiting, newest]


def note_taken(settings: FetchSettings, file: Path, at: str) -> None:
    """Note that a file was ingested or refused; then remove more than `keep` of those."""
    folder = FetchFolder(Path(settings.dir))
    folder.note_taken(file, at)
    if settings.keep:
        folder.remove_older(settings.keep)
