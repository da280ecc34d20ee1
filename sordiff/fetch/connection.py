"""The client: verified TLS, the usual variables for proxies and authorities, no redirects."""

import ssl
from importlib.metadata import version

import httpx

from sordiff.errors import SordiffError
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


def build_tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Build a context that verifies certificates and host names.

    It trusts the system's authorities, or those that SSL_CERT_FILE and SSL_CERT_DIR name, and those
    in `ca_file`. SordiffError if that can't be used.
    """
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:
            held = isinstance(error, ssl.SSLError)
            cause = "it holds no PEM certificates" if held else error.strerror
            message = f"tls_ca_file of [fetch], {ca_file}, can't be used: {cause}."
            raise SordiffError(message, advice="Check the file.") from error
    return context
