"""All routes of deciding and of signing in, by what the server is told to allow."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from sordiff.http.deciding.decider import Decider
from sordiff.http.deciding.pages import DecisionPages
from sordiff.http.deciding.programs import build_decision_routes
from sordiff.http.request_reader import RequestReader
from sordiff.http.sign_in.access import Access
from sordiff.http.sign_in.forms import FormTokens
from sordiff.http.sign_in.pages import build_sign_in_routes


def build_deciding(reader: RequestReader, access: Access, decider: Decider) -> Sequence[BaseRoute]:
    """They come before the pages, one of which takes any file below a night."""
    forms = FormTokens()
    decides = access.settings.decide
    return [
        *build_decision_routes(access, decider if decides else None),
        *(build_sign_in_routes(access, forms) if access.is_needed else ()),
        *(DecisionPages(reader, access, forms, decider).build_routes() if decides else ()),
    ]
