"""The contract of a changelog, kept by the one in memory."""

import pytest

from tests.ports.changelog_suite import *  # noqa: F403  # its tests
from tests.ports.memory_changelog import MemoryChangelog


@pytest.fixture
def changelog() -> MemoryChangelog:
    return MemoryChangelog()
