"""The formats of the report: a row a format, and beside it the module that prints it."""

from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sordiff.render.report.edition import Edition


class Printer(Protocol):
    """What a module of a format has."""

    def print_report(self, edition: "Edition") -> "Iterable[bytes]":
        """The whole report in UTF-8, in pieces that are to be written one after the other."""


class ReportFormat(Struct, frozen=True, kw_only=True):
    """A format by its name on the command line, which is also that of its module.

    `is_for_people`: it is read from the top down, so that long lists are cut unless asked for.
    `is_binary`: it is no text, and nothing for a terminal.
    """

    name: str
    is_for_people: bool = False
    is_binary: bool = False

    def printer(self) -> Printer:
        """The module, which is loaded when it is needed: templates take their time."""
        return cast("Printer", import_module(f"{__package__}.{self.name}"))


# The first is what is printed unless another is asked for.
FORMATS: Final = (
    ReportFormat(name="text", is_for_people=True),
    ReportFormat(name="markdown", is_for_people=True),
    ReportFormat(name="mail", is_for_people=True),
    ReportFormat(name="html"),
    ReportFormat(name="json"),
    ReportFormat(name="csv"),
    ReportFormat(name="xlsx", is_binary=True),
)
FORMAT_BY_NAME: Final = {row.name: row for row in FORMATS}
