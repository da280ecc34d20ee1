"""`sordiff check --coverage`: who carries which field, read from what, and what nobody knows."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import structs

from sordiff.coverage.carried import KNOWN_FIELDS, collect_unknown_texts, is_known
from sordiff.coverage.counts import Coverage, count_coverage
from sordiff.model import Kind, Unit
from sordiff.report import CoverageReport, CoveredField, UnknownPath
from sordiff.service.ingest.read_snapshot import WHOLE, read_with_settings
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions, Snapshot, find_read_places

_SAMPLES: Final = 3


def check_coverage(path: Path, settings: Settings, how: ReadOptions = WHOLE) -> CoverageReport:
    """Read, judge and count; raise SnapshotRefused where it can't be accepted."""
    how = structs.replace(how, plain=True, note_places=True)
    snapshot = read_with_settings(path, settings, how)
    coverage = count_coverage(snapshot.units.values())
    samples = _samples(snapshot.units[sor_id] for sor_id in sorted(snapshot.units))
    unknown = sorted(path for path in coverage.paths() if not is_known(path))
    return CoverageReport(
        file=snapshot.file,
        header=snapshot.header,
        units=len(snapshot.units),
        fields=tuple(_field(name, coverage, snapshot, settings) for name in KNOWN_FIELDS),
        unknown=tuple(
            UnknownPath(
                path=name,
                units=coverage.units(name),
                carriers=_carriers(name, coverage),
                samples=tuple(samples[name]),
            )
            for name in unknown
        ),
        warnings=snapshot.warnings,
    )


def _field(name: str, coverage: Coverage, snapshot: Snapshot, settings: Settings) -> CoveredField:
    mapped = (tuple(element.split("/")) for element in settings.fields.get(name, ()))
    read_from = snapshot.read_columns.get(name, ())
    if not snapshot.read_columns and coverage.units(name):
        places = find_read_places(name, mapped, snapshot.noted_places)
        read_from = tuple("/".join(place) for place in places)
    return CoveredField(
        field=name,
        read_from=read_from,
        units=coverage.units(name),
        carriers=_carriers(name, coverage),
    )


def _carriers(path: str, coverage: Coverage) -> dict[Kind, int]:
    return {kind: coverage.carriers[path, kind] for kind in Kind}


def _samples(units: Iterable[Unit]) -> dict[str, list[str]]:
    """The first few texts of each unknown path that are not alike, in order of the ids."""
    found: dict[str, list[str]] = {}
    for unit in units:
        for path, texts in collect_unknown_texts(unit).items():
            here = found.setdefault(path, [])
            if len(here) < _SAMPLES:
                here += [text for text in sorted(texts) if text not in here]
                del here[_SAMPLES:]
    return found
