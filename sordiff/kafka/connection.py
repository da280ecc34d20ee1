"""How a client reaches the broker; where none answers, why not, before the client is asked."""

import socket
import ssl
import time
from typing import Any, Final

from sordiff.errors import NotPublished, PublishingRefused, SordiffError
from sordiff.kafka.failures import AGAIN, quieten_client
from sordiff.kafka.login import try_login
from sordiff.kafka.settings import KafkaSettings
from sordiff.secret import read_secret

_PAUSE_SECONDS: Final = 0.25
_CONNECT_SECONDS: Final = 5.0
_ASK_AGAIN_MS: Final = 10


def build_client_options(settings: KafkaSettings) -> dict[str, Any]:
    """The options that producer, consumer and administration have in common."""
    quieten_client()
    milliseconds = int(settings.timeout_seconds * 1000)
    options: dict[str, Any] = {
        "bootstrap_servers": list(settings.bootstrap_servers),
        "client_id": settings.client_id,
        "security_protocol": settings.security_protocol,
        "bootstrap_timeout_ms": milliseconds,
        "request_timeout_ms": milliseconds,
        "reconnect_backoff_max_ms": 1000,
        "metrics_enabled": False,
    }
    if settings.uses_tls:
        options["ssl_context"] = _tls(settings)
    if settings.uses_sasl:
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_user
        options["sasl_plain_password"] = _password(settings)
    return options


def shorten_pauses(*parts: Any) -> None:
    """Let these parts of a client wait 10 ms, not 100, before they ask the broker something more.

    kafka-python 3.0.12 pauses so after each answer about topics and coordinators, also when that
    was a good one: ten times in the publishing of a night. The option `retry_backoff_ms` does not
    reach the metadata, and would have messages that were refused sent again as often.
    """
    for part in parts:
        part.config["retry_backoff_ms"] = _ASK_AGAIN_MS


def await_broker(settings: KafkaSettings) -> None:
    """Return when one of the servers takes a connection and the login; raise with the reason else.

    A server that shows a certificate which is not to be trusted, or refuses the login, will not do
    otherwise later: that is a fault to be put right. All else may pass.
    """
    tls = _tls(settings) if settings.uses_tls else None
    password = _password(settings) if settings.uses_sasl else None
    end = time.monotonic() + settings.timeout_seconds
    while True:
        reasons = []
        for server in settings.bootstrap_servers:
            reason = _unreachable(server, settings, tls, password)
            if reason is None:
                return
            reasons.append(reason)
        if time.monotonic() + _PAUSE_SECONDS >= end:
            message = f"No Kafka answers at {settings.servers}: {reasons[0]}."
            raise NotPublished(message, advice=f"Check bootstrap_servers of [kafka]. {AGAIN}")
        time.sleep(_PAUSE_SECONDS)


def _unreachable(
    server: str, settings: KafkaSettings, tls: ssl.SSLContext | None, password: str | None
) -> str | None:
    """Why that server takes no connection; None where it does."""
    host, _, port = server.rpartition(":")
    host = host.strip("[]")
    try:
        with (
            socket.create_connection((host, int(port)), _CONNECT_SECONDS) as plain,
            tls.wrap_socket(plain, server_hostname=host) if tls else plain as stream,
        ):
            if password is not None:
                try_login(stream, settings, password)
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
