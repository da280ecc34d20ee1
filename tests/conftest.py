"""What the whole session shares: the broker that the tests of Kafka talk to."""

from __future__ import annotations

import pytest

from tests.kafka.session import BrokerOfSession


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(BrokerOfSession(config=config), "sordiff-broker")
