"""The rows of all lists of a page, written by this process, or one half by a worker process."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

import msgspec

from sordiff.render.report.html.rows import Filters, Rows
from sordiff.render.report.outline_blocks import ChangeRow
from sordiff.worker_process import SendPart, run_in_worker

# A little more than half: the other process begins later, and by counting.
_FIRST: Final = 0.57

_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Filters)


def write_rows(
    lists: Sequence[Sequence[ChangeRow]], rows: Rows, *, may_fork: bool
) -> tuple[list[tuple[str, ...]], Filters]:
    """The rows of each list as lines of markup, and what all of them are filtered by."""
    told = list(chain.from_iterable(lists))
    written, filters = _write_in_two(told, rows) if may_fork else _write_alone(told, rows)
    lines = iter(written)
    return [tuple(next(lines) for _ in one) for one in lists], filters


def _write_alone(told: Sequence[ChangeRow], rows: Rows) -> tuple[list[str], Filters]:
    written = list(map(rows.write_row, told))
    return written, rows.filters()


def _write_in_two(told: Sequence[ChangeRow], rows: Rows) -> tuple[list[str], Filters]:
    """A worker writes the second part; should it fail, this process does.

    Owners and regions have their numbers in the order of all rows: the worker counts the first
    part, and so knows in the end what there is to filter by.
    """
    place = int(len(told) * _FIRST)
    first, second = told[:place], told[place:]

    def work(send: SendPart) -> list[str]:
        rows.count(first)
        written = list(map(rows.write_row, second))
        send("\n".join(written).encode())
        send(_ENCODER.encode(rows.filters()))
        return written

    with run_in_worker(work) as worker:
        written = list(map(rows.write_row, first))
        if worker.wait_for_success():
            lines, filters = worker.read_parts()
            return [*written, *lines.decode().split("\n")], _DECODER.decode(filters)
    rest, filters_of_all = _write_alone(second, rows)
    return [*written, *rest], filters_of_all
