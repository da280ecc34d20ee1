"""`sordiff check`: judge one snapshot and say what is suspicious in it."""

from collections import Counter
from pathlib import Path

from msgspec import Struct

from sordiff.findings import Finding, findings_of
from sordiff.model import Header, Kind, SorId, State
from sordiff.service.reading import Progress, read, register_of
from sordiff.settings import Settings


class LocatedFinding(Struct, frozen=True, kw_only=True):
    """A finding, with the line of its unit where it is about one."""

    code: str
    subject: str
    message: str
    line: int | None


class CheckResult(Struct, frozen=True, kw_only=True):
    """What a snapshot holds, and what is suspicious in it."""

    file: str
    header: Header
    units: int
    kinds: dict[Kind, int]
    states: dict[State, int]
    location_numbers: int
    lists: dict[str, int]
    findings: tuple[LocatedFinding, ...]
    warnings: tuple[str, ...]


def check_snapshot(
    path: Path,
    settings: Settings,
    *,
    data_types: Path | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Read, judge, and look for findings; raise SnapshotRefused where it can't be accepted."""
    snapshot = read(path, settings, data_types=data_types, progress=progress)
    register = register_of(snapshot)
    units = register.units.values()
    found: list[Finding] = sorted([*snapshot.findings, *findings_of(register)])
    return CheckResult(
        file=snapshot.file,
        header=snapshot.header,
        units=len(units),
        kinds=dict(sorted(Counter(unit.kind for unit in units).items())),
        states=dict(sorted(Counter(unit.state(register.day) for unit in units).items())),
        location_numbers=sum(1 for _ in register.numbers()),
        lists={name: len(listed.entries) for name, listed in sorted(snapshot.lists.items())},
        findings=tuple(
            LocatedFinding(
                code=finding.code,
                subject=finding.subject,
                message=finding.message,
                line=snapshot.lines.get(SorId(finding.subject)),
            )
            for finding in found
        ),
        warnings=snapshot.warnings,
    )
