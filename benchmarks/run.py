"""Measure what has a target, and write benchmarks/RESULTS.md: `make bench`.

`python -m benchmarks.run --only night,diff` measures some rows only and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import growth, short_commands
from .nights import Nights, print_progress
from .processes import BenchmarkError
from .results import Row, Table, build_target_table, format_document
from .rows import Bench

_RESULTS = Path(__file__).with_name("RESULTS.md")
_ROWS = (
    *("night", "diff", "zip", "baseline", "april", "memory", "beside"),
    *("size", "changes", "commands", "ten_years"),
)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--only", default="", help=f"some of {','.join(_ROWS)}")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is about 150,000 units")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where files are kept for reuse")
    parser.add_argument("-o", "--output", type=Path, help="where to write; RESULTS.md if all")
    arguments = parser.parse_args()
    rows = arguments.only.split(",") if arguments.only else list(_ROWS)
    if unknown := set(rows) - set(_ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(_ROWS)}")
    try:
        with _directory(arguments.keep) as directory:
            bench = Bench(Nights(directory, arguments.seed), arguments.scale, arguments.rounds)
            text = format_document(_tables(bench, rows), arguments.rounds)
    except BenchmarkError as failed:
        sys.exit(f"benchmarks: {failed}")
    print(text)
    output = arguments.output or (_RESULTS if not arguments.only and arguments.scale == 1 else None)
    if output is not None:
        output.write_text(text, encoding="utf-8")


@contextmanager
def _directory(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="sordiff-bench-") as made:
        yield Path(made)


def _tables(bench: Bench, wanted: list[str]) -> list[Table]:
    rows: list[Row] = []
    told = 0
    tables: list[Table] = []
    for name in wanted:
        if name == "beside":
            tables.append(bench.beside())
        elif name in {"size", "changes"}:
            grow = growth.measure_sizes if name == "size" else growth.measure_changes
            row, table = grow(bench)
            rows.append(row)
            tables.append(table)
        elif name == "commands":
            rows.extend(short_commands.measure_commands(bench.full_changelog(), bench.rounds))
        elif name == "ten_years":
            rows.extend(short_commands.measure_ten_years(bench.nights, bench.rounds))
        else:
            measure = {
                "night": bench.night,
                "diff": bench.diff,
                "zip": bench.zip,
                "baseline": bench.baseline,
                "april": bench.april,
                "memory": bench.memory,
            }[name]
            rows.extend(measure())
        for row in rows[told:]:
            print_progress(
                f"{row.what}: {row.measured} · {row.beside} · {'met' if row.met else 'NOT met'}"
            )
        told = len(rows)
    return [build_target_table(rows), *tables] if rows else tables


if __name__ == "__main__":
    main()
