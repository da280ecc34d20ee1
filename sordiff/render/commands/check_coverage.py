"""What `sordiff check --coverage` counted, for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sordiff.coverage.carried import find_block
from sordiff.model import Kind
from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.render.text.wrap import filled_lines, split_words
from sordiff.report import CoverageReport
from sordiff.visible import visible

_FIELD: Final = 38
_COUNT: Final = 13
_LONGEST_SAMPLE: Final = 40
_BELOW: Final = "    "


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
    for line in _with_paths(f"{field_head:<{_FIELD}}{heads}", [source_head], paint.width):
        yield paint(line, "bold")
    for field in result.fields:
        if field.units:
            counted = f"{field.field:<{_FIELD}}{_counts(field.carriers, texts)}"
            yield from _with_paths(counted, [*map(visible, field.read_from)], paint.width)
    empty = {field.field for field in result.fields if not field.units}
    none = [f.field for f in result.fields if f.field in empty and find_block(f.field) not in empty]
    if none:
        yield ""
        said = texts.say("check.coverage.none", fields=", ".join(none))
        yield from filled_lines(split_words(said), paint.width, "", "")
    yield ""
    yield from _unknown_lines(result, texts, paint)


def _unknown_lines(result: CoverageReport, texts: Catalogue, paint: Paint) -> Iterator[str]:
    if not result.unknown:
        yield texts.text("check.coverage.unknown.none")
        return
    yield paint(texts.text("check.coverage.unknown"), "bold")
    for unknown in result.unknown:
        counted = _counts(unknown.carriers, texts)
        yield from _with_paths(counted, [visible(unknown.path)], paint.width)
        samples = ", ".join(f'"{_shorten(sample)}"' for sample in unknown.samples)
        told = texts.say("check.coverage.samples", samples=samples)
        beside = f"{'':{len(Kind) * _COUNT}}  {told}"
        is_short = len(beside) <= paint.width
        lines = filled_lines(split_words(told), paint.width, _BELOW, _BELOW)
        yield from (paint(line, "dim") for line in ([beside] if is_short else lines))


def _with_paths(counted: str, paths: Sequence[str], width: int) -> Iterator[str]:
    """The paths behind the figures, or each on a line below where the screen is too narrow."""
    beside = f"{counted}  {', '.join(paths)}"
    if len(beside) <= width:
        yield beside
        return
    yield counted
    yield from (f"{_BELOW}{path}" for path in paths)


def _counts(carriers: Mapping[Kind, int], texts: Catalogue) -> str:
    return "".join(f"{texts.number(carriers.get(kind, 0)):>{_COUNT}}" for kind in Kind)


def _shorten(sample: str) -> str:
    shown = visible(sample)
    return shown if len(shown) <= _LONGEST_SAMPLE else f"{shown[:_LONGEST_SAMPLE]}…"
