"""The source of a changelog, of which its events have their ids: one, from the first run on."""

from sordiff.changelog import Session
from sordiff.errors import SordiffError


def demand_source(session: Session, source: str) -> str | None:
    """The source that the changelog has, None before the first run; refuse a call with another.

    Another would give other ids.
    """
    known = session.identity.find_source()
    if known not in {None, source}:
        message = (
            f"The changelog is of the source {known}, and this call has {source};"
            " nothing was recorded."
        )
        advice = "Give the configuration with --config; another source needs its own changelog."
        raise SordiffError(message, advice=advice)
    return known
