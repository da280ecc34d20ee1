"""What lies beside the register in its archive: entries of a zip, or the same bytes in memory."""

from typing import Final, Protocol

from msgspec import Struct

from sordiff.snapshot.source.content_kind import TABLES, Content, ContentKind, recognise
from sordiff.snapshot.source.refusals import build_refusal
from sordiff.snapshot.source.streams import HEAD_LENGTH

# A table of two columns can't be told from text.
_KINDS: Final = TABLES | {ContentKind.OTHER_TABLE, ContentKind.TEXT}


class BesideEntry(Protocol):
    """A file beside the register: its name without folders, and the name of its archive."""

    @property
    def name(self) -> str:
        """The name without folders."""

    @property
    def archive_name(self) -> str:
        """The archive, for messages."""

    @property
    def content(self) -> Content:
        """What it is, by its first bytes."""

    def read(self, limit: int) -> bytes:
        """The whole file; SnapshotRefused if it is larger."""


class HeldEntry(Struct, frozen=True, kw_only=True):
    """Such a file whose bytes are in memory."""

    name: str
    archive_name: str
    data: bytes

    @property
    def content(self) -> Content:
        """What it is, by its first bytes."""
        return recognise(self.data[:HEAD_LENGTH])

    def read(self, limit: int) -> bytes:
        """The whole file; SnapshotRefused if it is larger."""
        if len(self.data) > limit:
            message = f"{self.name} has more than {limit // 1024**2} MiB"
            raise build_refusal(self.archive_name, "too_large", message)
        return self.data


def is_side_table(entry: BesideEntry) -> bool:
    """Whether it may be a table that says something of the units."""
    return entry.content.kind in _KINDS and entry.name.casefold().endswith(".csv")
