"""What `sordiff check` found, for people."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from sordiff.model import Kind, State
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import CheckReport, LocatedFinding
from sordiff.visible import visible

_SHOWN_OF_EACH: Final = 20


def check_lines(result: CheckReport, texts: Catalogue, paint: Paint) -> Iterator[str]:
    """What the snapshot is, what it holds, then the findings by code."""
    acceptable = f"  {texts.text('check.acceptable')}"
    yield paint(visible(result.file), "bold") + paint(acceptable, "green")
    rows = list(_rows(result, texts))
    label = texts.text("check.lists")
    width = max(len(name) for name, _ in (*rows, (label, "")))
    for name, told in rows:
        yield f"  {name.ljust(width)}  {told}"
    lists = [
        (f"{visible(name)} {texts.number(count)}", "dim") for name, count in result.lists.items()
    ]
    lead = f"  {label.ljust(width)}  "
    for line in paint.joined(lists or [(texts.text("check.lists.none"), "dim")], ""):
        yield f"{lead}{line}"
        lead = " " * len(lead)
    yield ""
    if not result.findings:
        yield texts.text("check.none")
        return
    for code, count in sorted(Counter(finding.code for finding in result.findings).items()):
        yield paint(f"{code} ({texts.number(count)})", "bold", "yellow")
        of_code = [finding for finding in result.findings if finding.code == code]
        for finding in of_code[:_SHOWN_OF_EACH]:
            yield f"  {_finding(finding, texts)}"
        if count > _SHOWN_OF_EACH:
            more = texts.number(count - _SHOWN_OF_EACH)
            yield f"  {texts.say('check.more', count=more)}"


def _rows(result: CheckReport, texts: Catalogue) -> Iterator[tuple[str, str]]:
    """What there is one line of, each with its label."""
    header = result.header
    told = {
        "snapshot": texts.say(
            "check.snapshot.is", day=header.snapshot_date, created=visible(header.created_at)
        ),
        "version": texts.say(
            "check.version.is", version=visible(header.version), size=texts.number(header.size)
        ),
        "content": f"sha256 {header.sha256}",
        "units": texts.say(
            "check.units.is",
            count=texts.number(result.units),
            kinds=_counted("kind", result.kinds, texts),
        ),
        "day": _counted("state", result.states, texts),
        "numbers": texts.number(result.location_numbers),
    }
    for key, said in told.items():
        yield texts.text(f"check.{key}"), said


def _finding(finding: LocatedFinding, texts: Catalogue) -> str:
    line = "" if finding.line is None else texts.say("check.line", line=str(finding.line))
    return f"{visible(finding.subject)}{line}: {visible(texts.sentence(finding.message))}"


def _counted(
    family: str, counts: Mapping[Kind, int] | Mapping[State, int], texts: Catalogue
) -> str:
    return ", ".join(
        f"{texts.number(count)} {texts.counted(f'check.{family}.{name}', count)}"
        for name, count in counts.items()
    )
