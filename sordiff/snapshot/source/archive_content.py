"""Which entry of a zip file is the register, which ones hold lists, and what lies beside them."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sordiff.errors import SnapshotRefused
from sordiff.snapshot.source.content_kind import PACKED, REGISTERS, REWRITTEN, ContentKind
from sordiff.snapshot.source.refusals import ADVICE, AS_DELIVERED, build_refusal
from sordiff.snapshot.source.streams import LIST_FILE_LIMIT
from sordiff.snapshot.source.zip_file import ArchiveEntry

_REGISTER_NAME: Final = "sor.xml"
_LISTS_NAME: Final = "sordatatypes.xml"
# Where several tables have the columns of units: the one that is them by its name.
_ENTITIES_NAMES: Final = frozenset({"sorentity.csv", "sorentities.csv"})

_PACKED_TWICE: Final = (
    "What is in it is packed once more: unpack the zip file, and give the file in it; "
    "nothing was changed."
)


class ListFile(Struct, frozen=True):
    """A file of code lists (SorDataTypes.xml), by its name."""

    name: str
    content: bytes


class ArchiveContent(Struct, frozen=True, kw_only=True):
    """The entry of the register, the files of lists, and every other entry."""

    register: ArchiveEntry
    lists: tuple[ListFile, ...]
    beside: tuple[ArchiveEntry, ...]


def sort_entries(entries: Sequence[ArchiveEntry], name: str) -> ArchiveContent:
    """Sort the entries of the zip file; SnapshotRefused, with what each is, if it is not clear.

    An entry with a known name counts whatever is in it: its reader says what is wrong with it.
    """
    register = _find_register(entries, name)
    lists = [entry for entry in entries if entry is not register and _holds_lists(entry)]
    lists.sort(key=lambda e: (e.name.casefold() != _LISTS_NAME, e.name.casefold()))
    for told, count in Counter(entry.name.casefold() for entry in lists).items():
        if count > 1:
            shown = next(entry.name for entry in lists if entry.name.casefold() == told)
            message = f"the zip file has {count} entries named {shown}"
            raise build_refusal(name, "archive.ambiguous", message)
    return ArchiveContent(
        register=register,
        lists=tuple(ListFile(entry.name, entry.read(LIST_FILE_LIMIT)) for entry in lists),
        beside=tuple(e for e in entries if e is not register and e not in lists),
    )


def _find_register(entries: Sequence[ArchiveEntry], name: str) -> ArchiveEntry:
    found = [
        entry
        for entry in entries
        if entry.content.kind in REGISTERS or entry.name.casefold() == _REGISTER_NAME
    ]
    if len(found) > 1 and all(e.content.kind is ContentKind.SOR2_ENTITIES for e in found):
        found = [e for e in found if e.name.casefold() in _ENTITIES_NAMES] or found
    if len(found) == 1:
        return found[0]
    raise _refuse(entries, len(found), name)


def _holds_lists(entry: ArchiveEntry) -> bool:
    is_list = entry.content.kind is ContentKind.OTHER_XML
    return is_list or entry.name.casefold() == _LISTS_NAME


def _refuse(entries: Sequence[ArchiveEntry], count: int, name: str) -> SnapshotRefused:
    """None or several fit: all entries are told, with what each is."""
    listed = "; ".join(f"{entry.shown_name}: {entry.content}" for entry in entries)
    if not entries:
        return build_refusal(name, "archive.no_snapshot", "the zip file has no entries")
    if any(entry.info.filename.startswith("xl/") for entry in entries):
        message = "the file is an Excel workbook"
        return build_refusal(name, "archive.no_snapshot", message, advice=AS_DELIVERED)
    if not count:
        message = f"no entry of the zip file is a snapshot; {listed}"
        advice = _advise({entry.content.kind for entry in entries})
        return build_refusal(name, "archive.no_snapshot", message, advice=advice)
    message = f"{count} entries of the zip file could be the snapshot; {listed}"
    advice = "Unpack the one that is meant, and give that file; nothing was changed."
    return build_refusal(name, "archive.ambiguous", message, advice=advice)


def _advise(kinds: set[ContentKind]) -> str:
    """What to do with a zip file without a snapshot, by what is in it."""
    if kinds & PACKED:
        return _PACKED_TWICE
    return AS_DELIVERED if kinds & REWRITTEN else ADVICE
