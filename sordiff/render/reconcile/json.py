"""A judged list for programs: one object, the same in every language."""

from collections.abc import Iterator

from msgspec.structs import replace

from sordiff.render.reconcile.edition import ListEdition
from sordiff.wire import encode_canonically


def print_list(edition: ListEdition) -> Iterator[bytes]:
    """The one line, in pieces: the rows of a long list are never all in one text."""
    whole = encode_canonically(replace(edition.told, rows=()))
    yield whole.removesuffix(b"]}")
    for place, row in enumerate(edition.told.rows):
        yield (b"," if place else b"") + encode_canonically(row)
    yield b"]}\n"
