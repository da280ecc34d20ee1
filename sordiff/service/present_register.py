"""The register as it stands in the changelog, read whole."""

from typing import TYPE_CHECKING

from sordiff.model import Header
from sordiff.register import Register

if TYPE_CHECKING:  # a diff does without a changelog
    from sordiff.changelog import Session


def read_present_register(session: "Session", header: Header) -> Register:
    """The state as it stands, under the header of the night that it is told for."""
    return Register(
        day=header.snapshot_date,
        created_at=header.created_at,
        version=header.version,
        units=session.state.read_units(),
        lists=session.state.read_lists(),
    )
