"""What a snapshot can't say by itself, and how the state of the night before answers it.

A table leaves things out: a daily file has no closed units, a list lifted from rows has only codes
in use, sor.csv has texts without codes. Nothing of that is a change of the register.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from msgspec import Struct

from sordiff.model import Contact, LocationNumber, PostalAddress, SorId, Unit

# Where a unit keeps a number that its row marks inherited, and that no row above has.
FROM_NOWHERE: Final = "location_number"


class SaidBelow(Struct, frozen=True, kw_only=True, gc=False):
    """What all rows directly below a unit without a row say alike: it reaches them from there.

    `is_marked`: rows say by themselves that they inherit the number.
    """

    number: LocationNumber | None = None
    postal: PostalAddress | None = None
    contact: Contact | None = None
    is_marked: bool = False


class Gaps(Struct, frozen=True, kw_only=True):
    """The gaps of one snapshot.

    `leaves_out_closed`: closed units are not in it. `mentioned`: units without a row, of which the
    rows of other units say something; `said_below`: what they say alike of each. `texts_as_codes`:
    the lists in which texts stand for codes.
    `marks_numbers`: its rows say by themselves whether a number is inherited.
    `several_texts`: list -> code -> the texts that rows give it, where there are several. Of a
    snapshot that was read where it is touched, `with_rows` has all units that have a row, and
    `without_row` those that have none any more.
    """

    leaves_out_closed: bool = False
    mentioned: Mapping[SorId, Unit] = {}
    said_below: Mapping[SorId, SaidBelow] = {}
    texts_as_codes: frozenset[str] = frozenset()
    marks_numbers: bool = False
    several_texts: Mapping[str, Mapping[str, frozenset[str]]] = {}
    with_rows: AbstractSet[SorId] = frozenset()
    without_row: AbstractSet[SorId] = frozenset()
