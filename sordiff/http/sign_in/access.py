"""Who asks, and what he may do."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Literal

from msgspec import Struct
from starlette.requests import HTTPConnection

from sordiff.access import AccessToken, Role, TokenFile
from sordiff.errors import SordiffError
from sordiff.http.problem import RequestRefused
from sordiff.http.proxies import find_client, is_from_proxy
from sordiff.http.sign_in.attempts import Attempts, name_network
from sordiff.http.sign_in.audit import AuditLog
from sordiff.http.sign_in.cookies import read_session_cookie
from sordiff.http.sign_in.sessions import Sessions
from sordiff.settings.serve import ServeSettings

_WRONG_TOKENS: Final = 10
_DECISIONS: Final = 20
_REALM: Final = 'Bearer realm="sordiff"'
_LONGEST_USER: Final = 100


class Visitor(Struct, frozen=True, kw_only=True):
    """Somebody who is known. `secret`: of the session, empty where there is none."""

    name: str
    role: Role
    known_by: Literal["token", "proxy"]
    secret: str = ""

    @property
    def full_name(self) -> str:
        """As it is stored with decisions: the OS users of the commands have names of their own."""
        return f"{self.name} ({self.known_by})"


class Access:
    """The tokens, the sessions and the limits of one server."""

    def __init__(
        self,
        settings: ServeSettings,
        tokens: TokenFile,
        audit: AuditLog,
        clock: Callable[[], str],
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives the present moment in UTC, ISO 8601; `tick`, seconds that only grow."""
        self.settings = settings
        self.audit = audit
        self.sessions = Sessions(tick)
        self._tokens = tokens
        self._clock = clock
        self._wrong = Attempts(_WRONG_TOKENS, tick)
        self._decisions = Attempts(_DECISIONS, tick)

    @property
    def is_needed(self) -> bool:
        """Whether anybody has to sign in for anything."""
        return self.settings.decide or self.is_needed_to_read

    @property
    def is_needed_to_read(self) -> bool:
        """Whether nobody may read without a token."""
        return self.settings.read == "token"

    def find_person(self, request: HTTPConnection) -> Visitor | None:
        """Who is signed in, or is known to a named proxy."""
        secret = read_session_cookie(request)
        session = self.sessions.find(secret) if secret else None
        if session is not None:
            token = self._ask(lambda: self._tokens.find_by_hash(session.token, self._clock()))
            if token is not None:
                return Visitor(name=token.name, role=token.role, known_by="token", secret=secret)
            self.sessions.end(secret)
        return self._find_proxied(request)

    def find_program(self, request: HTTPConnection) -> Visitor | None:
        """Whose token the request carries, None where it carries none; a wrong one is refused."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = self.check(secret.strip(), request)
        return Visitor(name=token.name, role=token.role, known_by="token")

    def check(self, secret: str, request: HTTPConnection) -> AccessToken:
        """The token with this secret; a wrong one is counted, noted and refused.

        The right one is never kept waiting by others who send wrong ones from its address.
        """
        token = self._ask(lambda: self._tokens.find(secret, self._clock()))
        if token is not None:
            return token
        client = find_client(request)
        key = name_network(client)
        if pause := self._wrong.find_pause(key):
            raise refuse_often(pause)
        self._wrong.note(key)
        # What was refused is noted, but never without end: beyond the limit nothing is.
        self.audit.note("sign-in", outcome="refused", client=client)
        message = "This token is not known, or no longer valid."
        advice = "`sordiff serve token add` makes one."
        headers = {"WWW-Authenticate": f'{_REALM}, error="invalid_token"'}
        raise RequestRefused(
            HTTPStatus.UNAUTHORIZED, "token", message, advice=advice, headers=headers
        )

    def demand_decider(self, visitor: Visitor | None, request: HTTPConnection) -> Visitor:
        """Who may decide, and has not done so too often."""
        if visitor is None:
            raise refuse_unknown()
        if visitor.role is not Role.DECIDE:
            self.note_refusal(visitor, request, "role")
            message = "Your role does not allow to decide."
            advice = "It needs a token with the role decide."
            headers = {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope"'}
            raise RequestRefused(
                HTTPStatus.FORBIDDEN, "role", message, advice=advice, headers=headers
            )
        if pause := self._decisions.find_pause(visitor.full_name):
            raise refuse_often(pause)
        self._decisions.note(visitor.full_name)
        return visitor

    def note_refusal(self, visitor: Visitor | None, request: HTTPConnection, why: str) -> None:
        """That somebody tried to decide who may not, or as nobody may; not without end."""
        client = find_client(request)
        key = f"refused {name_network(client)}"
        if not self._wrong.find_pause(key):
            self._wrong.note(key)
            by = "" if visitor is None else visitor.full_name
            self.audit.note("decision", outcome="refused", why=why, by=by, client=client)

    def _find_proxied(self, request: HTTPConnection) -> Visitor | None:
        how = self.settings.proxy_sign_in
        if how.user_header is None or not is_from_proxy(request):
            return None
        names = request.headers.getlist(how.user_header)
        if len(names) != 1 or not names[0].strip():
            return None  # twice: the proxy lets through what a client sent
        name = names[0].strip()[:_LONGEST_USER]
        told = ",".join(request.headers.getlist(how.groups_header))
        groups = {group.strip() for group in told.split(",")}
        if groups & set(how.decide_groups):
            return Visitor(name=name, role=Role.DECIDE, known_by="proxy")
        if groups & set(how.read_groups):
            return Visitor(name=name, role=Role.READ, known_by="proxy")
        return None

    def _ask(self, find: Callable[[], AccessToken | None]) -> AccessToken | None:
        try:
            return find()
        except SordiffError as error:
            # Where the file lies is for the log.
            self.audit.note("tokens", outcome="failed", why=error.message)
            message = "The tokens can't be read just now."
            raise RequestRefused(
                HTTPStatus.SERVICE_UNAVAILABLE, "tokens", message, advice="See the server's log."
            ) from error


def refuse_unknown() -> RequestRefused:
    """Of somebody who is not known."""
    message = "This needs a token."
    advice = "Send it as Authorization: Bearer."
    headers = {"WWW-Authenticate": _REALM}
    return RequestRefused(HTTPStatus.UNAUTHORIZED, "token", message, advice=advice, headers=headers)


def refuse_often(pause: int) -> RequestRefused:
    """Of what happens too often; `pause`: after so many seconds it may happen again."""
    message = f"Too many attempts: wait {pause} seconds."
    headers = {"Retry-After": str(pause)}
    return RequestRefused(HTTPStatus.TOO_MANY_REQUESTS, "often", message, headers=headers)
