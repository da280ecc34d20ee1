"""The table [kafka] of sordiff.toml: where to publish, as whom, and into which topics.

Nothing is published unless `bootstrap_servers` is given. A secret never stands in the file: a key
that ends in `_file` or `_env` tells where it is to be found.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
TopicName: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,200}\Z")]
Seconds: TypeAlias = Annotated[float, Meta(gt=0, le=3600)]

FOREVER: Final = -1
_SERVER: Final = re.compile(r"(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})\Z")
_LARGEST_PORT: Final = 65_535


class TopicNames(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[kafka.topics]: what the topics are called."""

    unit_events: TopicName = "sor.unit-events"
    location_number_events: TopicName = "sor.location-number-events"
    classification_events: TopicName = "sor.classification-events"
    run_events: TopicName = "sor.run-events"
    units: TopicName = "sor.units"
    location_numbers: TopicName = "sor.location-numbers"

    def __post_init__(self) -> None:
        """Refuse two of one name: a compacted topic would swallow events."""
        if len(set(self)) < len(self.__struct_fields__):
            raise ValueError("each topic must have a name of its own")

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of the fields."""
        return (getattr(self, field) for field in self.__struct_fields__)

    def list_names(self, suffix: str) -> list[str]:
        """The topics with that suffix: all six without one; those of a replay have no state."""
        states = {self.units, self.location_numbers} if suffix else set()
        return [name + suffix for name in self if name not in states]


class KafkaSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[kafka]: nothing is published unless bootstrap_servers is given."""

    bootstrap_servers: tuple[Text, ...] = ()
    client_id: Text = "sordiff"
    mode: Literal["binary", "structured"] = "binary"

    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    tls_ca_file: Text | None = None
    tls_certificate_file: Text | None = None
    tls_key_file: Text | None = None
    tls_key_password_file: Text | None = None
    tls_key_password_env: Text | None = None
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    sasl_user: Text | None = None
    sasl_password_file: Text | None = None
    sasl_password_env: Text | None = None

    topics: TopicNames = TopicNames()
    partitions: Annotated[int, Meta(ge=1, le=10_000)] = 6
    replication: Annotated[int, Meta(ge=-1, le=100)] = -1
    retention_ms: Annotated[int, Meta(ge=-1)] = FOREVER

    compression: Literal["none", "gzip"] = "gzip"
    timeout_seconds: Seconds = 30
    delivery_timeout_seconds: Seconds = 120
    transaction_timeout_seconds: Seconds = 300

    def __post_init__(self) -> None:
        """Refuse what could not work."""
        _at_most_one("sasl_password", self.sasl_password_file, self.sasl_password_env)
        _at_most_one("tls_key_password", self.tls_key_password_file, self.tls_key_password_env)
        if self.uses_sasl and not (
            self.sasl_user and (self.sasl_password_file or self.sasl_password_env)
        ):
            raise ValueError(
                f"security_protocol {self.security_protocol} needs sasl_user and"
                " sasl_password_file or sasl_password_env"
            )
        if not all(_is_server(server) for server in self.bootstrap_servers):
            raise ValueError("bootstrap_servers must each be HOST:PORT")
        if self.replication == 0:
            raise ValueError("replication must be -1 (as the brokers have it) or more than 0")
        if self.delivery_timeout_seconds < self.timeout_seconds:
            raise ValueError("delivery_timeout_seconds must not be less than timeout_seconds")

    @property
    def configured(self) -> bool:
        """Whether there is anywhere to publish."""
        return bool(self.bootstrap_servers)

    @property
    def uses_tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.security_protocol in {"SSL", "SASL_SSL"}

    @property
    def uses_sasl(self) -> bool:
        """Whether there is a login."""
        return self.security_protocol in {"SASL_PLAINTEXT", "SASL_SSL"}

    @property
    def servers(self) -> str:
        """The servers, for a sentence."""
        return ", ".join(self.bootstrap_servers)


def _at_most_one(name: str, *given: str | None) -> None:
    if sum(value is not None for value in given) > 1:
        raise ValueError(f"{name} is to be given in one way only")


def _is_server(text: str) -> bool:
    """Whether it is HOST:PORT, with a port that there can be."""
    found = _SERVER.match(text)
    return found is not None and 0 < int(found[2]) <= _LARGEST_PORT
