"""A report with what its printer must know of its readers."""

from msgspec import Struct

from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import Report


class Edition(Struct, frozen=True, kw_only=True):
    """A report in a language, for a screen; a format for programs needs neither."""

    report: Report
    language: Catalogue
    paint: Paint
