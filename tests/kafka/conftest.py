"""Brokers for the tests: one shared by all, and private ones for those that treat theirs badly."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kafka import jars
from tests.kafka.broker import Broker
from tests.kafka.reading import delete_topics
from tests.kafka.session import Address, BrokerOfSession, no_broker_here

MakeBroker = Callable[..., Broker]


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

    On the shared broker the topics are gone afterwards: each client asks about all that there are, and with those of
    a hundred tests that takes longer than what the test is about.
    """
    name = f"t{uuid.uuid4().hex[:10]}."
    yield name
    broker = request.node.funcargs.get("broker")
    if isinstance(broker, Address):
        delete_topics(broker.bootstrap, name)


@pytest.fixture
def make_broker(tmp_path: Path) -> Iterator[MakeBroker]:
    """A private broker each call, already serving; for tests that stop, freeze or forbid. Arguments as of Broker."""
    if why := jars.missing():
        no_broker_here(why)
    with contextlib.ExitStack() as brokers:
        made = 0

        def make(**options: Any) -> Broker:
            nonlocal made
            made += 1
            return brokers.enter_context(Broker(tmp_path / f"broker-{made}", **options))

        yield make
