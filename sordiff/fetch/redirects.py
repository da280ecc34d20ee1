"""One rule for redirects: at most five, to any host, never to http from https."""

from typing import Final

import httpx

from sordiff.fetch.failure import AttemptFailed

_MOST_REDIRECTS: Final = 5


async def send_following(client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """Send, and follow redirects by the rule; the answer is open, its body not read yet."""
    for _ in range(_MOST_REDIRECTS + 1):
        response = await client.send(request, stream=True)
        if not response.has_redirect_location:
            return response
        await response.aclose()
        request = _next_request(response)
    message = f"it redirects more than {_MOST_REDIRECTS} times"
    raise AttemptFailed(message, retryable=False)


def _next_request(response: httpx.Response) -> httpx.Request:
    following = response.next_request
    if following is None or following.url.scheme not in {"http", "https"}:
        raise AttemptFailed("it redirects to no http or https address", retryable=False)
    if response.request.url.scheme == "https" and following.url.scheme == "http":
        raise AttemptFailed("it redirects from https to http", retryable=False)
    if following.url.userinfo:
        raise AttemptFailed("it redirects to an address with a user in it", retryable=False)
    return following
