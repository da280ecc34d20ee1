"""`sordiff check`: judge one snapshot and say what is suspicious in it."""

from collections import Counter
from pathlib import Path

from msgspec import structs

from sordiff.findings import Finding, find_findings
from sordiff.model import Kind, SorId, State
from sordiff.report import CheckReport, LocatedFinding
from sordiff.service.ingest.read_snapshot import WHOLE, build_register, read_with_settings
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions


def check_snapshot(path: Path, settings: Settings, how: ReadOptions = WHOLE) -> CheckReport:
    """Read, judge, and look for findings; raise SnapshotRefused where it can't be accepted."""
    # The findings and their lines are known to the plain road.
    snapshot = read_with_settings(path, settings, structs.replace(how, plain=True, note_lines=True))
    register = build_register(snapshot)
    units = register.units.values()
    kinds = Counter(unit.kind for unit in units)
    states = Counter(unit.state(register.day) for unit in units)
    found: list[Finding] = sorted([*snapshot.findings, *find_findings(register)])
    return CheckReport(
        file=snapshot.file,
        header=snapshot.header,
        units=len(units),
        kinds={kind: kinds[kind] for kind in Kind if kinds[kind]},
        states={state: states[state] for state in State if states[state]},
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
