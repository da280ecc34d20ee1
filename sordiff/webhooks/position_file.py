"""How far a subscriber is, in a file of its own beside the changelog.

It does not lie in the changelog: a backup that is restored must not take it back.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from sordiff.errors import UNREADABLE, SordiffError
from sordiff.report import WebhookPosition
from sordiff.sync import sync_path

_MARK = ".webhook-"


class PositionFile:
    """The file of one subscriber."""

    def __init__(self, database: Path, name: str) -> None:
        real = database.resolve()
        self._path = real.with_name(f"{real.name}{_MARK}{name}.json")

    def read(self) -> WebhookPosition | None:
        """The position; None where nothing was ever sent. SordiffError where it can't be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=WebhookPosition)
        except FileNotFoundError:
            return None
        except (OSError, *UNREADABLE) as error:
            message = f"The position {self._path} can't be read: {error}."
            advice = "Restore it, or remove it: then all is sent again from `since` on."
            raise SordiffError(message, advice=advice) from error

    def write(self, position: WebhookPosition) -> None:
        """Replace it in one step; it is on the disk when this returns."""
        aside = self._path.with_name(f"{self._path.name}.new")
        aside.write_bytes(msgspec.json.format(msgspec.json.encode(position), indent=1) + b"\n")
        sync_path(aside)
        aside.replace(self._path)
        sync_path(self._path.parent)


def read_positions(database: Path) -> tuple[WebhookPosition, ...]:
    """Those of all subscribers of a changelog, by name; one that can't be read is left out."""
    return tuple(_read_all(database))


def _read_all(database: Path) -> Iterator[WebhookPosition]:
    try:
        real = database.resolve()
    except (OSError, RuntimeError):
        return  # what leads nowhere is told of where the changelog is opened
    for path in sorted(real.parent.glob(f"{real.name}{_MARK}*.json")):
        try:
            yield msgspec.json.decode(path.read_bytes(), type=WebhookPosition)
        except (OSError, *UNREADABLE):
            continue
