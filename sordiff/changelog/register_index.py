"""The register as it stands, indexed for people who type and walk: the port to such an index."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from sordiff.model import SorId

if TYPE_CHECKING:
    from sordiff.changelog import QuerySession


class PlacedUnit(Struct, frozen=True, kw_only=True, gc=False):
    """A unit in the tree, with how many units stand below it at all levels, and are open."""

    sor_id: SorId
    below: int
    open_below: int


class SharedValues(Struct, frozen=True, kw_only=True):
    """What a unit that is gone may share with one that goes on; what it inherited is among it.

    As `sordiff.reconcile.traits` folds it; `parent` is the unit that both are right below.
    """

    name: str | None = None
    parent: SorId | None = None
    house: str | None = None
    phone: str | None = None
    email: str | None = None
    cvr: str | None = None


class RegisterIndex(Protocol):
    """Finds units of the newest accepted night; each method asks within a session.

    An index may lag behind the session by the moments that it takes to make it anew.
    """

    def read_mark(self) -> Hashable:
        """Another value than before where what answers is another index."""

    def search(self, session: QuerySession, text: str, most: int) -> list[SorId]:
        """The units that fit: by a number or code, else by words of name, numbers and address.

        Each word may be the beginning of one. Danish letters and their spelling-out are the same.
        Of the same fit open units come first, and names that begin with the text.
        """

    def list_owners(self, session: QuerySession, skip: int, most: int) -> list[PlacedUnit]:
        """The owners, those with most units first."""

    def count_owners(self, session: QuerySession) -> int:
        """How many owners there are."""

    def list_children(self, session: QuerySession, sor_id: SorId) -> list[PlacedUnit]:
        """The units right below one: open ones first, in the order of the Danish alphabet."""

    def list_heirs(self, session: QuerySession, sor_id: SorId) -> list[SorId]:
        """The open units that inherit the location number of this unit, in the same order."""

    def find_sharing(
        self, session: QuerySession, values: SharedValues, first: str, last: str
    ) -> set[SorId]:
        """All units that opened from the first to the last day and have one of these values.

        There may be others among them: who needs to be sure looks at what they have.
        """

    def find_numbered(self, session: QuerySession, number: str) -> list[SorId]:
        """All units that have this number or code; there may be others among them, too."""
