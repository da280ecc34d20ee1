"""Who is signed in: in the memory of the process, so that a restart ends all of it."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from sordiff.access import AccessToken

LONGEST_SECONDS: Final = 8 * 3600
_LONGEST_IDLE_SECONDS: Final = 3600
_MOST: Final = 1_000


class Session(Struct, kw_only=True):
    """`token`: the hash of the token that somebody signed in with; the session ends with it."""

    token: str
    began: float
    used: float


class Sessions:
    """The sessions by the hash of their secret, which only the cookie holds."""

    def __init__(self, tick: Callable[[], float]) -> None:
        """`tick` gives seconds that only grow."""
        self._tick = tick
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def begin(self, token: AccessToken) -> str:
        """The secret of a new session."""
        secret = secrets.token_urlsafe(32)
        now = self._tick()
        self._sessions[_hash(secret)] = Session(token=token.hash, began=now, used=now)
        while len(self._sessions) > _MOST:
            self._sessions.popitem(last=False)
        return secret

    def find(self, secret: str) -> Session | None:
        """The session, where it has not ended: after 8 hours, or an hour without a request."""
        key, now = _hash(secret), self._tick()
        found = self._sessions.get(key)
        if found is None:
            return None
        if now - found.began >= LONGEST_SECONDS or now - found.used >= _LONGEST_IDLE_SECONDS:
            del self._sessions[key]
            return None
        found.used = now
        self._sessions.move_to_end(key)
        return found

    def end(self, secret: str) -> None:
        """Forget it."""
        self._sessions.pop(_hash(secret), None)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
