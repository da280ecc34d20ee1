"""The lines of the manifest: what is kept, and what was done to the runs of the changelog.

A line is only ever added, so that whatever is killed when, what was noted before is still there.
"""

from collections.abc import Mapping
from mmap import mmap
from typing import Final, Literal, TypeAlias

from msgspec import Struct

# A file leans on files of its own series: a night of XML on nights of XML, a daily table on daily
# tables, the first file of lists on first files of lists.
Series: TypeAlias = str
CONTENT: Final = "content"


Done: TypeAlias = Literal["recorded", "released", "rejected", "retracted", "renumbered", "lost"]


class Frame(Struct, frozen=True, kw_only=True, tag="frame", tag_field="line"):
    """A file of the archive: what comes out of it, and the content that it leans on.

    `step`: how many nights after a whole one it was added; it says on which night it leans.
    `packed_twice`: the frame is packed in a second one, which leans on nothing.
    """

    file: str
    series: Series
    sha256: str
    size: int
    packed_sha256: str
    packed_size: int
    leans_on: str | None
    step: int
    packed_twice: bool = False


class KeptFile(Struct, frozen=True, kw_only=True):
    """A file beside the register that is kept, by its name and its SHA-256."""

    name: str
    sha256: str


class KeptNight(Struct, frozen=True, kw_only=True, tag="night", tag_field="line"):
    """A night that is kept: of which day, and the SHA-256 of its content.

    `name` is how the file was called in messages; `data_types_file` the one that came beside it.
    `data_types` stands for its lists: the SHA-256 of the file, or of the digests of several.
    `table`: which kind of CSV file it is; None: XML. `known_as`: what runs have for the SHA-256 of
    its content, where it is another: of a table the day counts, too. `beside`: the tables that came
    with it.
    """

    day: str
    created_at: str
    name: str
    sha256: str
    data_types: str | None
    lists: tuple[KeptFile, ...] = ()
    data_types_file: str | None = None
    added_at: str
    table: str | None = None
    known_as: str | None = None
    beside: tuple[KeptFile, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All contents that it needs."""
        return (self.sha256, *(one.sha256 for one in (*self.lists, *self.beside)))

    @property
    def run_sha256(self) -> str:
        """The SHA-256 that runs have of it."""
        return self.known_as or self.sha256


class DoneToRun(Struct, frozen=True, kw_only=True, tag="run", tag_field="line"):
    """What was done to a run, so that a changelog made anew does the same.

    `lost`: this run, and those after it, are no longer those that were noted before: a backup was
    restored. `renumbered`: its sequences, or whether it is published, are others than noted before.

    From `source` on: of a run that was recorded. `state` is what became of it then; `by` and
    `reason` are None where no person was asked. `digest`: of its events; None where an earlier
    release noted the run.
    """

    run: int
    done: Done
    at: str
    by: str | None
    reason: str | None
    changelog: str
    first_sequence: int | None = None
    last_sequence: int | None = None
    source: str | None = None
    sha256: str | None = None
    data_types: str | None = None
    state: Literal["accepted", "held"] | None = None
    kind: str | None = None
    publish: bool | None = None
    history: bool | None = None
    corrects: int | None = None
    fields: Mapping[str, tuple[str, ...]] | None = None
    digest: str | None = None


class Names(Struct, frozen=True, kw_only=True, tag="names", tag_field="line"):
    """The names of the changelog, once it has others than its own, or sequences were left out.

    `adopted`: whose runs are taken as published. `reached`: the last sequence that they, or a lost
    changelog of this name, gave. The newest line counts.
    """

    own: str | None
    adopted: tuple[str, ...]
    reached: int
    at: str


class Pruned(Struct, frozen=True, kw_only=True, tag="pruned", tag_field="line"):
    """Contents that were taken out of the archive, by their SHA-256."""

    sha256: tuple[str, ...]
    at: str


class NewFile(Struct, frozen=True, kw_only=True):
    """A file beside the register that is to be kept."""

    name: str
    content: bytes


class NewNight(Struct, frozen=True, kw_only=True):
    """A night that is to be kept; the archive computes the SHA-256 itself, and compares it.

    The fields are those of KeptNight.
    """

    day: str
    created_at: str
    name: str
    at: str
    sha256: str | None = None
    data_types: str | None = None
    lists: tuple[NewFile, ...] = ()
    data_types_file: str | None = None
    table: str | None = None
    known_as: str | None = None
    beside: tuple[NewFile, ...] = ()


class RestoredNight(Struct, frozen=True, kw_only=True):
    """A night with its bytes."""

    night: KeptNight
    content: bytes | mmap
    lists: tuple[NewFile, ...]
    beside: tuple[NewFile, ...]


Line: TypeAlias = Frame | KeptNight | DoneToRun | Names | Pruned
