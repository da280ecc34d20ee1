"""Forms that change something: bounded, and sent from this site, by who the page was shown to."""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from sordiff.http.problem import RequestRefused

FORM_TYPE: Final = "application/x-www-form-urlencoded"
FORM_FIELD: Final = "form_token"
_MOST_BYTES: Final = 16 * 1024
_MOST_FIELDS: Final = 20
_LONGEST_SECONDS: Final = 20.0


class FormTokens:
    """What a form carries to prove that this server wrote it, for the one who sends it.

    The key lives as long as the process, as sessions do.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def build(self, secret: str) -> str:
        """The token of the forms for a browser that holds this secret in a cookie."""
        return hmac.new(self._key, secret.encode(errors="replace"), hashlib.sha256).hexdigest()

    def demand(self, form: Mapping[str, str], secret: str) -> None:
        """Refuse a form without it, or with that of somebody else."""
        given = form.get(FORM_FIELD, "")
        if not secret or not hmac.compare_digest(given.encode(), self.build(secret).encode()):
            message = "This form is too old, or was not written by this site."
            raise RequestRefused(
                HTTPStatus.FORBIDDEN, "form", message, advice="Open the page anew."
            )


def demand_own_site(request: Request) -> None:
    """Refuse what another site had the browser send.

    Browsers say where a request comes from in Sec-Fetch-Site, which no page can forge. An older one
    sends Origin alone; our pages tell no address, so that it can be `null` beside Sec-Fetch-Site.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    is_own = site == "same-origin" if site is not None else origin == own
    if not is_own or origin not in {None, "null", own}:
        message = "This form was sent from another site."
        raise RequestRefused(HTTPStatus.FORBIDDEN, "site", message, advice="Open the page anew.")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; RequestRefused where it is none, or too large."""
    body = (await read_body(request, FORM_TYPE)).decode(errors="replace")
    try:
        fields = parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        message = "The form can't be understood."
        raise RequestRefused(HTTPStatus.BAD_REQUEST, "form", message) from None
    return dict(fields)


async def read_body(request: Request, media_type: str) -> bytes:
    """What was sent, of that type and of 16 KiB at most, within 20 seconds."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        message = f"This takes {media_type} alone."
        raise RequestRefused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "type", message)
    found = bytearray()
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            async for part in request.stream():
                found += part
                if len(found) > _MOST_BYTES:
                    message = "What was sent is too large."
                    raise RequestRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "large", message)
    except (TimeoutError, ClientDisconnect):
        message = "What was sent did not come to its end."
        raise RequestRefused(HTTPStatus.REQUEST_TIMEOUT, "slow", message) from None
    return bytes(found)
