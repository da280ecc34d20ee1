"""What webhook and mail have in common: whom to trust, how long to wait, what went wrong."""

import ssl
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from sordiff.errors import SordiffError

_Result = TypeVar("_Result")


def trusted(ca_file: str | None) -> ssl.SSLContext:
    """Certificates and host names are verified: by the system's authorities and one's own."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:
            cause = "it holds no PEM certificates" if _is_tls(error) else error.strerror
            message = f"tls_ca_file of [notices], {ca_file}, can't be used: {cause}."
            raise SordiffError(message, advice="Check the file.") from error
    return context


def within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """The result of `work`, or TimeoutError when all of it took longer than `seconds`.

    A socket's own time-out begins anew with every byte and does not hold for the look-up of a name.
    Work that is late goes on in a thread that keeps no program from ending.
    """
    outcome: Future[_Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            outcome.set_exception(error)

    Thread(target=run, name="sordiff-notice", daemon=True).start()
    return outcome.result(timeout=seconds)


def reason_of(error: BaseException, seconds: float) -> str:
    """Why a connection failed, in words that repeat nothing of an address or a secret."""
    if isinstance(error, TimeoutError):
        return f"no answer within {seconds:g} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message.rstrip('.')})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


def _is_tls(error: OSError) -> bool:
    return isinstance(error, ssl.SSLError)
