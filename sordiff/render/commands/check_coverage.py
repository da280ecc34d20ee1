"""What `sordiff check --coverage` counted, for people."""

from collections.abc import Iterator, Mapping
from typing import Final

from sordiff.coverage import find_block
from sordiff.model import Kind
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import CoverageReport
from sordiff.visible import visible

_FIELD: Final = 38
_COUNT: Final = 13
_LONGEST_SAMPLE: Final = 40


def coverage_lines(result: CoverageReport, texts: Catalogue, paint: Paint) -> Iterator[str]:
    """Each field that some unit carries, then those that none does, then what is unknown."""
    header = result.header
    yield paint(visible(result.file), "bold")
    version = visible(header.version)
    yield f"  {texts.say('check.coverage.of', day=header.snapshot_date, version=version)}"
    yield f"  {texts.counted('check.coverage.units', result.units)}"
    yield ""
    heads = "".join(f"{texts.text(f'check.coverage.{kind}'):>{_COUNT}}" for kind in Kind)
    field_head, source_head = texts.text("check.coverage.field"), texts.text("check.coverage.from")
    yield paint(f"{field_head:<{_FIELD}}{heads}  {source_head}", "bold")
    for field in result.fields:
        if field.units:
            counts = _counts(field.carriers, texts)
            yield f"{field.field:<{_FIELD}}{counts}  {', '.join(map(visible, field.read_from))}"
    empty = {field.field for field in result.fields if not field.units}
    none = [f.field for f in result.fields if f.field in empty and find_block(f.field) not in empty]
    if none:
        yield ""
        yield texts.say("check.coverage.none", fields=", ".join(none))
    yield ""
    yield from _unknown_lines(result, texts, paint)


def _unknown_lines(result: CoverageReport, texts: Catalogue, paint: Paint) -> Iterator[str]:
    if not result.unknown:
        yield texts.text("check.coverage.unknown.none")
        return
    yield paint(texts.text("check.coverage.unknown"), "bold")
    for unknown in result.unknown:
        yield f"{_counts(unknown.carriers, texts)}  {visible(unknown.path)}"
        samples = ", ".join(f'"{_shorten(sample)}"' for sample in unknown.samples)
        told = texts.say("check.coverage.samples", samples=samples)
        yield paint(f"{'':{len(Kind) * _COUNT}}  {told}", "dim")


def _counts(carriers: Mapping[Kind, int], texts: Catalogue) -> str:
    return "".join(f"{texts.number(carriers.get(kind, 0)):>{_COUNT}}" for kind in Kind)


def _shorten(sample: str) -> str:
    shown = visible(sample)
    return shown if len(shown) <= _LONGEST_SAMPLE else f"{shown[:_LONGEST_SAMPLE]}…"
