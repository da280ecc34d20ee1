"""A report with what its printer must know of its readers."""

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from sordiff.render.language import Catalogue
from sordiff.render.report.medium import Medium
from sordiff.render.text.colour import Paint
from sordiff.report import Report


class CsvDialect(StrEnum):
    """For whom a CSV file is: a Danish spreadsheet, or programs."""

    EXCEL = "excel"
    PLAIN = "plain"


class Edition(Struct, frozen=True, kw_only=True):
    """A report in a language, for a screen; a format for programs needs neither.

    `lists_standing` and `database` are what the reader asked of the medium; `recipients` are the
    addresses that a mail is for. `may_fork`: a worker process may write a part.
    """

    report: Report
    language: Catalogue
    paint: Paint
    lists_standing: bool = False
    database: str = ""
    recipients: tuple[str, ...] = ()
    csv: CsvDialect = CsvDialect.EXCEL
    may_fork: bool = False

    def fit(self, medium: Medium) -> Medium:
        """The medium as the reader wants it."""
        return replace(
            medium,
            lists_standing=self.lists_standing or medium.lists_standing,
            database=self.database,
        )
