"""How a client reaches the broker; where none answers, why not, before the client is asked."""

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final

from sordiff.errors import NotPublished, PublishingRefused, SordiffError
from sordiff.kafka.failures import AGAIN, quieten_client
from sordiff.kafka.login import demand_answer, try_login
from sordiff.kafka.settings import KafkaSettings
from sordiff.secret import leave_no_core_file, read_secret

_PAUSE_SECONDS: Final = 0.25
_CONNECT_SECONDS: Final = 5.0
_BOOTSTRAP_SECONDS: Final = 6.0
# The servers of the settings -> the one of them that answered last.
_answered: dict[tuple[str, ...], str] = {}


def build_client_options(settings: KafkaSettings) -> dict[str, Any]:
    """The options that producer, consumer and administration have in common, but for the server."""
    quieten_client()
    milliseconds = int(settings.timeout_seconds * 1000)
    options: dict[str, Any] = {
        "client_id": settings.client_id,
        "security_protocol": settings.security_protocol,
        "request_timeout_ms": milliseconds,
        "reconnect_backoff_max_ms": 1000,
    }
    if settings.uses_tls:
        options["ssl_context"] = _tls(settings)
    if settings.uses_sasl:
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_user
        options["sasl_plain_password"] = _password(settings)
    return options


def open_client(make: Callable[..., Any], settings: KafkaSettings, **options: Any) -> Any:
    """A client of kafka-python, by the first server that answers.

    It waits for one server until its time is up. So where there are others, it gets less time, and
    another server if that one falls silent.
    """
    from kafka.errors import KafkaTimeoutError

    from sordiff.kafka.client_internals import steady_options

    end = time.monotonic() + settings.timeout_seconds
    while True:
        server = await_broker(settings)
        left = max(end - time.monotonic(), _PAUSE_SECONDS)
        longest = left if len(settings.bootstrap_servers) == 1 else min(left, _BOOTSTRAP_SECONDS)
        told = build_client_options(settings) | steady_options() | options
        told |= {"bootstrap_servers": [server], "bootstrap_timeout_ms": int(longest * 1000)}
        try:
            return make(**told)
        except KafkaTimeoutError:
            if time.monotonic() >= end:
                raise


def await_broker(settings: KafkaSettings) -> str:
    """The first of the servers that answers and takes the login; raises with the reason else.

    A server that shows a certificate which is not to be trusted, or refuses the login, will not do
    otherwise later: that is a fault to be put right. All else may pass.
    """
    end = time.monotonic() + settings.timeout_seconds
    servers = settings.bootstrap_servers
    while True:
        reasons = []
        # First the one that answered last: one that is silent takes its time.
        for server in sorted(servers, key=lambda one: one != _answered.get(servers)):
            reason = find_hindrance(server, settings)
            if reason is None:
                _answered[servers] = server
                return server
            reasons.append(reason)
        if time.monotonic() + _PAUSE_SECONDS >= end:
            message = f"No Kafka answers at {settings.servers}: {reasons[0]}."
            raise NotPublished(message, advice=f"Check bootstrap_servers of [kafka]. {AGAIN}")
        time.sleep(_PAUSE_SECONDS)


def find_hindrance(server: str, settings: KafkaSettings) -> str | None:
    """Why that server takes no connection, or no login; None where it does."""
    tls = _tls(settings) if settings.uses_tls else None
    password = _password(settings) if settings.uses_sasl else None
    host, _, port = server.rpartition(":")
    host = host.strip("[]")
    try:
        with (
            socket.create_connection((host, int(port)), _CONNECT_SECONDS) as plain,
            tls.wrap_socket(plain, server_hostname=host) if tls else plain as stream,
        ):
            if password is not None:
                try_login(stream, settings, password)
            else:
                demand_answer(stream, settings)
    except ssl.SSLCertVerificationError as error:
        message = f"The certificate of Kafka at {server} is not trusted: {error.verify_message}."
        raise PublishingRefused(message, advice="Check tls_ca_file of [kafka].") from error
    except ssl.SSLError as error:
        return f"no TLS there ({error.reason or 'handshake failed'})"
    except socket.gaierror:
        return f"the name {host} is not known"
    except TimeoutError:
        return "no answer"
    except (OSError, OverflowError) as error:
        return str(getattr(error, "strerror", None) or error).lower()
    return None


def _password(settings: KafkaSettings) -> str | None:
    return read_secret(
        "kafka",
        "sasl_password",
        file=settings.sasl_password_file,
        env=settings.sasl_password_env,
    )


def _tls(settings: KafkaSettings) -> ssl.SSLContext:
    """Trust and identity, as the settings name them."""
    password = read_secret(
        "kafka",
        "tls_key_password",
        file=settings.tls_key_password_file,
        env=settings.tls_key_password_env,
    )
    try:
        context = ssl.create_default_context(cafile=settings.tls_ca_file)
        if settings.tls_certificate_file is not None:
            leave_no_core_file()  # the key is a secret, also where no password locks it
            context.load_cert_chain(
                settings.tls_certificate_file, settings.tls_key_file, password or ""
            )
    except (OSError, ssl.SSLError) as error:
        files = (settings.tls_ca_file, settings.tls_certificate_file, settings.tls_key_file)
        named = ", ".join(file for file in files if file)
        reason = error.strerror or type(error).__name__
        message = f"TLS of [kafka] can't be set up from {named}: {reason}."
        raise SordiffError(message, advice="Check the files, their rights and the key.") from error
    return context
