"""What the broker and its client can say, as one sentence: a fault to be put right, or a retry."""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sordiff.errors import NotPublished, PublishingRefused, SordiffError
from sordiff.kafka.settings import KafkaSettings

_NAMED: Final = re.compile(r"\[Error \d+\] (\w+Error)\b")
# In an answer of a broker, as kafka-python shows it.
_REASON: Final = re.compile(r"error_message=(?:'([^']+)'|\"([^\"]+)\")")
AGAIN: Final = "Nothing is lost; call again."
# The names of the client's errors, what they are to us, the sentence, and what to do next.
_FAILURES: Final[tuple[tuple[tuple[str, ...], type[SordiffError], str, str], ...]] = (
    (
        ("UnknownTopicOrPartitionError",),
        PublishingRefused,
        "Kafka at {where} does not know a topic while {doing}.",
        "`sordiff topics create` makes the topics.",
    ),
    (
        ("InvalidTopicError",),
        PublishingRefused,
        "Kafka at {where} takes no topic of such a name while {doing}: {said}.",
        "Check topics of [kafka], and --topic-suffix.",
    ),
    (
        ("InvalidReplicationFactorError",),
        PublishingRefused,
        "Kafka at {where} has too few brokers for replication {replication} while {doing}.",
        "Lower replication of [kafka], or call again when more brokers serve.",
    ),
    (
        ("SaslAuthenticationFailedError", "IllegalSaslStateError"),
        PublishingRefused,
        "Kafka at {where} refuses the login of {user}.",
        "Check sasl_user, the password and sasl_mechanism of [kafka].",
    ),
    (
        ("UnsupportedSaslMechanismError",),
        PublishingRefused,
        "Kafka at {where} does not offer {mechanism}.",
        "Check sasl_mechanism of [kafka].",
    ),
    (
        ("AuthorizationError",),
        PublishingRefused,
        "Kafka at {where} does not allow {doing}: {said}.",
        "docs/publishing.md lists the rights that are needed.",
    ),
    (
        ("MessageSizeTooLargeError", "RecordListTooLargeError"),
        PublishingRefused,
        "A message is larger than Kafka at {where} takes while {doing}: {said}.",
        "Raise max.message.bytes of the topic and call again; nothing is lost.",
    ),
    (
        ("UnsupportedCodecError",),
        PublishingRefused,
        "Kafka at {where} holds messages that can't be unpacked here, while {doing}: {said}.",
        "Install lz4 or python-snappy beside sordiff, and see to compression.type of the topic.",
    ),
    (
        ("InvalidTransactionTimeoutError",),
        PublishingRefused,
        "Kafka at {where} takes no transaction timeout of {seconds} s.",
        "Lower transaction_timeout_seconds, or raise transaction.max.timeout.ms there.",
    ),
    (
        ("ProducerFencedError", "InvalidProducerEpochError"),
        NotPublished,
        "Another publisher of the same source has taken over while {doing}.",
        f"Two must not publish one source. {AGAIN}",
    ),
    (
        ("KafkaConfigurationError", "UnsupportedVersionError"),
        PublishingRefused,
        "Kafka at {where} can't be used so: {said}.",
        "Check [kafka] in sordiff.toml.",
    ),
)


def quieten_client() -> None:
    """Let the client's own log go nowhere: what matters of it becomes a sentence."""
    if not os.environ.get("SORDIFF_DEBUG"):
        logging.getLogger("kafka").addHandler(logging.NullHandler())
        logging.getLogger("kafka").propagate = False


@contextmanager
def translate_kafka_errors(settings: KafkaSettings, doing: str) -> Iterator[None]:
    """Turn what the client raises while `doing` something into an error of sordiff."""
    from kafka.errors import KafkaError

    try:
        yield
    except (KafkaError, OSError) as error:
        raise build_kafka_error(error, settings, doing) from error


def build_kafka_error(error: BaseException, settings: KafkaSettings, doing: str) -> SordiffError:
    """One sentence: what could not be done, why, and what to do next."""
    from kafka import errors

    cause = _cause(error)
    facts = {
        "where": settings.servers,
        "doing": doing,
        "said": _said(cause),
        "user": settings.sasl_user,
        "mechanism": settings.sasl_mechanism,
        "replication": settings.replication,
        "seconds": f"{settings.transaction_timeout_seconds:g}",
    }
    for names, kind, message, advice in _FAILURES:
        if isinstance(cause, tuple(getattr(errors, name) for name in names)):
            return kind(message.format(**facts), advice=advice)
    from sordiff.kafka.trouble import find_trouble  # which asks the brokers, and so needs this

    reason = find_trouble(settings) or _said(cause)
    message = f"Kafka at {settings.servers} failed while {doing}: {reason}."
    return NotPublished(message, advice=AGAIN)


def _cause(error: BaseException) -> BaseException:
    """The error within the error, where the client wraps one, or names one in its text."""
    from kafka import errors

    inner = [argument for argument in error.args if isinstance(argument, BaseException)]
    if inner:
        return _cause(inner[0])
    if type(error) is errors.KafkaError and (named := _NAMED.search(str(error))):
        return getattr(errors, named[1], type(error))()
    return error


def _said(error: BaseException) -> str:
    name = type(error).__name__.removesuffix("Error")
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    text = str(error.args[0]) if error.args and isinstance(error.args[0], str) else ""
    if text.startswith("Request"):  # with the whole answer: pages
        told = _REASON.search(text)
        text = (told[1] or told[2] or "") if told else ""
    detail = f" ({text.rstrip('.')})" if text else ""
    return f"{words.strip()}{detail}"
