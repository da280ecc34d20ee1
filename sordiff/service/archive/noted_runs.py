"""What the lines of the archive say of each run in the end."""

from collections.abc import Iterable

from sordiff.archive import DoneToRun


class NotedRuns:
    """The runs as noted: later lines put right what earlier ones say."""

    def __init__(self, steps: Iterable[DoneToRun]) -> None:
        self.changelog = self.source = ""
        self._last: dict[int, DoneToRun] = {}
        for done in steps:
            self.changelog = done.changelog or self.changelog
            self.source = done.source or self.source
            if done.done != "retracted":
                self._last[done.run] = done
        self._gaps = self._find_gaps()

    def is_published(self, run: int) -> bool:
        """Whether the events of a run are to be published."""
        return self._last[run].publish is not False

    def is_of_history(self, run: int) -> bool:
        """Whether its events are published only on demand."""
        return self._last[run].history is True

    def gap_before(self, run: int) -> int:
        """How many sequences were left out before the first one of a run."""
        return self._gaps.get(run, 0)

    def _find_gaps(self) -> dict[int, int]:
        gaps, reached = {}, 0
        for run, done in sorted(self._last.items()):
            if done.first_sequence is not None and done.last_sequence is not None:
                gaps[run] = max(0, done.first_sequence - reached - 1)
                reached = done.last_sequence
        return gaps
