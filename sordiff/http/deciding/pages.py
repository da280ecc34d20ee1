"""The page on which people decide."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, cast, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from sordiff.access import Role
from sordiff.changelog import ServedChangelog
from sordiff.http.answer import build_response
from sordiff.http.deciding.decider import Decider
from sordiff.http.deciding.operations import LONGEST_REASON
from sordiff.http.deciding.orders import demand_reason, give_order
from sordiff.http.pages.links import link_known
from sordiff.http.pages.own_page import build_own_page, build_own_route
from sordiff.http.pages.page import build_visit, refuse
from sordiff.http.problem import RequestRefused
from sordiff.http.request_reader import RequestReader
from sordiff.http.sign_in.access import Access, Visitor
from sordiff.http.sign_in.forms import FormTokens, demand_own_site, read_form
from sordiff.http.sign_in.pages import build_form_secret
from sordiff.render.pages.decision_page import Decider as ShownDecider
from sordiff.render.pages.decision_page import write_decision_page
from sordiff.render.pages.site import link_decision
from sordiff.report.page_results import DecisionPage
from sordiff.service.ingest.decision_order import Action, DecisionOrder
from sordiff.service.query.decision_page import read_decision_page

PATH: Final = "/nights/{run}/decide"
_LONGEST_NUMBER: Final = 18


class DecisionPages:
    """What one server needs for it."""

    def __init__(
        self, reader: RequestReader, access: Access, forms: FormTokens, decider: Decider
    ) -> None:
        self._reader = reader
        self._access = access
        self._forms = forms
        self._decider = decider
        # The run that was looked at last: to read a large one takes long, and forms are sent again.
        self._kept: tuple[object, DecisionPage] | None = None

    def build_routes(self) -> list[Route]:
        """To look, and to decide."""
        return [
            build_own_route(PATH, self._show, ["GET"]),
            build_own_route(PATH, self._decide, ["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        return await self._write(request, self._access.find_person(request))

    async def _decide(self, request: Request) -> Response:
        run = _read_number(request.path_params["run"])
        visitor = self._access.find_person(request)
        try:
            demand_own_site(request)
        except RequestRefused:
            self._access.note_refusal(visitor, request, "site")
            raise
        form = await read_form(request)
        if visitor is None:
            words = build_visit(request).words
            problem = RequestRefused(
                HTTPStatus.UNAUTHORIZED, "token", words.text("site.sign_in.again")
            )
            return await self._write(request, None, problem, form)
        try:
            self._forms.demand(form, build_form_secret(visitor))
        except RequestRefused:
            self._access.note_refusal(visitor, request, "form")
            raise
        try:
            self._access.demand_decider(visitor, request)
            order = _read_order(run, form, visitor)
            done = await give_order(order, visitor, request, self._access, self._decider)
        except RequestRefused as error:
            return await self._write(request, visitor, error, form)
        return RedirectResponse(
            link_decision(done.id), HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"}
        )

    async def _write(
        self,
        request: Request,
        visitor: Visitor | None,
        problem: RequestRefused | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Response:
        run = _read_number(request.path_params["run"])
        visit = build_visit(request)
        decider = self._describe(visitor)
        said = "" if problem is None else f"{problem.message} {problem.advice}".strip()

        def read(changelog: ServedChangelog) -> bytes:
            page = self._read_page(changelog, run)
            problem = visit.words.sentence(said)
            return link_known(
                write_decision_page(page, decider, visit, problem=problem, given=form), changelog
            )

        body = await self._reader.read(read)
        status = HTTPStatus.OK if problem is None else problem.status
        headers = {} if problem is None else problem.headers
        return build_response(build_own_page(body, status, headers), request)

    def _read_page(self, changelog: ServedChangelog, run: int) -> DecisionPage:
        # Asked before: what is written meanwhile makes the page too new, never too old.
        mark = changelog.read_mark()
        kept = self._kept
        if kept is not None and mark is not None and kept[0] == (mark, run):
            return kept[1]
        page = read_decision_page(changelog, run)
        self._kept = ((mark, run), page)
        return page

    def _describe(self, visitor: Visitor | None) -> ShownDecider:
        return ShownDecider(
            name="" if visitor is None else visitor.name,
            may_decide=visitor is not None and visitor.role is Role.DECIDE,
            form_token="" if visitor is None else self._forms.build(build_form_secret(visitor)),
            has_archive=self._decider.has_archive,
            publishes=self._decider.publishes,
        )


def _read_order(run: int, form: Mapping[str, str], visitor: Visitor) -> DecisionOrder:
    action, reason = form.get("action", ""), demand_reason(form.get("reason", ""))
    if action not in get_args(Action) or len(reason) > LONGEST_REASON:
        raise refuse("The form can't be understood.")
    return DecisionOrder(
        action=cast("Action", action),
        run=run,
        user=visitor.full_name,
        reason=" ".join(reason.splitlines()),
        digest=form.get("digest") or None,
        with_run=_read_number(form.get("with_run", "")) if action == "correct" else None,
    )


def _read_number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER):
        raise refuse(f"{given[:40]} is no number of this kind.")
    return int(given)
