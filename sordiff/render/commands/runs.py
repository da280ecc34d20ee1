"""The list of runs, for people."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import RecordedRun
from sordiff.visible import visible


class _Column(Struct, frozen=True):
    """A column: its key in the language, how its lines stand, and the least width."""

    key: str
    align: str
    least: int


_COLUMNS: Final = (
    _Column("run", ">", 4),
    _Column("kind", "<", 10),
    _Column("state", "<", 10),
    _Column("snapshot", "<", 10),
    _Column("units", ">", 8),
    _Column("events", ">", 7),
    _Column("sequence", "<", 15),
    _Column("notes", "<", 0),
)
_WORDS: Final = (1, 2)
# Numbers and words touch without it.
_WIDE_GAPS: Final = frozenset({"kind", "sequence"})


def run_lines(runs: Iterable[RecordedRun], texts: Catalogue, paint: Paint) -> Iterator[str]:
    """A line a run, with what is out of the ordinary behind it."""
    head = [texts.text(f"runs.{column.key}") for column in _COLUMNS]
    rows = [_cells(run, texts) for run in runs]
    widths = [max(column.least, len(name)) for column, name in zip(_COLUMNS, head, strict=True)]
    # Only our own words widen a column: a number never moves the columns of the other runs.
    for place in _WORDS:
        widths[place] = max([widths[place], *(len(cells[place]) for cells in rows)])
    widths[-1] = 0
    yield paint(_line(head, widths), "bold")
    for cells in rows:
        yield _line(cells, widths).rstrip()


def _cells(run: RecordedRun, texts: Catalogue) -> list[str]:
    sequence = "" if run.first_sequence is None else f"{run.first_sequence}–{run.last_sequence}"
    return [
        str(run.id),
        texts.text(f"run.{run.kind}"),
        _state(run.state, texts),
        run.header.snapshot_date,
        texts.number(run.units),
        texts.number(run.event_count),
        sequence,
        "; ".join(_notes(run, texts)),
    ]


def _state(state: str, texts: Catalogue) -> str:
    """The state of a run in a word."""
    return texts.known(f"runs.state.{state}") or texts.state(state)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    line = ""
    for column, cell, width in zip(_COLUMNS, cells, widths, strict=True):
        gap = "  " if column.key in _WIDE_GAPS else " "
        line += f"{gap if line else ''}{cell:{column.align}{width}}"
    return line


def taken_back(run: RecordedRun, texts: Catalogue) -> Iterator[str]:
    """Which run it puts right, which one puts it right, and that it is retracted."""
    if run.corrects is not None:
        yield texts.say("runs.corrects", run=str(run.corrects))
    if run.corrected_by is not None:
        yield texts.say("runs.corrected", run=str(run.corrected_by))
    if run.retracted_at is not None:
        user, reason = visible(run.retracted_by or ""), visible(run.retracted_reason or "")
        yield texts.say("runs.retracted", user=user, reason=reason)


def _notes(run: RecordedRun, texts: Catalogue) -> Iterator[str]:
    yield from taken_back(run, texts)
    if run.nights_missing:
        yield texts.counted("runs.missing", run.nights_missing)
    if run.version_changed:
        yield texts.say("runs.version", version=visible(run.header.version))
    if run.history:
        yield texts.text("runs.history")
    elif not run.publish:
        yield texts.text("runs.unpublished")
    yield from (visible(texts.sentence(warning)) for warning in run.warnings)
    if run.reason:
        yield visible(run.reason)
