"""Metrics for Prometheus, in a file for node_exporter's textfile collector."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from sordiff.notices.settings import NoticeSettings

_Kind: TypeAlias = Literal["counter", "gauge"]
_READABLE_BY_ALL: Final = 0o644


class Metrics(Struct, frozen=True, kw_only=True):
    """The metrics of a changelog after a run; None or nothing leaves a metric out.

    `runs` (by state) and `events` (by type) are counters, which never decrease: a run counts in
    each state that it ever had, so that a released run counts as held and as accepted.
    `last_success_timestamp_seconds`: when a snapshot was last accepted.
    """

    runs: dict[str, int]
    events: dict[str, int]
    held_runs: int
    last_success_timestamp_seconds: float | None = None
    outbox_backlog: int | None = None
    sink_backlogs: dict[str, int] = {}
    snapshot_age_seconds: float | None = None
    units: int | None = None
    run_duration_seconds: float | None = None
    snapshot_problem: bool | None = None


def write_metrics(metrics: Metrics, settings: NoticeSettings) -> tuple[str, ...]:
    """Replace the metrics file atomically; return a sentence if that fails."""
    if settings.metrics_file is None:
        return ()
    try:
        _replace_file(Path(settings.metrics_file), format_metrics(metrics))
    except OSError as error:
        cause = error.strerror or type(error).__name__
        return (f"The metrics could not be written to {settings.metrics_file}: {cause}.",)
    return ()


def format_metrics(metrics: Metrics) -> str:
    """Format the metrics in the text format 0.0.4 of Prometheus, always in the same order."""
    return "".join(f"{line}\n" for line in _format_lines(metrics))


def _format_lines(metrics: Metrics) -> Iterator[str]:
    yield from _format_series(
        "runs_total", "Runs that ever came into a state.", "counter", "state", metrics.runs
    )
    yield from _format_series("events_total", "Events recorded.", "counter", "type", metrics.events)
    if metrics.sink_backlogs:
        meaning = "Events that wait to be published into a sink."
        yield from _format_series("sink_backlog", meaning, "gauge", "sink", metrics.sink_backlogs)
    for name, meaning, value in (
        (
            "last_success_timestamp_seconds",
            "When a snapshot was last accepted.",
            metrics.last_success_timestamp_seconds,
        ),
        ("held_runs", "Runs that wait for a decision.", metrics.held_runs),
        (
            "snapshot_problem",
            "1 while snapshots are refused or missing, until the next is recorded.",
            None if metrics.snapshot_problem is None else int(metrics.snapshot_problem),
        ),
        ("outbox_backlog", "Events that wait to be published.", metrics.outbox_backlog),
        (
            "snapshot_age_seconds",
            "Age of the newest accepted snapshot when this file was written.",
            metrics.snapshot_age_seconds,
        ),
        ("units", "Units in the newest accepted snapshot.", metrics.units),
        ("run_duration_seconds", "How long the last run took.", metrics.run_duration_seconds),
    ):
        if value is not None:
            yield from _format_head(name, meaning, "gauge")
            yield f"sordiff_{name} {_format_number(value)}"


def _format_series(
    name: str, meaning: str, kind: _Kind, label: str, counts: dict[str, int]
) -> Iterator[str]:
    yield from _format_head(name, meaning, kind)
    for key, count in sorted(counts.items()):
        yield f'sordiff_{name}{{{label}="{_escape_label(key)}"}} {count}'


def _format_head(name: str, meaning: str, kind: _Kind) -> Iterator[str]:
    yield f"# HELP sordiff_{name} {meaning}"
    yield f"# TYPE sordiff_{name} {kind}"


def _escape_label(label: str) -> str:
    return label.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _format_number(value: float) -> str:
    return str(value) if isinstance(value, int) else repr(float(value))


def _replace_file(path: Path, text: str) -> None:
    """Write a new file and rename it: a reader sees the old file or the new one, never a part."""
    import tempfile  # imported late: few commands need it

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), _READABLE_BY_ALL)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
