"""The marks of the tests, which say what a test needs or costs: set here by where it stands, nowhere by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

# They prove by mass what others show by example.
_MASS: Final = (
    "tests/alarms/test_coverage_table.py",
    "tests/alarms/test_table.py",
    "tests/holding/test_april_2018.py",
    "tests/laws/",
    "tests/looking/test_as_of_law.py",
    "tests/oracle/",
    "tests/reconcile/test_against_oracle.py",
    "tests/report/test_period_law.py",
    "tests/roads/",
    "tests/state/test_state_records.py",
    "tests/unit/test_full_size.py",
    "tests/unit/test_making.py",
    "tests/unit/test_template_reader.py::test_whatever_odd_stands_anywhere",
)
# They start sordiff as a process: to be killed, limited, timed, or put on a terminal.
_PROCESS: Final = (
    "tests/cli/test_durability.py",
    "tests/cli/test_endings.py",
    "tests/cli/test_hostile.py",
    "tests/cli/test_hostile_data_types.py",
    "tests/cli/test_killed.py",
    "tests/cli/test_odd_ends.py",
    "tests/cli/test_settings_layers.py",
    "tests/cli/test_terminal.py",
)
_PLACES: Final = {
    "kafka": ("tests/kafka/",),
    "browser": ("tests/browser/",),
    "mass": _MASS,
    "process": _PROCESS,
}
_FIXTURES: Final = {"kafka": {"broker", "make_broker"}, "browser": {"browser"}}
# What they reach others reach too: to measure them takes half as long again, and shows no further line.
_UNMEASURED: Final = (
    *_MASS,
    "tests/browser/test_access.py",
    "tests/browser/test_using.py::test_sixty_thousand",
    "tests/holding/",
    "tests/kafka/test_chaos.py",
    "tests/kafka/test_failures.py",
    "tests/scenarios/",
    "tests/unit/test_kafka_records.py::test_a_batch",
)
# Two stories stand for all: what a unit may have, and how names change by the hundred.
_MEASURED: Final = ("[17-branch-names]", "[31-rare-fields]")
# Of the tests of Kafka, those that take longest; what is begun last holds up the end.
_LONGEST: Final = ("test_chaos.py", "test_failures.py", "test_replica.py", "test_demo_kafka.py")


def set_marks(item: pytest.Item) -> None:
    """Say what a test needs or costs, and leave out of the coverage what adds nothing to it."""
    for mark, places in _PLACES.items():
        fixtures = _FIXTURES.get(mark, set()).intersection(getattr(item, "fixturenames", ()))
        if item.nodeid.startswith(places) or fixtures:
            item.add_marker(mark)
    if item.nodeid.startswith(_UNMEASURED) and not item.nodeid.endswith(_MEASURED):
        item.add_marker(pytest.mark.no_cover)


def turn(item: pytest.Item, folder: Path) -> int:
    """When a test's turn is. The tests of Kafka come first, and of those the longest.

    They mostly wait: begun by one worker, they leave the cores to what the others do.
    """
    if item.path.relative_to(folder).parts[0] != "kafka":
        return len(_LONGEST) + 1
    return _LONGEST.index(item.path.name) if item.path.name in _LONGEST else len(_LONGEST)
