"""The part of a changelog that keeps people's own lists."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # most commands do without
    from sordiff.reconcile.kept_list import KeptList


class KeptLists(Protocol):
    """Lists by name; they are no part of the register and tell no event."""

    def keep(self, kept: "KeptList") -> None:
        """Keep a list, in place of one of that name."""

    def find(self, name: str) -> "KeptList | None":
        """The list of that name."""

    def list_names(self) -> list[str]:
        """The names of all lists, in order."""

    def remove(self, name: str) -> bool:
        """Forget a list; whether there was one."""

    def mark_told(self, name: str, run_id: int) -> None:
        """Note the last run of which notices were written for a list."""
