"""What tells one state of a changelog from another."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sordiff.changelog import Session
    from sordiff.report import RecordedRun


def identify_state(session: Session) -> Hashable:
    """The last accepted run, as no other changelog has it; None where there is none."""
    return identify_run(session.runs.find_last_accepted())


def identify_run(run: RecordedRun | None) -> Hashable:
    """An accepted run, as no other changelog has it.

    The number is not enough: a changelog that is put in this one's place has runs of its own.
    """
    return run and (run.id, run.header.sha256, run.recorded_at, run.last_sequence)
