"""The client: verified TLS, the usual variables for proxies and authorities, no redirects."""

import ssl
from importlib.metadata import version

import httpx

from sordiff.fetch.settings import FetchSettings


def build_client(settings: FetchSettings, context: ssl.SSLContext) -> httpx.AsyncClient:
    """Build a client for one attempt.

    It takes HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY from the environment.
    """
    silence = settings.silence_seconds
    return httpx.AsyncClient(
        verify=context,
        follow_redirects=False,
        timeout=httpx.Timeout(silence, connect=settings.connect_seconds),
        headers={
            "User-Agent": f"sordiff/{version('sordiff')}",
            "Accept": "*/*",
            # What is packed on the way has other lengths than the file, and can't be resumed well.
            "Accept-Encoding": "identity",
        },
    )
