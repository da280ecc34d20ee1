"""A token: a random secret that is shown once, and what is kept of it."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct

from sordiff.errors import SordiffError

# Programs that look for leaked secrets know it by its beginning.
_BEGINNING: Final = "sordiff_"
_RANDOM_BYTES: Final = 32
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.@_-]{0,63}")


class Role(StrEnum):
    """What a token allows; who may decide may read, too."""

    READ = "read"
    DECIDE = "decide"


class AccessToken(Struct, frozen=True, kw_only=True):
    """What is kept of a token: never the secret itself. Without `expires_at` it never ends.

    `hash` is a plain SHA-256: slow hashes protect passwords, which can be guessed, and nobody
    guesses 256 random bits. The moments are UTC, ISO 8601, in whole seconds.
    """

    name: str
    role: Role
    hash: str
    added_at: str
    expires_at: str | None

    def is_valid(self, now: str) -> bool:
        """Whether it has not ended; `now` is UTC, ISO 8601, in whole seconds."""
        return self.expires_at is None or now < self.expires_at


def issue_token(
    name: str, role: Role, *, added_at: str, expires_at: str | None
) -> tuple[str, AccessToken]:
    """A new secret, and what to keep of it; SordiffError where the name is none."""
    if not _NAME.fullmatch(name):
        message = f"{name} is no name for a token."
        advice = "Take small letters, digits and . @ _ -, 64 at most."
        raise SordiffError(message, advice=advice)
    secret = _BEGINNING + secrets.token_urlsafe(_RANDOM_BYTES)
    kept = AccessToken(
        name=name, role=role, hash=hash_secret(secret), added_at=added_at, expires_at=expires_at
    )
    return secret, kept


def hash_secret(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def find_token(tokens: Iterable[AccessToken], secret: str) -> AccessToken | None:
    """The one with this secret. All are compared, each in constant time."""
    wanted, found = hash_secret(secret), None
    for token in tokens:
        if hmac.compare_digest(token.hash, wanted):
            found = token
    return found
