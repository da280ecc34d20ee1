"""Connections of webhook and mail: TLS, the time-out, and the reason of a failure."""

import ssl
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

_Result = TypeVar("_Result")


def run_with_timeout(seconds: float, work: Callable[[], _Result]) -> _Result:
    """Return the result of `work`; TimeoutError if all of it takes longer than `seconds`.

    The time-out of a socket starts again with every byte, and does not cover the look-up of a name.
    Late work goes on in a daemon thread.
    """
    outcome: Future[_Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again by `result`
            outcome.set_exception(error)

    Thread(target=run, name="sordiff-notice", daemon=True).start()
    return outcome.result(timeout=seconds)


def describe_failure(error: BaseException, seconds: float) -> str:
    """Say why a connection failed, without repeating an address or a secret."""
    if isinstance(error, TimeoutError):
        return f"no answer within {seconds:g} s"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message.rstrip('.')})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__


def _is_tls(error: OSError) -> bool:
    return isinstance(error, ssl.SSLError)
