"""What a row says: the unit as it stands there, with everything that the row repeats of others."""

from typing import Final

from msgspec import Struct

from sordiff.gaps.gaps import SaidBelow
from sordiff.model import Contact, Day, Kind, LocationNumber, PostalAddress, SorId, Speciality
from sordiff.row_index import CodeText


class Above(Struct, frozen=True, gc=False):
    """What a row says of the institution or the owner above its unit."""

    sor_id: SorId | None = None
    name: str | None = None
    cvr: str | None = None


# For all units that were released; nobody changes them.
_NOTHING: Final[dict[str, str]] = {}
_NO_DAYS: Final[dict[str, Day]] = {}
_NOBODY: Final = Above()


class StatedUnit(Struct, kw_only=True, gc=False):
    """A unit as its row states it.

    The number, the three addresses and the contact are those that reach it, its own or inherited.
    `inherited`: what the row says of its number; None if it says nothing. `texts`: the fields with
    one text each. `code_texts`: its codes with the texts beside them. `line`: of its row. `unused`:
    what else the row says, of which nothing is made: a sentence each.
    """

    sor_id: SorId
    kind: Kind
    line: int
    parent_id: SorId | None = None
    texts: dict[str, str] = {}
    days: dict[str, Day] = {}
    specialities: tuple[Speciality, ...] = ()
    code_texts: tuple[CodeText, ...] = ()
    number: LocationNumber | None = None
    inherited: bool | None = None
    postal: PostalAddress | None = None
    visiting: PostalAddress | None = None
    activity: PostalAddress | None = None
    contact: Contact | None = None
    institution: Above = Above()
    owner: Above = Above()
    replaced_by: tuple[SorId, ...] = ()
    other: dict[str, str] = {}
    unused: tuple[str, ...] = ()

    def release(self) -> None:
        """Let go of what only the unit itself needs, which was built, and none below it."""
        self.texts, self.days = _NOTHING, _NO_DAYS
        self.specialities, self.code_texts, self.replaced_by = (), (), ()
        self.visiting = self.activity = None
        self.institution = self.owner = _NOBODY
        if "Region" not in self.other:
            self.other = _NOTHING

    def say_blocks(self, *, is_marked: bool = False) -> SaidBelow:
        """What of it reaches others; of a unit without a row, what the rows below say alike."""
        return SaidBelow(
            number=self.number, postal=self.postal, contact=self.contact, is_marked=is_marked
        )

    def settle_parent(self) -> None:
        """An institution whose row names its owner alone stands below that."""
        if self.parent_id is None and self.kind is Kind.INSTITUTION:
            self.parent_id = self.owner.sor_id
