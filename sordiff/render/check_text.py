"""What `sordiff check` found, for people."""

from collections import Counter
from collections.abc import Iterator

from sordiff.model import Kind, State
from sordiff.render.paint import Paint
from sordiff.render.visible import visible
from sordiff.report import CheckReport

_SHOWN_OF_EACH = 20


def check_lines(result: CheckReport, paint: Paint) -> Iterator[str]:
    """What the snapshot is, what it holds, then the findings by code."""
    header = result.header
    yield paint(visible(result.file), "bold") + paint("  acceptable", "green")
    yield f"  snapshot   {header.snapshot_date}, created {visible(header.created_at)}"
    yield f"  version    {visible(header.version)} · {header.size:,} bytes"
    yield f"  content    sha256 {header.sha256}"
    yield f"  units      {result.units:,}: {_counted(result.kinds)}"
    yield f"  on that day {_counted(result.states)}"
    yield f"  location numbers {result.location_numbers:,}"
    if result.lists:
        lists = ", ".join(f"{visible(name)} {count:,}" for name, count in result.lists.items())
        yield f"  classifications {lists}"
    else:
        yield "  classifications none delivered"
    yield ""
    if not result.findings:
        yield "No findings."
        return
    for code, count in sorted(Counter(finding.code for finding in result.findings).items()):
        yield paint(f"{code} ({count:,})", "bold", "yellow")
        of_code = [finding for finding in result.findings if finding.code == code]
        for finding in of_code[:_SHOWN_OF_EACH]:
            line = "" if finding.line is None else f" (line {finding.line})"
            yield f"  {visible(finding.subject)}{line}: {visible(finding.message)}"
        if count > _SHOWN_OF_EACH:
            yield f"  and {count - _SHOWN_OF_EACH:,} more; --format json lists all"


def _counted(counts: dict[Kind, int] | dict[State, int]) -> str:
    return ", ".join(f"{count:,} {str(name).replace('_', ' ')}" for name, count in counts.items())
