"""The register as it stands in the changelog, read whole."""

from sordiff.changelog import Session
from sordiff.model import Header
from sordiff.register import Register


def read_present_register(session: Session, header: Header) -> Register:
    """The state as it stands, under the header of the night that it is told for."""
    return Register(
        day=header.snapshot_date,
        created_at=header.created_at,
        version=header.version,
        units=session.state.read_units(),
        lists=session.state.read_lists(),
    )
