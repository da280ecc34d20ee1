"""What the whole session shares: the broker of the tests of Kafka, and what is left out of the coverage."""

from __future__ import annotations

import os
from typing import Final

import pytest
from hypothesis import settings

from tests.kafka.session import BrokerOfSession

# They prove by mass what others show by example: to measure them takes twice the time and reaches no further line.
_BY_MASS: Final = (
    "tests/alarms/test_table.py",
    "tests/alarms/test_coverage_table.py",
    "tests/holding/",
    "tests/laws/",
    "tests/looking/test_as_of_law.py",
    "tests/oracle/",
    "tests/roads/",
    "tests/scenarios/",
    "tests/unit/test_quick.py::test_whatever_odd_stands_anywhere",
)
# Two stories stand for all: what a unit may have, and how names change by the hundred.
_MEASURED: Final = ("[17-branch-names]", "[31-rare-fields]")

# On a busy machine one example may take its time, and that is no fault.
settings.register_profile("patient", parent=settings.default, deadline=None)
settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    # The workers of xdist have that of the terminal, by which the product would break its lines.
    os.environ.pop("COLUMNS", None)
    config.pluginmanager.register(BrokerOfSession(config=config), "sordiff-broker")
    measuring = config.pluginmanager.getplugin("_cov")
    if measuring is not None and hasattr(config, "workerinput"):
        # pytest-cov begins to measure twice in a worker, and pauses the second alone where it shall not measure.
        measuring.cov_controller.cov.stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    folder = config.rootpath / "tests"
    for item in items:
        if item.nodeid.startswith(_BY_MASS) and not item.nodeid.endswith(_MEASURED):
            item.add_marker(pytest.mark.no_cover)
    # They mostly wait: begun first, by one worker, they leave the cores to what the others do.
    items.sort(key=lambda item: item.path.relative_to(folder).parts[0] != "kafka")
