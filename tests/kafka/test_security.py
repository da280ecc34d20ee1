"""TLS and SASL through the product's own settings, against the real broker; and how it says that it was refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.product import Done
from tests.cli.workplace import Workplace
from tests.kafka.arrived import assert_all_arrived
from tests.kafka.broker import Broker
from tests.kafka.conftest import PASSWORD
from tests.kafka.nights import bare, kafka_place
from tests.making.demo import DEMO

NIGHTS = sorted(str(path) for path in DEMO.glob("*.zip"))
# Of what the broker allows, and of what takes time.
LESS = "transaction_timeout_seconds = 60\npartitions = 2\n"
WRONG = "Tr0ub4dor-and-3"


def place(
    tmp_path: Path, strict_broker: Broker, prefix: str, protocol: str, more: str = ""
) -> Workplace:
    made = kafka_place(
        tmp_path,
        strict_broker.listener(protocol),
        prefix,
        more=f'security_protocol = "{protocol}"\n{LESS}{more}',
    )
    made.ingest(*NIGHTS, "--accept", "--reason", "nights")
    return made


def published(made: Workplace, prefix: str, strict_broker: Broker, **env: str) -> None:
    made.sordiff("topics", "create", env={**bare(), **env})
    made.sordiff("publish", env={**bare(), **env})
    assert_all_arrived(made, strict_broker.bootstrap, prefix)


def one_sentence(done: Done, code: int) -> str:
    assert done.code == code, done.err
    assert done.err.startswith("sordiff: error: ")
    assert done.err.count("\n") == 1
    assert not any(word in done.err for word in ("Traceback", PASSWORD, WRONG))
    return done.err


def login(certificates: Path, mechanism: str, user: str = "sordiff") -> str:
    return (
        f'tls_ca_file = "{certificates}/authority.pem"\nsasl_mechanism = "{mechanism}"\n'
        f'sasl_user = "{user}"\nsasl_password_env = "BROKER_PASSWORD"\n'
    )


def test_tls(tmp_path: Path, certificates: Path, strict_broker: Broker, prefix: str) -> None:
    trust = f'tls_ca_file = "{certificates}/authority.pem"\n'
    published(place(tmp_path, strict_broker, prefix, "SSL", trust), prefix, strict_broker)


def test_tls_with_a_certificate_of_its_own(
    tmp_path: Path, certificates: Path, strict_broker: Broker, prefix: str
) -> None:
    trust = (
        f'tls_ca_file = "{certificates}/authority.pem"\n'
        f'tls_certificate_file = "{certificates}/client-chain.pem"\n'
        f'tls_key_file = "{certificates}/client-key.pem"\n'
    )
    published(place(tmp_path, strict_broker, prefix, "SSL", trust), prefix, strict_broker)


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_login_over_tls(
    tmp_path: Path, certificates: Path, strict_broker: Broker, prefix: str, mechanism: str
) -> None:
    made = place(tmp_path, strict_broker, prefix, "SASL_SSL", login(certificates, mechanism))
    published(made, prefix, strict_broker, BROKER_PASSWORD=PASSWORD)


def test_password_from_a_file_without_tls(
    tmp_path: Path, strict_broker: Broker, prefix: str
) -> None:
    secret = tmp_path / "password"
    secret.write_text(f"{PASSWORD}\n")
    secret.chmod(0o600)
    more = f'sasl_user = "sordiff"\nsasl_password_file = "{secret}"\n'
    published(place(tmp_path, strict_broker, prefix, "SASL_PLAINTEXT", more), prefix, strict_broker)


@pytest.mark.parametrize(
    ("protocol", "mechanism", "user", "words"),
    [
        ("SASL_SSL", "PLAIN", "sordiff", "publish"),
        ("SASL_SSL", "SCRAM-SHA-256", "sordiff", "topics check"),
        ("SASL_PLAINTEXT", "SCRAM-SHA-512", "sordiff", "publish"),
        ("SASL_PLAINTEXT", "PLAIN", "nobody", "topics create"),
        ("SASL_SSL", "SCRAM-SHA-512", "nobody", "publish"),
    ],
)
def test_a_refused_login_is_said_without_the_password(  # noqa: PLR0917  # what is refused
    tmp_path: Path,
    certificates: Path,
    strict_broker: Broker,
    prefix: str,
    protocol: str,
    mechanism: str,
    user: str,
    words: str,
) -> None:
    made = place(tmp_path, strict_broker, prefix, protocol, login(certificates, mechanism, user))
    before = made.contents()
    done = made.process(*words.split(), code=None, env={**bare(), "BROKER_PASSWORD": WRONG})
    assert one_sentence(done, 2) == (
        f"sordiff: error: Kafka at {strict_broker.listener(protocol)} refuses the login of {user}."
        " Check sasl_user, the password and the mechanism.\n"
    )
    assert made.contents()["events"] == before["events"]
    assert done.seconds < 20


def test_an_unknown_certificate_is_a_fault_to_be_put_right(
    tmp_path: Path, certificates: Path, strict_broker: Broker, prefix: str
) -> None:
    more = f'tls_ca_file = "{certificates}/another.pem"\n'
    done = place(tmp_path, strict_broker, prefix, "SSL", more).process(
        "publish", code=None, env=bare()
    )
    said = one_sentence(done, 2)
    assert "certificate" in said
    assert "tls_ca_file" in said


def test_the_wrong_protocol_is_said(tmp_path: Path, strict_broker: Broker, prefix: str) -> None:
    """Plain words to a TLS port."""
    more = "timeout_seconds = 5\n"
    made = kafka_place(tmp_path, strict_broker.listener("SSL"), prefix, more=more)
    made.ingest(*NIGHTS, "--accept", "--reason", "nights")
    done = made.process("publish", code=None, env=bare())
    assert strict_broker.listener("SSL") in one_sentence(done, 4)
