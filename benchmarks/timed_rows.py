"""Rows of results whose target is a share of what something else needs in the same turns."""

from __future__ import annotations

from typing import NamedTuple

from .processes import Timing
from .results import Row

YARDSTICK = "lxml.etree.parse"


class Target(NamedTuple):
    """By which name it is measured, what it is, and which share it may need at most."""

    name: str
    what: str
    most: float


def build_parsing_row(target: Target, took: Timing, parsing: Timing) -> Row:
    """Beside the yardstick."""
    return Row(
        name=target.name,
        what=target.what,
        measured=format_timing(took),
        beside=f"{YARDSTICK} {format_timing(parsing)}: × {took.wall / parsing.wall:.2f}",
        target=f"≤ {target.most:g} × {YARDSTICK}",
        met=took.wall <= target.most * parsing.wall,
    )


def build_share_row(
    target: Target, took: Timing, before: Timing, parsing: Timing | None = None
) -> Row:
    """Beside what the build before needs."""
    yardstick = "" if parsing is None else f"; {YARDSTICK} {format_timing(parsing)}"
    return Row(
        name=target.name,
        what=target.what,
        measured=format_timing(took),
        beside=f"before {format_timing(before)}: × {took.wall / before.wall:.2f}{yardstick}",
        target=f"≤ {target.most:g} × before",
        met=took.wall <= target.most * before.wall,
    )


def format_timing(took: Timing) -> str:
    """The clock, and the seconds of all cores."""
    return f"{took.wall:.2f} s (cores {took.cpu:.2f} s)"
