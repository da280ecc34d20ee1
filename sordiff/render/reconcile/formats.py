"""The formats of a judged list: a row a format, and beside it the module that prints it."""

from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sordiff.render.reconcile.edition import ListEdition


class ListPrinter(Protocol):
    """What a module of a format has."""

    def print_list(self, edition: "ListEdition") -> "Iterable[bytes]":
        """The whole of it, in pieces that are to be written one after the other."""


class ListFormat(Struct, frozen=True, kw_only=True):
    """A format by its name on the command line, which is also that of its module."""

    name: str
    is_for_people: bool = False
    is_binary: bool = False

    def printer(self) -> ListPrinter:
        """The module, which is loaded when it is needed."""
        return cast("ListPrinter", import_module(f"{__package__}.{self.name}"))


LIST_FORMATS: Final = (
    ListFormat(name="text", is_for_people=True),
    ListFormat(name="json"),
    ListFormat(name="csv"),
    ListFormat(name="xlsx", is_binary=True),
    ListFormat(name="html"),
)
LIST_FORMAT_BY_NAME: Final = {row.name: row for row in LIST_FORMATS}
