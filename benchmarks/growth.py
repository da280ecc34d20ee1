"""How the time of a night grows with the size of the file, and with the number of changes."""

from __future__ import annotations

import statistics

from .results import Row, Table
from .rows import Bench

_SIZES = (0.25, 0.5, 1.0, 2.0)
_CHANGES = (0, 300, 3_000, 30_000)
_AS_PARSING = 0.4
_LINE = ("lxml.etree.parse", "a night", "× lxml.etree.parse")
# How far from a straight line is straight, as a share.
_BENT = 0.25


def measure_sizes(bench: Bench) -> tuple[Row, Table]:
    """At a quarter, half, once and twice the size, with as many changes each time."""
    changes = round(300 * bench.scale)
    pairs = [bench.nights.pair(bench.scale * factor, changes) for factor in _SIZES]
    taken = bench.measured_nights(pairs)
    sizes = [pair.megabytes for pair in pairs]
    parses, nights = zip(*taken, strict=True)
    lines = [
        (f"{pair.units:,}", f"{pair.megabytes:.0f}", *_format_line(parsing, took))
        for pair, (parsing, took) in zip(pairs, taken, strict=True)
    ]
    for factor, pair in zip(_SIZES, pairs, strict=True):
        if factor != 1:
            bench.nights.drop(pair.old, pair.new)
    night = statistics.linear_regression(sizes, nights)
    parse_slope = statistics.linear_regression(sizes, parses).slope
    off = max(
        abs(took - night.intercept - night.slope * size) / took
        for size, took in zip(sizes, nights, strict=True)
    )
    row = Row(
        name="size",
        what="growth with the size of the file",
        measured=f"{1000 * night.slope:.2f} ms for each MB, {100 * off:.0f} % off a straight line",
        beside=f"lxml.etree.parse {1000 * parse_slope:.2f} ms for each MB",
        target=f"≤ {100 * _BENT:.0f} % off, ≤ {_AS_PARSING} × the slope of lxml.etree.parse",
        met=off <= _BENT and night.slope <= _AS_PARSING * parse_slope,
    )
    about = f"{changes} changed units each time; all sizes take turns."
    return row, Table(
        heading="Growth with the size of the file",
        columns=("units", "MB", *_LINE),
        lines=lines,
        about=about,
    )


def measure_changes(bench: Bench) -> tuple[Row, Table]:
    """With ever more changed units in files of one size."""
    counts = [round(wanted * bench.scale) for wanted in _CHANGES]
    pairs = [bench.nights.pair(bench.scale, count) for count in counts]
    taken = bench.measured_nights(pairs)
    nights = [took for _, took in taken]
    lines = [
        (f"{count:,}", f"{pair.events:,}", *_format_line(parsing, took))
        for count, pair, (parsing, took) in zip(counts, pairs, taken, strict=True)
    ]
    for wanted, pair in zip(_CHANGES, pairs, strict=True):
        if wanted != 300:
            bench.nights.drop(pair.new)
    each = [(took - nights[0]) / max(1, count) for took, count in zip(nights, counts, strict=True)]
    row = Row(
        name="changes",
        what="growth with the changes",
        measured=f"{1000 * each[3]:.2f} ms for each of {counts[3]:,}",
        beside=f"{1000 * each[2]:.2f} ms for each of {counts[2]:,}",
        target=f"linear: ≤ {1 + _BENT} × as much for each at ten times as many",
        met=each[3] <= (1 + _BENT) * each[2],
    )
    return row, Table(
        heading="Growth with the changes",
        columns=("changed units", "events", *_LINE),
        lines=lines,
        about="Accepted without a stop, for large nights would be held; all take turns.",
    )


def _format_line(parsing: float, took: float) -> tuple[str, str, str]:
    return f"{parsing:.2f} s", f"{took:.2f} s", f"{took / parsing:.2f}"
