"""The marks of the tests, which say what a test needs or costs: set here by where it stands, nowhere by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

# They prove by mass what others show by example.
_MASS: Final = (
    "tests/alarms/test_coverage_table.py",
    "tests/alarms/test_table.py",
    "tests/coverage/test_lost.py::test_across_versions_it_tells_no_event",
    "tests/coverage/test_lost.py::test_both_roads_alert",
    "tests/coverage/test_mapped.py::test_a_renamed_element_tells_nothing_once_it_is_mapped",
    "tests/coverage/test_mapped.py::test_both_roads_read_the_same_and_all_of_it",
    "tests/holding/test_april_2018.py",
    "tests/laws/",
    "tests/looking/test_as_of_law.py",
    "tests/oracle/",
    "tests/ports/test_both_changelogs.py::test_a_scenario",
    "tests/reconcile/test_against_oracle.py",
    "tests/report/test_period_law.py",
    "tests/roads/",
    "tests/state/test_state_records.py",
    "tests/unit/test_full_size.py",
    "tests/unit/test_kafka_records.py::test_a_batch",
    "tests/unit/test_making.py",
    "tests/unit/test_record_patterns.py::test_a_byte",
    "tests/unit/test_record_patterns.py::test_what_is_recognised",
    "tests/unit/test_template_reader.py::test_what_is_spoiled",
    "tests/unit/test_template_reader.py::test_what_stands_around",
    "tests/unit/test_template_reader.py::test_whatever_is_taken_is_right",
    "tests/unit/test_template_reader.py::test_whatever_odd_stands_anywhere",
    "tests/unit/test_unknown.py::test_paths_and_values",
    "tests/wrong_nights/test_corrections.py::test_the_law",
)
# They start sordiff as a process: to be killed, limited, timed, or put on a terminal.
_PROCESS: Final = (
    "tests/cli/test_completion.py",
    "tests/cli/test_durability.py",
    "tests/cli/test_endings.py",
    "tests/cli/test_hostile.py",
    "tests/cli/test_hostile_data_types.py",
    "tests/cli/test_killed.py",
    "tests/cli/test_odd_ends.py",
    "tests/cli/test_secrets.py",
    "tests/cli/test_settings_layers.py",
    "tests/cli/test_terminal.py",
    "tests/cli/test_unheard.py",
    "tests/cli/test_writers.py",
    "tests/contract/test_datasette_1.py",
    "tests/faults/test_disk.py",
    "tests/fetch/test_killed.py",
    "tests/holding/test_holding_cli.py::test_killed_while_deciding",
    "tests/http/test_hundred_nights.py",
    "tests/language/test_third_language.py",
    "tests/notices/test_overlapping_runs.py",
    "tests/ports/test_publish_into_a_folder.py::test_killed_at_any_moment",
)
_PLACES: Final = {
    "kafka": ("tests/kafka/",),
    "browser": ("tests/browser/",),
    "mass": _MASS,
    "process": _PROCESS,
}
_FIXTURES: Final = {"kafka": {"broker", "rough_broker", "strict_broker"}, "browser": {"browser"}}
# What they reach others reach too: to measure them takes half as long again, and shows no further line of the core,
# and of all else next to none. Found by measuring test by test (coverage's contexts, 2026-11-28); `make test` demands
# the same of what is left.
_UNMEASURED: Final = (
    *_MASS,
    *_PROCESS,
    "tests/archive/test_rebuild.py",
    "tests/browser/test_access.py",
    "tests/browser/test_layout.py",
    "tests/browser/test_list_page.py",
    "tests/browser/test_page.py",
    "tests/browser/test_site.py",
    "tests/browser/test_using.py",
    "tests/cli/test_damaged.py",
    "tests/cli/test_ingest_judged.py::test_known_content",
    "tests/cli/test_ingest_runs.py::test_a_rebaseline",
    "tests/cli/test_restored.py",
    "tests/contract/test_command_schemas.py",
    "tests/contract/test_events_document.py",
    "tests/contract/test_other_databases.py",
    "tests/contract/test_schemas.py",
    "tests/coverage/test_lost.py::test_the_proposed_lines",
    "tests/coverage/test_mapped.py::test_ingest_takes_the_proposed_line",
    "tests/coverage/test_mapped.py::test_mapped_records",
    "tests/coverage/test_shares.py",
    "tests/fetch/test_fetch.py::test_what_is_put_aside",
    "tests/holding/",
    "tests/kafka/",
    "tests/language/test_sentences.py",
    "tests/looking/test_recorded_facts.py::test_the_verdict",
    "tests/looking/test_selecting_events.py::test_no_selection_reads",
    "tests/looking/test_views.py",
    "tests/looking/test_widths.py",
    "tests/ports/test_both_changelogs.py::test_the_demonstration",
    "tests/reconcile/test_succession.py::test_the_documents",
    "tests/report/test_language.py",
    "tests/report/test_quality.py::test_what_is_recorded",
    "tests/report/test_register_names.py::test_two_registers_tell",
    "tests/scenarios/",
    "tests/unit/test_damaged_archives.py::test_a",
    "tests/unit/test_readers.py::test_the_reader",
    "tests/unit/test_real_data.py",
    "tests/unit/test_refused_dates.py::test_a_malformed_date",
    "tests/unit/test_template_reader.py::test_of_genuine",
    "tests/unit/test_template_reader.py::test_of_ordinary_records",
    "tests/version_3/test_night_of_version_3.py::test_the_lines",
    "tests/wrong_nights/test_retractions.py",
)
# Of those, what alone reaches something. Two stories stand for all: what a unit may have, and how names change by the
# hundred; and of Kafka, what it refuses, and some weeks with all faults. The threads of the server that the tests of HTTP
# share are not measured again after a pause.
_MEASURED: Final = (
    "tests/contract/test_schemas.py::test_shipped_schemas",
    "tests/fetch/test_killed.py",
    "tests/http/",
    "tests/kafka/test_adopting.py::test_records_that_say_something_else",
    "tests/kafka/test_decade.py",
    "tests/kafka/test_document.py",
    "tests/kafka/test_publish.py::test_structured_messages",
    "tests/kafka/test_refusals.py",
    "tests/kafka/test_refused.py",
    "tests/kafka/test_replays.py::test_a_replay_into_the_same_topics",
    "tests/kafka/test_security.py",
    "tests/kafka/test_verified_topics.py",
    "tests/looking/test_widths.py::test_a_narrow_screen",
    "tests/scenarios/test_scenarios.py::test_scenario_is_told_as_before[17-branch-names]",
    "tests/scenarios/test_scenarios.py::test_scenario_is_told_as_before[31-rare-fields]",
    "tests/wrong_nights/test_retractions.py::test_everybody_says_it",
)
# Of the tests of Kafka, those that take longest; what is begun last holds up the end.
_LONGEST: Final = (
    "test_cluster.py",
    "test_chaos.py",
    "test_failures.py",
    "test_replica.py",
    "test_demo_kafka.py",
)


def list_places() -> set[str]:
    """All files, folders and beginnings of tests that are named here."""
    return {*_UNMEASURED, *_MEASURED, *(place for places in _PLACES.values() for place in places)}


def set_marks(item: pytest.Item) -> None:
    """Say what a test needs or costs, and leave out of the coverage what adds nothing to it."""
    for mark, places in _PLACES.items():
        fixtures = _FIXTURES.get(mark, set()).intersection(getattr(item, "fixturenames", ()))
        if item.nodeid.startswith(places) or fixtures:
            item.add_marker(mark)
    if item.nodeid.startswith(_UNMEASURED) and not item.nodeid.startswith(_MEASURED):
        item.add_marker(pytest.mark.no_cover)


def turn(item: pytest.Item, folder: Path) -> int:
    """When a test's turn is. The tests of Kafka come first, and of those the longest.

    They mostly wait: begun by one worker, they leave the cores to what the others do.
    """
    if item.path.relative_to(folder).parts[0] != "kafka":
        return len(_LONGEST) + 1
    return _LONGEST.index(item.path.name) if item.path.name in _LONGEST else len(_LONGEST)
