"""Measure what has a target, and write benchmarks/RESULTS.md: `make bench`.

`python -m benchmarks.run night diff` measures the rows of these names, and leaves the others as they are.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import growth, publishing, short_commands, stored_size, year_report
from .builds import Builds
from .nights import Nights
from .processes import BenchmarkError, print_progress
from .results import Document, Row, Table
from .rows import Bench

_RESULTS = Path(__file__).with_name("RESULTS.md")
_ROWS: dict[str, Callable[[Bench], list[Row]]] = {
    "plain-diff": Bench.plain_diff,
    "plain-night": Bench.plain_night,
    "baseline": Bench.baseline,
    "import": Bench.april,
    "diff": Bench.diff,
    "night": Bench.night,
    "memory": Bench.memory,
    "report": year_report.measure_report,
    "page": year_report.measure_page,
    "kafka": publishing.measure_publishing,
    "stored": stored_size.measure_first_night,
    "stored-year": stored_size.measure_year,
    "start": short_commands.measure_starts,
    "zip": Bench.zip,
    "ten-years": short_commands.measure_ten_years,
}
_GROWTH: dict[str, Callable[[Bench], tuple[Row, Table]]] = {
    "size": growth.measure_sizes,
    "changes": growth.measure_changes,
}
_NAMES = (*_ROWS, *_GROWTH)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"some of {', '.join(_NAMES)}")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is about 150,000 units")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where files are kept for reuse")
    parser.add_argument("-o", "--output", type=Path, help="RESULTS.md, at full size")
    arguments = parser.parse_args()
    rows = arguments.rows or list(_NAMES)
    if unknown := set(rows) - set(_NAMES):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(_NAMES)}")
    output = arguments.output or (_RESULTS if arguments.scale == 1 else None)
    document = None if output is None else Document(output)
    try:
        with _directory(arguments.keep) as directory:
            nights = Nights(directory, arguments.seed)
            bench = Bench(nights, Builds(), arguments.scale, arguments.rounds)
            for name in rows:
                _measure(bench, name, document)
                if document is not None:
                    document.write(_NAMES)
    except BenchmarkError as failed:
        sys.exit(f"benchmarks: {failed}")


@contextmanager
def _directory(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="sordiff-bench-") as made:
        yield Path(made)


def _measure(bench: Bench, name: str, document: Document | None) -> None:
    """Measure the rows of a name, tell them, and put them where they belong."""
    table = None
    if name in _ROWS:
        rows = _ROWS[name](bench)
    else:
        row, table = _GROWTH[name](bench)
        rows = [row]
    for row in rows:
        met = "met" if row.met else "NOT met"
        print(f"{row.what}: {row.measured} · {row.beside} · {row.target}: {met}", flush=True)
        if document is not None:
            document.put_row(row)
    if table is not None and document is not None:
        document.put_table(table)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print_progress("stopped; what was measured is written")
