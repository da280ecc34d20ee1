"""Whether the broker answers, and takes the login, asked before the client is.

kafka-python 3.0.12 tries a refused login again until its time is up, and then tells of a timeout;
often it loses the broker's answer, too, when the connection is closed behind it. Here the answer is
read: two requests of the protocol over a socket of our own.
"""

import socket
import struct
from typing import Final

from sordiff.errors import PublishingRefused
from sordiff.kafka.settings import KafkaSettings

_VERSIONS: Final = (18, 0)
_HANDSHAKE: Final = (17, 1)
_AUTHENTICATE: Final = (36, 0)
_ERROR: Final = struct.Struct(">h")
_SIZE: Final = struct.Struct(">i")
# The broker's answer to a login; no honest one is longer.
_LONGEST: Final = 64 * 1024


def demand_answer(stream: socket.socket, settings: KafkaSettings) -> None:
    """Ask which versions it speaks; OSError where it says nothing, as a machine that hangs does."""
    _ask(stream, settings, _VERSIONS, b"")


def try_login(stream: socket.socket, settings: KafkaSettings, password: str) -> None:
    """Log in; PublishingRefused where the broker says no, OSError where it says nothing."""
    from kafka.net.sasl import get_sasl_mechanism

    name = settings.sasl_mechanism
    answer = _ask(stream, settings, _HANDSHAKE, _text(name))
    if _ERROR.unpack_from(answer)[0]:
        message = f"Kafka at {settings.servers} does not offer {name}."
        raise PublishingRefused(message, advice="Check sasl_mechanism of [kafka].")
    mechanism = get_sasl_mechanism(name)(
        sasl_mechanism=name,
        sasl_plain_username=settings.sasl_user,
        sasl_plain_password=password,
    )
    while not mechanism.is_done():
        token = mechanism.auth_bytes()
        answer = _ask(stream, settings, _AUTHENTICATE, _SIZE.pack(len(token)) + token)
        if _ERROR.unpack_from(answer)[0]:
            raise _refused(settings)
        try:
            mechanism.receive(_token(answer))
        except ValueError as error:  # the server does not know the password, or is another one
            raise _refused(settings) from error


def _refused(settings: KafkaSettings) -> PublishingRefused:
    message = f"Kafka at {settings.servers} refuses the login of {settings.sasl_user}."
    return PublishingRefused(message, advice="Check sasl_user, the password and the mechanism.")


def _token(answer: bytes) -> bytes:
    """What the mechanism is to receive, behind the error code and a text that may be absent."""
    (length,) = _ERROR.unpack_from(answer, _ERROR.size)
    at = 2 * _ERROR.size + max(length, 0)
    (size,) = _SIZE.unpack_from(answer, at)
    return answer[at + _SIZE.size :][:size]


def _ask(
    stream: socket.socket, settings: KafkaSettings, request: tuple[int, int], body: bytes
) -> bytes:
    """Send a request; its answer without the frame."""
    head = struct.pack(">hhi", *request, 1) + _text(settings.client_id)
    stream.sendall(_SIZE.pack(len(head) + len(body)) + head + body)
    (size,) = _SIZE.unpack(_exactly(stream, _SIZE.size))
    if not _SIZE.size + _ERROR.size <= size <= _LONGEST:
        raise OSError("it does not speak Kafka's protocol")
    return _exactly(stream, size)[_SIZE.size :]


def _exactly(stream: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = stream.recv(size - len(found))
        if not part:
            raise OSError("it hung up")
        found += part
    return found


def _text(text: str) -> bytes:
    encoded = text.encode()
    return _ERROR.pack(len(encoded)) + encoded
