"""The pages on which people sign in and out."""

import re
import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sordiff.http.answer import build_response
from sordiff.http.pages.own_page import build_own_page, build_own_route
from sordiff.http.pages.page import build_visit
from sordiff.http.problem import RequestRefused
from sordiff.http.proxies import find_client
from sordiff.http.sign_in.access import Access, Visitor
from sordiff.http.sign_in.cookies import (
    demand_safe_road,
    read_cookie,
    remove_cookie,
    set_cookie,
)
from sordiff.http.sign_in.forms import FormTokens, demand_own_site, read_form
from sordiff.http.sign_in.guard import SIGN_IN_PATH
from sordiff.http.sign_in.sessions import LONGEST_SECONDS
from sordiff.render.pages.site import render_page

_FORM_SECONDS: Final = 3600
# An address of this site alone: no other host, no other scheme.
_OWN_ADDRESS: Final = re.compile(r"/(?![/\\])[A-Za-z0-9/_.~?=&%+,:@!$'()*;-]{0,500}")


def build_sign_in_routes(access: Access, forms: FormTokens) -> Sequence[Route]:
    """The routes of both."""
    pages = _SignInPages(access, forms)
    return [
        build_own_route(SIGN_IN_PATH, pages.show, ["GET"]),
        build_own_route(SIGN_IN_PATH, pages.sign_in, ["POST"]),
        build_own_route("/sign-out", pages.sign_out, ["POST"]),
    ]


def build_form_secret(visitor: Visitor) -> str:
    """What the forms of somebody who is known are bound to."""
    return visitor.secret or f"proxy {visitor.name}"


class _SignInPages:
    def __init__(self, access: Access, forms: FormTokens) -> None:
        self._access = access
        self._forms = forms

    async def show(self, request: Request) -> Response:
        visitor = self._access.find_person(request)
        if visitor is not None:
            return self._show_visitor(visitor, request)
        try:
            demand_safe_road(request)
        except RequestRefused as error:
            return self._show_form(request, problem=error)
        return self._show_form(request)

    async def sign_in(self, request: Request) -> Response:
        demand_safe_road(request)
        form = {}
        try:
            demand_own_site(request)
            form = await read_form(request)
            self._forms.demand(form, read_cookie(request, "form"))
            token = self._access.check(form.get("token", "").strip(), request)
        except RequestRefused as error:
            return self._show_form(request, problem=error, onward=form.get("next", "/"))
        self._access.sessions.end(read_cookie(request, "session"))
        response = _lead_to(_find_own(form.get("next", "/")))
        secret = self._access.sessions.begin(token)
        set_cookie(response, request, "session", secret, LONGEST_SECONDS)
        remove_cookie(response, request, "form")
        self._access.audit.note(
            "sign-in", outcome="done", by=f"{token.name} (token)", client=find_client(request)
        )
        return response

    async def sign_out(self, request: Request) -> Response:
        demand_own_site(request)
        form = await read_form(request)
        secret = read_cookie(request, "session")
        self._forms.demand(form, secret)
        self._access.sessions.end(secret)
        response = _lead_to(SIGN_IN_PATH)
        remove_cookie(response, request, "session")
        return response

    def _show_visitor(self, visitor: Visitor, request: Request) -> Response:
        onward = request.query_params.get("next")
        if onward:
            return _lead_to(_find_own(onward))
        body = render_page(
            "sign_in.html.jinja",
            build_visit(request),
            name=visitor.name,
            role=visitor.role.value,
            by_token=visitor.known_by == "token",
            form_token=self._forms.build(build_form_secret(visitor)),
            problem="",
        )
        return build_response(build_own_page(body), request)

    def _show_form(
        self, request: Request, problem: RequestRefused | None = None, onward: str | None = None
    ) -> Response:
        """Its own secret goes into a cookie, so that no other site can sign anybody in."""
        words = build_visit(request).words
        secret = read_cookie(request, "form") or secrets.token_urlsafe(32)
        can_sign_in = problem is None or problem.kind != "tls"
        wanted = request.query_params.get("next", "/") if onward is None else onward
        said = "" if problem is None else f"{problem.message} {problem.advice}".strip()
        body = render_page(
            "sign_in.html.jinja",
            build_visit(request),
            name="",
            form_token=self._forms.build(secret) if can_sign_in else "",
            onward=_find_own(wanted),
            came_from_elsewhere=request.headers.get("sec-fetch-site") == "cross-site",
            problem=words.sentence(said),
        )
        status = HTTPStatus.OK if problem is None else problem.status
        headers = {} if problem is None else problem.headers
        response = build_response(build_own_page(body, status, headers), request)
        if can_sign_in:
            set_cookie(response, request, "form", secret, _FORM_SECONDS)
        return response


def _find_own(address: str) -> str:
    """An address of this site; the front page in place of any other."""
    return address if _OWN_ADDRESS.fullmatch(address) else "/"


def _lead_to(address: str) -> Response:
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
