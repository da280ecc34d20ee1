"""A judged list, the words in which it is told, and the screen."""

from collections.abc import Mapping

from msgspec import Struct

from sordiff.model import SorId
from sordiff.reconcile.table import Table
from sordiff.reconcile.verdict import Reconciliation
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint

# So many lines of a verdict people read at once.
SHOWN_TO_PEOPLE = 20


class ListEdition(Struct, frozen=True, kw_only=True):
    """`limit`: at most so many lines of each verdict, None for all; `names`: of candidates."""

    told: Reconciliation
    table: Table
    language: Catalogue
    paint: Paint = Paint(wanted=False)
    limit: int | None = None
    names: Mapping[SorId, str] = {}
