"""All pages by their paths."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sordiff.http.answer import Answer, build_response
from sordiff.http.pages import nights, units
from sordiff.http.pages.page import Answerer, build_route
from sordiff.http.request_reader import RequestReader
from sordiff.render.pages.site import ASSETS, read_asset

_PAGES: Final[Mapping[str, Answerer]] = {
    "/": nights.answer_front,
    "/nights/{run}": nights.answer_night,
    "/nights/{run}/{file}": nights.answer_night_file,
    "/compare": nights.answer_compare,
    "/compare/{file}": nights.answer_compare_file,
    "/units/{id}": units.answer_unit,
    "/location-numbers/{gln}": units.answer_number,
    "/search": units.answer_search,
    "/search/candidates": units.answer_candidates,
    "/tree": units.answer_tree,
    "/tree/{id}": units.answer_tree,
}


def build_pages(reader: RequestReader) -> Sequence[BaseRoute]:
    """The routes of all pages, and of the files that they ask for."""
    routes = [build_route(path, answerer, reader) for path, answerer in _PAGES.items()]
    return [*routes, *(_build_asset(name, media_type) for name, media_type in ASSETS.items())]


def _build_asset(name: str, media_type: str) -> Route:
    async def answer(request: Request) -> Response:
        found = Answer(body=read_asset(name), media_type=media_type, status=HTTPStatus.OK)
        return build_response(found, request)

    return Route(f"/assets/{name}", answer, methods=["GET"])
