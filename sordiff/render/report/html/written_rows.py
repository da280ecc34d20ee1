"""The rows of all lists of a page, written by this process, or one half by a worker process."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from sordiff.render.report.html.rows import Rows
from sordiff.render.report.outline_blocks import ChangeRow
from sordiff.worker_process import SendPart, run_in_worker

# A little more than half: the other process begins later, and by counting.
_FIRST: Final = 0.54


def write_rows(
    lists: Sequence[Sequence[ChangeRow]], rows: Rows, *, may_fork: bool
) -> list[tuple[str, ...]]:
    """The rows of each list as lines of markup; the filters of `rows` are known then."""
    told = list(chain.from_iterable(lists))
    written = iter(_write_in_two(told, rows) if may_fork else map(rows.write_row, told))
    return [tuple(next(written) for _ in one) for one in lists]


def _write_in_two(told: Sequence[ChangeRow], rows: Rows) -> Iterable[str]:
    """A worker writes the second part; should it fail, this process does.

    Owners and regions have their numbers in the order of all rows: each process counts what the
    other one writes.
    """
    place = int(len(told) * _FIRST)
    first, second = told[:place], told[place:]

    def work(send: SendPart) -> None:
        rows.count(first)
        send("\n".join(map(rows.write_row, second)).encode())

    with run_in_worker(work) as worker:
        written = list(map(rows.write_row, first))
        rows.count(second)
        if worker.wait_for_success():
            lines = b"".join(worker.read_parts()).decode()
            return chain(written, lines.split("\n"))
    return chain(written, map(rows.write_counted_row, second))
