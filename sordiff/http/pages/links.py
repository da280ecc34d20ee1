"""Links to units and location numbers: only to those of which there is a page."""

from sordiff.changelog import QueryableChangelog
from sordiff.render.pages.site import keep_links, list_linked
from sordiff.service.query.held_units import find_known


def link_known(body: bytes, changelog: QueryableChangelog) -> bytes:
    """A page in which the digits that name nothing lead nowhere: a code can look like an id."""
    linked = list_linked(body)
    if not linked:
        return body
    with changelog.open_to_query() as session:
        return keep_links(body, find_known(session, linked))
