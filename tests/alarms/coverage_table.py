"""The figures of docs/alarms.md on fields that come and go; `make alarms-table` writes them, a test compares them."""

from __future__ import annotations

from tests.alarms.coverage_histories import CoverageFigures, simulated_coverage
from tests.alarms.table import DOCUMENT, LARGE, SMALL

BEGIN, END = (
    "<!-- coverage table: begin, by `make alarms-table` -->",
    "<!-- coverage table: end -->",
)


def coverage_table(large: CoverageFigures, small: CoverageFigures) -> str:
    """As it stands in the document."""

    def row(name: str, *cells: str) -> str:
        return f"| {name} | {' | '.join(cells)} |"

    both = (large, small)
    return "\n".join(
        (
            row("fields, night by night", "40,000–150,000 units", "100–3,000 units"),
            "|---|---:|---:|",
            row("nights judged", *(f"{f.nights:,}" for f in both)),
            row("**held, of 1,000 nights**", *(f"{1_000 * f.held / f.nights:.2f}" for f in both)),
            row("with a warning of `coverage.gained`", *(f"{f.warned:,}" for f in both)),
            row(
                "nights on which a field arrives and one leaves",
                *(f"{f.slow_nights:,}" for f in both),
            ),
            row("held for the one that leaves", *(f"{f.slow_held:,}" for f in both)),
        )
    )


def with_coverage_table(document: str, text: str) -> str:
    """The document with another table."""
    head, _, rest = document.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{text}\n\n{END}{tail}"


if __name__ == "__main__":
    made = coverage_table(
        simulated_coverage(LARGE, small=False), simulated_coverage(SMALL, small=True)
    )
    text = with_coverage_table(DOCUMENT.read_text(encoding="utf-8"), made)
    DOCUMENT.write_text(text, encoding="utf-8")
    print(made)
