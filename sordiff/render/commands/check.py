"""What `sordiff check` found, for people."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from sordiff.model import Kind, State
from sordiff.render.text.colour import Paint
from sordiff.report import CheckReport
from sordiff.visible import visible

_SHOWN_OF_EACH: Final = 20
_KINDS: Final = {
    Kind.OWNER: ("owner", "owners"),
    Kind.INSTITUTION: ("institution", "institutions"),
    Kind.ORGANIZATIONAL_UNIT: ("organizational unit", "organizational units"),
}


def check_lines(result: CheckReport, paint: Paint) -> Iterator[str]:
    """What the snapshot is, what it holds, then the findings by code."""
    header = result.header
    yield paint(visible(result.file), "bold") + paint("  acceptable", "green")
    yield f"  snapshot          {header.snapshot_date}, created {visible(header.created_at)}"
    yield f"  version           {visible(header.version)} · {header.size:,} bytes"
    yield f"  content           sha256 {header.sha256}"
    yield f"  units             {result.units:,}: {_counted(result.kinds)}"
    yield f"  on that day       {_counted(result.states)}"
    yield f"  location numbers  {result.location_numbers:,}"
    lists = [(f"{visible(name)} {count:,}", "dim") for name, count in result.lists.items()]
    lead = "  classifications   "
    for line in paint.joined(lists or [("none delivered", "dim")], ""):
        yield f"{lead}{line}"
        lead = " " * len(lead)
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


def _counted(counts: Mapping[Kind, int] | Mapping[State, int]) -> str:
    parts = []
    for name, count in counts.items():
        one, many = _KINDS[name] if isinstance(name, Kind) else (str(name), str(name))
        parts.append(f"{count:,} {one if count == 1 else many}")
    return ", ".join(parts)
