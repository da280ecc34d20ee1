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
    "tests/contract/test_datasette_1.py",
    "tests/fetch/test_killed.py",
    "tests/http/test_hundred_nights.py",
    "tests/http/test_replica.py",
)
_PLACES: Final = {
    "kafka": ("tests/kafka/",),
    "browser": ("tests/browser/",),
    "mass": _MASS,
    "process": _PROCESS,
}
_FIXTURES: Final = {"kafka": {"broker", "make_broker"}, "browser": {"browser"}}
# What they reach others reach too: to measure them takes half as long again, and shows no further line of the core,
# and of all else next to none. Found by measuring test by test (coverage's contexts, 2026-11-28); `make test` demands
# the same of what is left.
_UNMEASURED: Final = (
    *_MASS,
    "tests/browser/test_access.py",
    "tests/browser/test_using.py::test_sixty_thousand",
    "tests/cli/test_restored.py",
    "tests/cli/test_unheard.py",
    "tests/cli/test_writers.py",
    "tests/coverage/test_lost.py::test_across_versions_it_tells_no_event",
    "tests/coverage/test_lost.py::test_both_roads_alert",
    "tests/coverage/test_mapped.py::test_a_renamed_element_tells_nothing_once_it_is_mapped",
    "tests/coverage/test_mapped.py::test_both_roads_read_the_same_and_all_of_it",
    "tests/coverage/test_mapped.py::test_ingest_takes_the_proposed_line",
    "tests/coverage/test_shares.py",
    "tests/holding/",
    "tests/kafka/test_chaos.py",
    "tests/kafka/test_cluster.py",
    "tests/kafka/test_failures.py",
    "tests/language/test_third_language.py",
    "tests/looking/test_selecting_events.py::test_no_selection_reads",
    "tests/looking/test_views.py",
    "tests/ports/test_both_changelogs.py::test_a_scenario",
    "tests/ports/test_publish_into_a_folder.py::test_killed_at_any_moment",
    "tests/report/test_register_names.py::test_two_registers_tell",
    "tests/scenarios/",
    "tests/unit/test_damaged_archives.py::test_a",
    "tests/unit/test_kafka_records.py::test_a_batch",
    "tests/unit/test_real_data.py",
    "tests/unit/test_record_patterns.py::test_what_is_recognised",
    "tests/unit/test_refused_dates.py::test_a_malformed_date",
    "tests/unit/test_template_reader.py::test_of_ordinary_records",
    "tests/unit/test_template_reader.py::test_whatever_is_taken_is_right",
)
# Two stories stand for all: what a unit may have, and how names change by the hundred.
_MEASURED: Final = ("[17-branch-names]", "[31-rare-fields]")
# Of the tests of Kafka, those that take longest; what is begun last holds up the end.
_LONGEST: Final = (
    "test_cluster.py",
    "test_chaos.py",
    "test_failures.py",
    "test_replica.py",
    "test_demo_kafka.py",
)


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
