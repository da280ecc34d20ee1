import stat
from pathlib import Path
from threading import Event, Thread

from prometheus_client.parser import text_string_to_metric_families

from sordiff.notices.metrics import Metrics, format_metrics, write_metrics
from sordiff.notices.settings import NoticeSettings

FULL = Metrics(
    runs={"held": 2, "accepted": 61, 'od"d\\\n': 1},
    events={"unit.closed": 12, "unit.created": 1_000_000},
    held_runs=1,
    last_success_timestamp_seconds=1_524_449_529.25,
    outbox_backlog=0,
    sink_backlogs={"kafka": 0, "ndjson:/srv/events": 3},
    snapshot_age_seconds=14_400.0,
    units=231_000,
    run_duration_seconds=3.5,
    snapshot_problem=True,
)


def test_the_official_parser_reads_every_figure() -> None:
    families = {
        family.name: family for family in text_string_to_metric_families(format_metrics(FULL))
    }
    read = {
        name: {tuple(sample.labels.items()): sample.value for sample in family.samples}
        for name, family in families.items()
    }
    assert read == {
        "sordiff_runs": {
            (("state", "accepted"),): 61,
            (("state", "held"),): 2,
            (("state", 'od"d\\\n'),): 1,
        },
        "sordiff_events": {(("type", "unit.closed"),): 12, (("type", "unit.created"),): 1_000_000},
        "sordiff_last_success_timestamp_seconds": {(): 1_524_449_529.25},
        "sordiff_held_runs": {(): 1},
        "sordiff_outbox_backlog": {(): 0},
        "sordiff_sink_backlog": {
            (("sink", "kafka"),): 0,
            (("sink", "ndjson:/srv/events"),): 3,
        },
        "sordiff_snapshot_problem": {(): 1},
        "sordiff_snapshot_age_seconds": {(): 14_400},
        "sordiff_units": {(): 231_000},
        "sordiff_run_duration_seconds": {(): 3.5},
    }
    counters = {"sordiff_runs", "sordiff_events"}
    assert {name for name, family in families.items() if family.type == "counter"} == counters
    assert {family.type for name, family in families.items() if name not in counters} == {"gauge"}
    assert all(family.documentation for family in families.values())


def test_a_figure_that_is_not_known_is_left_out() -> None:
    text = format_metrics(Metrics(runs={}, events={}, held_runs=0))
    names = {family.name for family in text_string_to_metric_families(text)}
    assert names == {"sordiff_runs", "sordiff_events", "sordiff_held_runs"}


def test_the_file_is_readable_for_all_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "sordiff.prom"
    path.write_text("old")
    path.chmod(0o600)
    assert write_metrics(FULL, NoticeSettings(metrics_file=str(path))) == ()
    assert path.read_text() == format_metrics(FULL)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_sees_one_whole_file_or_the_other(tmp_path: Path) -> None:
    path = tmp_path / "sordiff.prom"
    settings = NoticeSettings(metrics_file=str(path))
    long = Metrics(runs={}, events={f"type.{n}": n for n in range(5000)}, held_runs=0)
    whole = {format_metrics(FULL), format_metrics(long)}
    assert write_metrics(FULL, settings) == ()
    ended = Event()

    def write() -> None:
        for _ in range(30):
            write_metrics(long, settings)
            write_metrics(FULL, settings)
        ended.set()

    thread = Thread(target=write)
    thread.start()
    seen = {path.read_text()}
    while not ended.is_set():
        seen.add(path.read_text())
    thread.join()
    assert seen <= whole


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "sordiff.prom"
    assert write_metrics(FULL, NoticeSettings(metrics_file=str(path))) == (
        f"The metrics could not be written to {path}: No such file or directory.",
    )


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "sordiff.prom"
    path.mkdir()
    (failure,) = write_metrics(FULL, NoticeSettings(metrics_file=str(path)))
    assert failure.startswith(f"The metrics could not be written to {path}: ")
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_written_unless_configured() -> None:
    assert write_metrics(FULL, NoticeSettings()) == ()
