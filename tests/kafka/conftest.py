"""Brokers for the tests: one shared by all, one that may be treated badly, and one that asks who comes.

Each start of a broker costs as much as ten tests: the last two are started by the first test that needs them, and
serve until the tests of this folder are done.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from tests.kafka import jars
from tests.kafka.broker import Broker, Security
from tests.kafka.certificates import write_authority, write_keystore, write_pair
from tests.kafka.reading import delete_topics
from tests.kafka.session import Address, BrokerOfSession, no_broker_here

PASSWORD = "correct-horse-battery"  # noqa: S105  # of sordiff, who may everything; anna's is "right"


@pytest.fixture(autouse=True, scope="session")
def _at_home() -> Iterator[None]:
    """No test goes to the broker that somebody tries sordiff with: also not what is made for several tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("SORDIFF_KAFKA_")]:
            patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are not measured: what is killed cannot write its figures, and may wait for ever for their lock."""
    for name in [name for name in os.environ if "COVERAGE" in name or name.startswith("SORDIFF_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def broker(pytestconfig: pytest.Config) -> Address:
    """The broker that all tests share; `.bootstrap` is its address. Use topics of your own: see `prefix`."""
    plugin = pytestconfig.pluginmanager.get_plugin("sordiff-broker")
    assert isinstance(plugin, BrokerOfSession)
    return plugin.address()


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> Iterator[str]:
    """What the names of this test's topics, groups and sources begin with.

    The topics are gone afterwards: each client asks about all that there are, and with those of a hundred tests that
    takes longer than what the test is about.
    """
    name = f"t{uuid.uuid4().hex[:10]}."
    yield name
    for broker in request.node.funcargs.values():
        if isinstance(broker, Address | Broker):
            delete_topics(broker.bootstrap, name)


@pytest.fixture(scope="package")
def rough_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One that may be killed and frozen, if it serves again afterwards."""
    if why := jars.missing():
        no_broker_here(why)
    with Broker(tmp_path_factory.mktemp("rough") / "broker") as served:
        yield served


@pytest.fixture
def usual_names(rough_broker: Broker) -> Iterator[Broker]:
    """The same, for topics that are called as they are called by themselves; they are gone afterwards."""
    yield rough_broker
    delete_topics(rough_broker.bootstrap, "sor.")


@pytest.fixture(scope="package")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the strict broker shows and believes, what a client of its may show, and another authority."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    write_keystore(authority, folder, "127.0.0.1")
    write_authority(authority, folder)
    write_pair(authority, folder, "client")
    write_authority(trustme.CA(), folder, "another.pem")
    return folder


@pytest.fixture(scope="package")
def strict_broker(certificates: Path) -> Iterator[Broker]:
    """One that offers all logins, and on which anna may what an access list says.

    Nobody's transaction may last longer than two minutes there.
    """
    if why := jars.missing():
        no_broker_here(why)
    security = Security(
        keystore=certificates / "127.0.0.1-keystore.pem",
        truststore=certificates / "authority.pem",
        users={"sordiff": PASSWORD, "anna": "right"},
        authorize=True,
        trusted=("sordiff",),
    )
    limits = {"transaction.max.timeout.ms": "120000"}
    with Broker(certificates / "broker", security=security, properties=limits) as served:
        yield served
